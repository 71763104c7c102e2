import { AmountTally, toAmount } from '../checks/amounts.ts';
import type { Quality } from '../format.ts';
import { isImprecise, readNumber } from './fields/number-reader.ts';
import type { CmepRecord } from './fields/record.ts';
import { StampReader } from './fields/stamp-reader.ts';
import type { CmepProfile } from './profile.ts';

/** Qualities by the number they have in {@link Triplets.qualities}. */
export const qualities: readonly Quality[] = ['validated', 'estimated', 'adjusted', 'raw', 'missing'];
const raw = qualities.indexOf('raw');
const missing = qualities.indexOf('missing');
const maxCharacters = 16;
const bareFraction = /^([+-]?)(\.\d+(?:[EeDd][+-]?\d+)?)$/;

/**
 * Flag and value of the triplets of one record (CMEP facts, sections 6.4 and 10). One object serves a whole file.
 */
export class Triplets {
  readonly #profile: CmepProfile;
  readonly #allowsBareFraction: boolean;
  readonly #allowsEmptyValue: boolean;
  readonly #valueMark: number;
  readonly #stamps = new StampReader();
  /** Quality number by the flag letter's byte; -1 where there is no such flag. */
  readonly #qualityOfLetter = new Int8Array(256).fill(-1);
  /** Field number of the first triplet, from 1. */
  #firstField = 0;
  count = 0;
  /** How many of the first triplets the fast lane took: they are filled in and without fault. */
  plainCount = 0;
  /** Stamps in minutes since 1970, given or calculated (MEPMD01). */
  readonly stamps: Float64Array;
  /** Quality number of each triplet. */
  readonly qualities: Int8Array;
  /** Each value as a whole number of 10^-5, where it is one and there is one. */
  readonly amounts: Float64Array;
  /** What the values of the record add up to. */
  readonly tally = new AmountTally();
  /** Triplets of each quality. */
  readonly totals = new Int32Array(qualities.length);

  constructor(profile: CmepProfile) {
    this.#profile = profile;
    this.#allowsBareFraction = profile.allows.has('bare-fraction');
    this.#allowsEmptyValue = profile.allows.has('empty-value');
    this.#valueMark = profile.valueMark === '' ? -1 : profile.valueMark.charCodeAt(0);
    this.stamps = new Float64Array(profile.maxTriplets);
    this.qualities = new Int8Array(profile.maxTriplets);
    this.amounts = new Float64Array(profile.maxTriplets);
    for (const [letter, quality] of Object.entries(profile.flags)) {
      this.#qualityOfLetter[letter.charCodeAt(0)] = qualities.indexOf(quality);
    }
  }

  /**
   * Checks flags and values of the record's `count` triplets, which must be there.
   *
   * @param areTimes whether the values are stamps (Sensus' unit TIME)
   */
  check(record: CmepRecord, count: number, areTimes = false): void {
    this.#firstField = record.layout.fixed.length + 1;
    this.count = count;
    for (let i = areTimes ? 0 : this.plainCount; i < count; i++) {
      const flagNumber = this.#firstField + 3 * i + 1;
      const quality = this.#checkFlag(record, flagNumber);
      this.qualities[i] = quality;
      if (areTimes && quality !== missing) this.#checkTime(record, flagNumber + 1);
      else this.#checkValue(record, flagNumber + 1, quality);
      this.amounts[i] = areTimes ? Number.NaN : toAmount(this.valueText(record, i));
    }
    this.totals.fill(0);
    this.tally.clear();
    for (let i = 0; i < count; i++) {
      const quality = this.qualities[i] as number;
      if (quality < 0) continue;
      (this.totals[quality] as number)++;
      if (quality !== missing) this.tally.add(this.amounts[i] as number);
    }
  }

  /** Quality number of the flag `bytes[start, end)`, -1 when the profile has no such flag. */
  qualityOf(bytes: Uint8Array, start: number, end: number): number {
    if (start === end) return 0;
    const quality = this.#qualityOfLetter[bytes[start] as number] as number;
    return quality >= 0 && this.#profile.isFlagSuffix(bytes, start + 1, end) ? quality : -1;
  }

