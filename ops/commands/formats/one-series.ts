import { timeUnit } from '../../../storage/formats/cmep/units.ts';
import { type Decimal, toPlainText, toSum } from '../../../storage/formats/decimal.ts';
import type { Measure, ReadingSet } from '../../../storage/formats/format.ts';
import type { Instant } from '../../../storage/model/time.ts';
import { type Amount, ExactSum, toQuantity } from './exact-sum.ts';

/** The values of one meter and channel in a file. Quantities are value × multiplier, exact, as decimal text. */
export interface Series {
  readonly meter: string;
  /** The customer's account, where the meter is `UNMETERED`; otherwise empty. */
  readonly account: string;
  readonly commodity: string;
  readonly unit: string;
  readonly channel: string;
  readonly measure: Measure;
  readonly intervalMinutes: number;
  readonly purpose: string;
  readonly readings: number;
  readonly estimated: number;
  readonly adjusted: number;
  readonly raw: number;
  readonly missing: number;
  /** Null where the values are times. */
  readonly sum: string | null;
  /** Earliest and latest reading that has a value; null when none has. */
  readonly firstAt: Instant | null;
  readonly first: string | null;
  readonly lastAt: Instant | null;
  readonly last: string | null;
  /** For registers, last − first; otherwise null. */
  readonly difference: string | null;
}

type Key = Pick<
  Series,
  'meter' | 'account' | 'commodity' | 'unit' | 'channel' | 'measure' | 'intervalMinutes' | 'purpose'
>;

/** An end of a series: a value, its multiplier and its instant. */
interface Edge {
  at: Instant;
  amount: Amount;
  multiplier: string;
}

function toKey(set: ReadingSet): Key {
  const { meter, commodity, unit, channel, measure, intervalMinutes, purpose } = set;
  const account = accountOf(set);
  return { meter, account, commodity, unit, channel, measure, intervalMinutes, purpose };
}

/** An unmetered service is told from others by its account. */
export function accountOf({ meter, account }: ReadingSet): string {
  return meter === 'UNMETERED' ? account : '';
}

/** Sum and ends of one series, fed value by value. */
export class OneSeries {
  readonly #key: Key;
  readonly sum = new ExactSum();
  #readings = 0;
  #estimated = 0;
  #adjusted = 0;
  #raw = 0;
  #missing = 0;
  #first: Edge | undefined;
  #last: Edge | undefined;

  constructor(set: ReadingSet) {
    this.#key = toKey(set);
  }

  holds(set: ReadingSet): boolean {
    const key = this.#key;
    return (
      key.meter === set.meter &&
      key.unit === set.unit &&
      key.channel === set.channel &&
      key.commodity === set.commodity &&
      key.measure === set.measure &&
      key.intervalMinutes === set.intervalMinutes &&
      key.purpose === set.purpose &&
      key.account === accountOf(set)
    );
  }

  count(set: ReadingSet): void {
    this.#readings += set.readings;
    this.#estimated += set.estimated;
    this.#adjusted += set.adjusted;
    this.#raw += set.raw;
    this.#missing += set.missing;
  }

  /** Takes one value as an end of the series, if it lies further out than what is known. */
  reach(at: Instant, amount: Amount, multiplier: string): void {
    if (this.#first === undefined || at < this.#first.at) this.#first = { at, amount, multiplier };
    if (this.#last === undefined) this.#last = { at, amount, multiplier };
    else if (at >= this.#last.at) {
      this.#last.at = at;
      this.#last.amount = amount;
      this.#last.multiplier = multiplier;
    }
  }

  /** In a JSON document it is what is known of it, made when it is written. */
  toJSON(): Series {
    return this.toSeries();
  }

  toSeries(): Series {
    const first = toValue(this.#first);
    const last = toValue(this.#last);
    const isRise = this.#key.measure === 'register' && first !== null && last !== null;
    return {
      ...this.#key,
      readings: this.#readings,
      estimated: this.#estimated,
      adjusted: this.#adjusted,
      raw: this.#raw,
      missing: this.#missing,
      sum: this.#key.unit === timeUnit ? null : toPlainText(this.sum.toDecimal()),
      firstAt: this.#first?.at ?? null,
      first: first === null ? null : toPlainText(first),
      lastAt: this.#last?.at ?? null,
      last: last === null ? null : toPlainText(last),
      difference: isRise ? toPlainText(toSum(last, { digits: -first.digits, scale: first.scale })) : null,
    };
  }
}

function toValue(edge: Edge | undefined): Decimal | null {
  return edge === undefined ? null : toQuantity(edge.amount, edge.multiplier);
}
