import { minuteMs } from '../../model/time.ts';
import { AccountTally, maxDistinctAccounts } from '../account-tally.ts';
import type { FaultList } from '../fault-list.ts';
import type { ReadingSet, ScanOptions, SetAmounts } from '../format.ts';
import type { CheckCode } from './check-table.ts';
import { judgeMeter, Meter, toMeterKey } from './meter-checks.ts';
import { type Addressed, PartyCheck } from './party-check.ts';
import { toRecordFault, toSeriesName, toStampText } from './record-fault.ts';
import { Series, toSeriesKind } from './series.ts';
import { SeriesStore } from './series-store.ts';
import { addRun, type Clash, noClash, type StampRun } from './stamp-runs.ts';
import { findRegularRun, toRest, toRuns } from './to-stamp-runs.ts';

/** Meters and series remembered to the end of a file: about 10 MB. Beyond, a meter is judged when it is left. */
export const maxMeters = 25_000;
const maxSeries = 50_000;
/** Series of one meter; more are free text gone wrong. */
const maxMeterSeries = 200;
/** Runs remembered of one series, and beyond the first ones of all: what is regular has one. */
export const maxSeriesRuns = 1_000;
const maxExtraRuns = 100_000;
/** Clocks differ; only a stamp further ahead is worth a warning. */
const futureToleranceMs = 60 * minuteMs;
/** The service level (MDMA practice, section 2.2): missed where both shares are exceeded. */
const maxEstimatedAccounts = 0.1;
const maxEstimatedReadings = 0.01;

type Place = Pick<ReadingSet, 'line' | 'byteStart'>;

/**
 * The checks beyond syntax over one file, fed set by set in the order of the file. Exact while a file is grouped by
 * meter and unit; state is capped, and past the cap one fault says so (ruling 34).
 */
export class FileChecks {
  readonly #faults: FaultList<CheckCode>;
  readonly #latestAt: number;
  readonly #parties: PartyCheck;
  /** The accounts met so far; the summary of a scanner may count them with the same tally. */
  readonly accounts = new AccountTally();
  readonly #store = new SeriesStore();
  #meter: Meter | undefined;
  /** The set by which the meter that goes on is known. */
  #set: ReadingSet | undefined;
  /** Whether the meter that goes on is forgotten when it is left. */
  #isPassing = false;
  #extraRuns = 0;
  #isCapped = false;
  #readings = 0;
  #estimated = 0;

  constructor(options: ScanOptions, faults: FaultList<CheckCode>) {
    this.#faults = faults;
    this.#latestAt = options.now + futureToleranceMs;
    this.#parties = new PartyCheck(options.receivers, faults);
  }

  /** Takes what gives no reading set: it, too, is somebody's. */
  takeAddressed(record: Addressed): void {
    this.#parties.take(record);
  }

  /**
   * Takes one reading set without error.
   *
   * @param stamps ends of the intervals (registers: of the reads; totals: of the period), minutes since 1970, as they
   *   stand in the record; `count` of them. Not kept after the call.
   * @param placeOf where a stamp stands, by its index, in a format where each has its own record
   */
  take(
    set: ReadingSet,
    stamps: ArrayLike<number>,
    count: number,
    amounts: SetAmounts,
    placeOf: (index: number) => Place = () => set,
  ): void {
    this.#parties.take(set);
    // What is cancelled says nothing about usage; the set that takes its place does.
    if (set.purpose === 'CANCEL' || count === 0) return;
    this.accounts.add(set.account || set.meter, set.estimated > 0);
    this.#readings += set.readings;
    this.#estimated += set.estimated;
    this.#checkFuture(set);
    const meter = this.#toMeter(set);
    const series = this.#findSeries(meter, set);
    if (series === undefined) return;
    this.#takeStamps(meter, series, set, stamps, count, amounts, placeOf);
    series.addAmounts(set, stamps, count, amounts);
  }