  isMissing(quality: number): boolean {
    return quality === missing;
  }

  /** Whether the record's last value is neither raw nor missing. */
  get endsMeasured(): boolean {
    return ![raw, missing].includes(this.qualities[this.count - 1] as number);
  }

  /**
   * The value's text as it stood; empty where the flag says that there is none.
   *
   * @param line the record's text, of which to cut it out: cheaper than from its bytes where all values are wanted
   */
  valueText(record: CmepRecord, index: number, line?: string): string {
    if (this.qualities[index] === missing) return '';
    const field = this.#firstField + 3 * index + 1;
    const start = record.starts[field] as number;
    const end = record.ends[field] as number;
    const text =
      line === undefined
        ? record.bytes.toString('latin1', start, end)
        : line.slice(start - record.start, end - record.start);
    return this.#allowsBareFraction || this.#allowsEmptyValue ? toUsualText(text) : text;
  }

  /** The value as a double, good for comparing; NaN where the flag says that there is none. */
  valueOf(record: CmepRecord, index: number): number {
    if (this.qualities[index] === missing) return Number.NaN;
    const field = this.#firstField + 3 * index + 1;
    return this.#read(record, record.starts[field] as number, record.ends[field] as number);
  }

  #read(record: CmepRecord, start: number, end: number): number {
    if (start === end) return this.#allowsEmptyValue ? 0 : Number.NaN;
    const value = readNumber(record.bytes, start, end);
    if (!this.#allowsBareFraction || !Number.isNaN(value) || end - start > maxCharacters) return value;
    const usual = Buffer.from(toUsualText(record.bytes.toString('latin1', start, end)));
    return readNumber(usual, 0, Math.min(usual.length, maxCharacters));
  }

  #checkTime(record: CmepRecord, number: number): void {
    const start = record.starts[number - 1] as number;
    const length = (record.ends[number - 1] as number) - start;
    const stamp = length === 12 ? this.#stamps.read(record, start) : Number.NaN;
    if (Number.isNaN(stamp)) record.fault('E_DATETIME', number, 'A value of the unit TIME is CCYYMMDDHHMM.');
  }

  #checkFlag(record: CmepRecord, number: number): number {
    const start = record.starts[number - 1] as number;
    const end = record.ends[number - 1] as number;
    const quality = this.qualityOf(record.bytes, start, end);
    if (quality >= 0) return quality;
    const upper = record.text(number).toUpperCase();
    const folded = this.#profile.allows.has('case')
      ? this.qualityOf(Buffer.from(upper), 0, upper.length)
      : -1;
    if (folded >= 0) {
      record.fault('W_CASE', number, `Read as ${upper}; the protocol is in upper case.`);
      return folded;
    }
    record.fault('E_FLAG', number, `Expected a quality flag: ${this.#profile.flagForm}.`);
    return -1;
  }

  #checkValue(record: CmepRecord, number: number, quality: number): void {
    const start = record.starts[number - 1] as number;
    let end = record.ends[number - 1] as number;
    if (end > start && record.bytes[end - 1] === this.#valueMark) record.ends[number - 1] = --end;
    if (quality === missing) {
      if (start !== end)
        record.fault('W_N_VALUE', number, 'The flag N says that there is no value; it is dropped.');
    } else if (start === end && this.#allowsEmptyValue) {
      record.fault('W_EMPTY_VALUE', number, 'The value is empty; it is read as zero.');
    } else if (start === end) {
      record.fault('E_EMPTY_VALUE', number, 'The value is empty; only the flag N may stand without one.');
    } else if (!Number.isFinite(this.#read(record, start, end))) {
      record.fault('E_NUMBER', number, numberMessage);
    } else if (isImprecise(record.bytes, start, end)) {
      record.fault('W_PRECISION', number, 'More than 10 digits before or 5 after the point.');
    }
  }
}

export const numberMessage = 'Expected a decimal number of at most 16 characters, such as 12.5 or -3.';

/** The same number as the protocol would write it: `0` for nothing, `0.5` for `.5`. */
function toUsualText(text: string): string {
  return text === '' ? '0' : text.replace(bareFraction, '$10$2');
}
