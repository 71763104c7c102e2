import type { ZoneClock } from '../../model/zone-clock.ts';
import { findIntervalStep, type IntervalStep, noStep, toNextStamp } from './fields/interval-step.ts';
import { readNumber } from './fields/number-reader.ts';
import type { CmepRecord } from './fields/record.ts';
import { StampReader } from './fields/stamp-reader.ts';
import { datetimeMessage } from './header.ts';
import type { CmepProfile } from './profile.ts';
import { numberMessage, type Triplets } from './triplets.ts';
import { isRegisterUnit } from './units.ts';
import { toClock } from './zoned-stamp.ts';

const stampCharacters = 12;
const minutesPerDay = 1_440;
const maxLongMinutes = 99;
/** The last that can be written as CCYYMMDDHHMM; a calculated or local one may lie after it. */
const lastStamp = Date.UTC(9999, 11, 31, 23, 59) / 60_000;

/** Fields 12–13 and the stamps of MEPMD01 (CMEP facts, sections 6.3, 6.5, 6.7 and 7). One object serves a file. */
export class IntervalRecordCheck {
  readonly #reader = new StampReader();
  readonly #allowsLongMinutes: boolean;
  /** Of local-time stamps; undefined for UTC. */
  readonly clock: ZoneClock | undefined;
  #passedStep: string | undefined;
  #passedMultiplier: string | undefined;
  step: IntervalStep = noStep;
  #isStepFaulty = false;
  /** Calculation constant as text; `1` when empty. */
  multiplier = '1';

  constructor(profile: CmepProfile) {
    this.#allowsLongMinutes = profile.allows.has('long-minutes');
    this.clock = toClock(profile.stampZone);
  }

  /** Whether the step is days or months, which local time counts on the calendar. */
  get isCalendarStep(): boolean {
    return this.step.months > 0 || this.step.minutes >= minutesPerDay;
  }

  /** Start of the interval that ends at `end`, minutes of UTC; NaN where no certain one is a step of months before. */
  toStart(end: number): number {
    const { clock } = this;
    if (clock === undefined || !this.isCalendarStep) return toNextStamp(end, this.step, -1);
    return clock.toUtc(toNextStamp(clock.toWall(end), this.step, -1));
  }

  /** Fields 12 and 13. */
  checkFixed(record: CmepRecord): void {
    const multiplier = record.text(12);
    if (multiplier !== this.#passedMultiplier) {
      this.#passedMultiplier = checkMultiplier(record, 12) ? multiplier : undefined;
      this.multiplier = multiplier === '' ? '1' : multiplier;
    }
    const text = record.text(13);
    if (text === this.#passedStep) return;
    const isLong = this.#allowsLongMinutes && /^\d{6}[6-9]\d$/.test(text);
    const step = findIntervalStep(
      record.bytes,
      record.starts[12] as number,
      record.ends[12] as number,
      isLong ? maxLongMinutes : undefined,
    );
    if (step === undefined)
      record.fault('E_INTERVAL', 13, 'Expected MMDDHHMM that divides its hour or its day, such as 00000015.');
    else if (isLong) record.fault('W_INTERVAL', 13, `Taken for ${step.minutes} minutes.`);
    this.#passedStep = step === undefined || isLong ? undefined : text;
    this.#isStepFaulty = step === undefined;
    this.step = step ?? noStep;
  }

  /** Reads the stamps from `filled` on, those before being there, and checks the order of all. */
  checkStamps(record: CmepRecord, triplets: Triplets, filled: number): void {
    const { stamps, count } = triplets;
    let previous = Number.NaN;
    for (let i = 0; i < count; i++) {
      if (i >= filled) stamps[i] = this.readStamp(record, i, previous);
      const stamp = stamps[i] as number;
      if (stamp <= previous) record.fault('E_ORDER', 15 + 3 * i, 'The stamp is not after the one before it.');
      previous = stamp;
    }
    if (previous > lastStamp)
      record.fault('E_DATETIME', 12 + 3 * count, 'The stamp lies after the year 9999, the last there is.');
  }

  /** The stamp of triplet `index`, given or calculated from the one before; NaN after a fault. */
  readStamp(record: CmepRecord, index: number, previous: number): number {
    const number = 15 + 3 * index;
    const start = record.starts[number - 1] as number;
    const length = (record.ends[number - 1] as number) - start;
    if (length === 0) return this.#calculate(record, number, previous, index === 0);
    const stamp = length === stampCharacters ? this.#reader.read(record, start) : Number.NaN;
    if (Number.isNaN(stamp)) record.fault('E_DATETIME', number, datetimeMessage);
    return stamp;
  }

  #calculate(record: CmepRecord, number: number, previous: number, isFirst: boolean): number {
    if (isFirst) {
      record.fault('E_FIRST_STAMP', number, 'The first stamp of a record must be given.');
    } else if (this.#isStepFaulty) {
      // Already reported; without it nothing can be calculated.
      return Number.NaN;
    } else if (this.step.months === 0 && this.step.minutes === 0) {
      record.fault('E_STAMP_NO_INTERVAL', number, 'The stamp is omitted, but field 13 gives no interval.');
    } else if (!Number.isNaN(previous)) {
      const stamp = toNextStamp(previous, this.step);
      if (Number.isNaN(stamp)) {
        record.fault('E_MONTH_STEP', number, 'The stamp is omitted a month after a 29th, 30th or 31st.');
      }
      return stamp;
    }
    return Number.NaN;
  }
}

/** Whether the constant in field `number` is empty or a number other than zero; reports it otherwise. */
export function checkMultiplier(record: CmepRecord, number: number): boolean {
  if (record.isEmpty(number)) return true;
  const value = readNumber(
    record.bytes,
    record.starts[number - 1] as number,
    record.ends[number - 1] as number,
  );
  if (Number.isFinite(value) && value !== 0) return true;
  const message =
    value === 0 ? 'Times zero every value would be lost; leave it empty for one.' : numberMessage;
  record.fault('E_NUMBER', number, message);
  return false;
}

/** Lints of values: registers in pairs that do not fall, energy that is not negative. */
export function checkValues(record: CmepRecord, triplets: Triplets, unit: string): void {
  if (isRegisterUnit(unit)) checkRegister(record, triplets);
  if (unit !== 'KWH') return;
  // The fast lane takes no signs.
  for (let i = triplets.plainCount; i < triplets.count; i++) {
    if (!(triplets.valueOf(record, i) < 0)) continue;
    record.fault('N_NEGATIVE', 17 + 3 * i, 'Energy in KWH is negative.');
    return;
  }
}

function checkRegister(record: CmepRecord, triplets: Triplets): void {
  if (triplets.count === 1) {
    record.fault('W_REG_PAIR', 14, 'A register record has an opening and a closing read.');
    return;
  }
  let last = Number.NaN;
  for (let i = 0; i < triplets.count; i++) {
    const value = triplets.valueOf(record, i);
    if (value < last) {
      record.fault('W_REG_PAIR', 17 + 3 * i, 'The register reads lower than before.');
      return;
    }
    if (!Number.isNaN(value)) last = value;
  }
}