  /** Ends the file: reports what only shows at the end. Call once, before the faults are taken. */
  finish(): void {
    this.#leaveMeter();
    for (const meter of this.#store.all()) judgeMeter(meter, this.#faults);
    const { accounts, estimatedAccounts, estimatedShare: ofAccounts, isCapped } = this.accounts;
    if (isCapped) {
      this.#faults.addForFile(
        'C_ACCOUNT_CAP',
        `${estimatedAccounts} of ${accounts} accounts (${toPercent(ofAccounts)}) have estimates, if the readings of each stand together; ${maxDistinctAccounts} are remembered.`,
      );
    }
    const ofReadings = this.#readings === 0 ? 0 : this.#estimated / this.#readings;
    if (ofAccounts <= maxEstimatedAccounts || ofReadings <= maxEstimatedReadings) return;
    this.#faults.addForFile(
      'C_ESTIMATED_SHARE',
      `${toPercent(ofAccounts)} of the accounts and ${toPercent(ofReadings)} of the readings are estimated; expected at most 10 % or at most 1 %.`,
    );
  }

  #checkFuture(set: ReadingSet): void {
    const latestAt =
      set.createdAt === null ? this.#latestAt : Math.min(this.#latestAt, set.createdAt + futureToleranceMs);
    if (set.periodEndAt <= latestAt) return;
    const message = `The reading of ${toStampText(set.periodEndAt / minuteMs)} lies after its record was made, or after now.`;
    this.#faults.add('C_FUTURE', toRecordFault(set, message, toSeriesName(set.meter, set)));
  }

  #toMeter(set: ReadingSet): Meter {
    const current = this.#meter;
    if (current !== undefined && isOneMeter(set, this.#set)) return current;
    this.#leaveMeter();
    const key = toMeterKey(set);
    const known = this.#store.find(key);
    this.#isPassing = known === undefined && this.#isFull;
    if (this.#isPassing) this.#reportCap(set);
    this.#meter = known ?? new Meter(key);
    this.#set = set;
    return this.#meter;
  }

  get #isFull(): boolean {
    return this.#store.meters >= maxMeters || this.#store.series >= maxSeries;
  }

  /** A meter for which there is no room is judged by what came until now; mostly that is all. */
  #leaveMeter(): void {
    const meter = this.#meter;
    this.#meter = undefined;
    if (meter === undefined) return;
    if (!this.#isPassing) {
      this.#store.put(meter);
      return;
    }
    judgeMeter(meter, this.#faults);
    for (const { runs } of meter.series) this.#extraRuns -= Math.max(0, runs.length - 1);
  }

  /** Undefined where there is no room for one more. */
  #findSeries(meter: Meter, set: ReadingSet): Series | undefined {
    const kind = toSeriesKind(set);
    const known = meter.find(set, kind);
    if (known !== undefined) return known;
    if (meter.series.length >= maxMeterSeries || (this.#store.series >= maxSeries && !this.#isPassing)) {
      this.#reportCap(set);
      return undefined;
    }
    const series = new Series(this.#store.toTitle(set, kind, !this.#isPassing));
    meter.series.push(series);
    return series;
  }

  #takeStamps(
    meter: Meter,
    series: Series,
    set: ReadingSet,
    stamps: ArrayLike<number>,
    count: number,
    amounts: SetAmounts,
    placeOf: (index: number) => Place,
  ): void {
    const regular = findRegularRun(series.title.kind, set, stamps, count);
    if (regular !== undefined && series.goesOnWith(regular)) return;
    const isChained = regular !== undefined && series.opensWithLastRead(regular, amounts);
    const { runs, repeats, firstRepeat } =
      regular === undefined
        ? toRuns(series.title.kind, set, stamps, count)
        : { runs: [isChained ? toRest(regular) : regular], repeats: 0, firstRepeat: -1 };
    let found: Clash = { repeats, firstRepeat: Number.NaN, isOverlap: false };
    for (const run of runs) found = toBoth(found, this.#addRun(series, run, set));
    if (series.title.kind === 'interval') this.#checkSpacing(meter, set, runs, count - repeats);
    if (found.repeats > 0) {
      const index =
        firstRepeat === -1 ? Array.prototype.indexOf.call(stamps, found.firstRepeat) : firstRepeat;
      this.#reportRepeats(meter, series, set, found.repeats, stamps[index] as number, placeOf(index));
    } else if (found.isOverlap) this.#reportOverlap(meter, series, set);
  }

  #addRun(series: Series, run: StampRun, set: ReadingSet): Clash {
    const before = series.runs.length;
    if (before === 0) {
      series.runs.push(run);
      return noClash;
    }
    const hasRoom = before < maxSeriesRuns && this.#extraRuns < maxExtraRuns;
    if (!hasRoom) {
      series.isCapped = true;
      this.#reportCap(set);
    }
    const clash = addRun(series.runs, run, series.title.kind === 'instant', hasRoom);
    this.#extraRuns += series.runs.length - before;
    return clash;
  }

  #checkSpacing(meter: Meter, set: ReadingSet, runs: readonly StampRun[], count: number): void {
    if (runs.length === 1) return;
    const { first } = runs[0] as StampRun;
    const { last } = runs.at(-1) as StampRun;
    const fitting = (last - first) / set.intervalMinutes + 1;
    const period = `${toStampText(first)} to ${toStampText(last)}`;
    const isEven = Number.isInteger(fitting) && fitting !== count;
    const rest = isEven ? `there is room for ${fitting}` : 'they are not evenly spaced';
    const message = `The record holds ${count} intervals of ${set.intervalMinutes} minutes, ending ${period}; ${rest}.`;
    this.#faults.add('C_SPACING', toRecordFault(set, message, toSeriesName(meter.name, set)));
  }

  #reportRepeats(
    meter: Meter,
    series: Series,
    set: ReadingSet,
    repeats: number,
    first: number,
    place: Place,
  ): void {
    series.isSummable = false;
    const name = toSeriesName(meter.name, set);
    const message = `${repeats} of the ${set.readings} readings of ${name} stood before, the first of ${toStampText(first)}.`;
    this.#faults.add('C_DUPLICATE', toRecordFault(place, message, name));
  }

  #reportOverlap(meter: Meter, series: Series, set: ReadingSet): void {
    series.isSummable = false;
    const name = toSeriesName(meter.name, set);
    const period = `${toStampText(set.periodStartAt / minuteMs)} to ${toStampText(set.periodEndAt / minuteMs)}`;
    const message = `${period} of ${name} overlaps a period that stood before.`;
    this.#faults.add('C_OVERLAP', toRecordFault(set, message, name));
  }

  #reportCap(set: ReadingSet): void {
    if (this.#isCapped) return;
    this.#isCapped = true;
    const message = `More than ${maxMeters} meters, ${maxSeries} series or their irregular stamps: what comes back later in the file is not held against what stood here.`;
    this.#faults.add('C_CAP', toRecordFault(set, message, set.meter));
  }
}

function isOneMeter(a: ReadingSet, b: ReadingSet | undefined): boolean {
  return (
    a.meter === b?.meter &&
    a.sender === b.sender &&
    (a.meter !== 'UNMETERED' || (a.account === b.account && a.sdp === b.sdp))
  );
}

function toBoth(a: Clash, b: Clash): Clash {
  return {
    repeats: a.repeats + b.repeats,
    firstRepeat: Number.isNaN(a.firstRepeat) ? b.firstRepeat : a.firstRepeat,
    isOverlap: a.isOverlap || b.isOverlap,
  };
}

function toPercent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}
