import { timeUnit } from '../../../storage/formats/cmep/units.ts';
import { toPlainText } from '../../../storage/formats/decimal.ts';
import type { Measure, Reading, ReadingSet, SetAmounts } from '../../../storage/formats/format.ts';
import { type Instant, minuteMs } from '../../../storage/model/time.ts';
import { ExactSum, toAmount } from './exact-sum.ts';
import { accountOf, OneSeries } from './one-series.ts';

/** So many series are told apart: about 12 MB of memory. */
export const maxSeries = 20_000;
/** So many of one meter; more are free text gone wrong. */
const maxMeterSeries = 200;
const maxTotals = 1_000;

/** The values of one unit, measure and purpose in the whole file. */
export interface UnitTotal {
  readonly unit: string;
  readonly measure: Measure;
  readonly purpose: string;
  readonly readings: number;
  /** Of intervals; null for registers, times, and totals, of which one may be the sum of others. */
  readonly sum: string | null;
}

export interface SeriesResult {
  /** In the order of the file; of the meters wanted, and at most 20,000. */
  readonly series: readonly OneSeries[];
  /** Readings of series beyond that. */
  readonly readingsOfOthers: number;
  readonly totals: readonly UnitTotal[];
}

/** Sums and ends of every series of a file, fed set by set; state is capped. */
export class SeriesTally {
  readonly #all: OneSeries[] = [];
  /** By meter; the few of a meter are searched through. */
  readonly #ofMeter = new Map<string, OneSeries[]>();
  readonly #totals = new Map<string, OneTotal>();
  #last: OneSeries | undefined;
  #readingsOfOthers = 0;
  readonly #maxMeters: number;

  /** @param maxMeters series of the first so many meters are told apart */
  constructor(maxMeters = Number.POSITIVE_INFINITY) {
    this.#maxMeters = maxMeters;
  }

  /**
   * @param readings decodes the set's readings; called only where `amounts` do not say everything
   */
  take(set: ReadingSet, readings: () => Reading[], amounts: SetAmounts | undefined): void {
    const series = this.#find(set);
    const total = this.#findTotal(set);
    series?.count(set);
    total?.count(set);
    if (series === undefined) this.#readingsOfOthers += set.readings;
    if (set.readings === set.missing) return;
    const firstAt = findFirstAt(set);
    if (firstAt !== undefined && amounts !== undefined && !Number.isNaN(amounts.sum)) {
      total?.sum.add(amounts.sum, set.multiplier);
      series?.sum.add(amounts.sum, set.multiplier);
      series?.reach(firstAt, amounts.first, set.multiplier);
      series?.reach(set.periodEndAt, amounts.last, set.multiplier);
      return;
    }
    for (const { endAt, value } of readings()) {
      if (value === '') continue;
      const amount = toAmount(value);
      total?.sum.add(amount, set.multiplier);
      series?.sum.add(amount, set.multiplier);
      series?.reach(endAt, amount, set.multiplier);
    }
  }

  toResult(): SeriesResult {
    return {
      series: this.#all,
      readingsOfOthers: this.#readingsOfOthers,
      totals: Array.from(this.#totals.values(), (total) => total.toTotal()),
    };
  }

  #find(set: ReadingSet): OneSeries | undefined {
    if (this.#last?.holds(set) === true) return this.#last;
    const account = accountOf(set);
    const name = account === '' ? set.meter : `${set.meter}\0${account}`;
    const ofMeter = this.#ofMeter.get(name);
    const known = ofMeter?.find((series) => series.holds(set));
    if (known !== undefined || this.#all.length >= maxSeries) return this.#remember(known);
    const isFull =
      ofMeter === undefined ? this.#ofMeter.size >= this.#maxMeters : ofMeter.length >= maxMeterSeries;
    if (isFull) return this.#remember(undefined);
    const series = new OneSeries(set);
    // An array that begins empty would take room for sixteen more.
    if (ofMeter === undefined) this.#ofMeter.set(name, [series]);
    else ofMeter.push(series);
    this.#all.push(series);
    return this.#remember(series);
  }

  #remember(series: OneSeries | undefined): OneSeries | undefined {
    this.#last = series;
    return series;
  }

  #findTotal({ unit, measure, purpose }: ReadingSet): OneTotal | undefined {
    const text = `${unit} ${measure} ${purpose}`;
    let total = this.#totals.get(text);
    if (total === undefined && this.#totals.size < maxTotals) {
      total = new OneTotal({ unit, measure, purpose });
      this.#totals.set(text, total);
    }
    return total;
  }
}

/** The instant of the set's first reading, if every reading has a value and the first one's place is known. */
function findFirstAt(set: ReadingSet): Instant | undefined {
  if (set.missing > 0) return undefined;
  if (set.measure === 'register') return set.periodStartAt;
  if (set.measure === 'total') return set.periodEndAt;
  return set.intervalMinutes === 0 ? undefined : set.periodStartAt + set.intervalMinutes * minuteMs;
}

class OneTotal {
  readonly #key: Pick<UnitTotal, 'unit' | 'measure' | 'purpose'>;
  readonly sum = new ExactSum();
  #readings = 0;

  constructor(key: Pick<UnitTotal, 'unit' | 'measure' | 'purpose'>) {
    this.#key = key;
  }

  count(set: ReadingSet): void {
    this.#readings += set.readings;
  }

  toTotal(): UnitTotal {
    const isSummable = this.#key.measure === 'interval' && this.#key.unit !== timeUnit;
    const sum = isSummable ? toPlainText(this.sum.toDecimal()) : null;
    return { ...this.#key, readings: this.#readings, sum };
  }
}
