import { toInvalid } from '../../model/errors.ts';
import { minuteMs } from '../../model/time.ts';
import type { ZoneClock } from '../../model/zone-clock.ts';
import type { Reading, ReadingSet } from '../format.ts';
import type { Losses, LossReason, WriteOptions, WriteResult, Writer } from '../writer.ts';
import type { CmepProfile } from './profile.ts';
import { getCmepProfile } from './profiles.ts';
import { findIntervalText, toMonthsText } from './write-fields.ts';
import { type Head, toHead } from './write-head.ts';
import { toHeadings, toLine } from './write-line.ts';
import { TouGroup, toTouHead } from './write-tou.ts';
import { keepReadable, type Triplet, toTriplets } from './write-triplets.ts';
import { toClock } from './zoned-stamp.ts';

/** A meter's records that are held back so that its registers come first. */
const maxMeterCharacters = 16 << 20;
const maxTextCharacters = 2_046;
const minutesPerDay = 1_440;

export interface CmepWriteOptions extends WriteOptions {
  /** Written where a set names no sender or, in profiles that want one, no receiver. */
  readonly sender?: string;
  readonly receiver?: string;
}

/**
 * A writer for CMEP in the dialect of a profile, in canonical form (CMEP facts, section 17): CR LF, quotes only where
 * needed, MEPMD01 for intervals and registers with at most 48 triplets and 2046 characters a record, registers of a
 * meter first, MEPMD02 for totals with the labels of a period together. What a reader of the profile would not take is
 * not written, and counted.
 *
 * @throws `invalid-request` when there is no such profile
 */
export function createCmepWriter(options: CmepWriteOptions): Writer {
  return new CmepWriter(options, getCmepProfile(options.profile));
}

class CmepWriter implements Writer {
  readonly #options: CmepWriteOptions;
  readonly #profile: CmepProfile;
  readonly #stampClock: ZoneClock | undefined;
  readonly #createdClock: ZoneClock | undefined;
  readonly #losses = new Map<LossReason, number>();
  /** Last instant written of each series, in local-time profiles. */
  readonly #lastOf = new Map<string, number>();
  #meterKey = '';
  /** The meter's channels by what a record says of them: its unit, and the channel where there is a place for it. */
  readonly #channelOf = new Map<string, string>();
  #registers: string[] = [];
  #others: (string | TouGroup)[] = [];
  /** The record of {@link #others} that still takes labels, by its fields. */
  readonly #groupOf = new Map<string, TouGroup>();
  #heldCharacters = 0;
  #bytes = 0;
  #records = 0;
  #readings = 0;

  constructor(options: CmepWriteOptions, profile: CmepProfile) {
    this.#options = options;
    this.#profile = profile;
    this.#stampClock = toClock(profile.stampZone);
    this.#createdClock = toClock(profile.createdZone);
  }

  add(set: ReadingSet, readings: readonly Reading[]): void {
    const key = [set.account, set.sdp, set.meter].join('\0');
    if (key !== this.#meterKey) this.#flush();
    this.#meterKey = key;
    if (readings.length === 0) return;
    const head = this.#toHead(set);
    if (typeof head === 'string') this.#lose(head, readings.length);
    else if (set.measure === 'total') this.#addTotal(set, readings, head);
    else this.#addRecords(set, readings, head);
    if (this.#heldCharacters <= maxMeterCharacters) return;
    const expected = `at most ${maxMeterCharacters} characters for one meter`;
    throw toInvalid('Cannot write CMEP', { at: 'meter', value: set.meter, expected });
  }

  end(): WriteResult {
    this.#flush();
    const losses: Losses = Object.fromEntries(this.#losses);
    return { bytes: this.#bytes, records: this.#records, readings: this.#readings, losses };
  }

  /**
   * The beginning of the set's records. A meter's second channel of a unit would look like the first, and a register of
   * a time of use like the meter's own.
   */
  #toHead(set: ReadingSet): Head | LossReason {
    const { sender = '', receiver = '', now } = this.#options;
    const createdClock = this.#createdClock;
    const head = toHead(set, { profile: this.#profile, createdClock, now, sender, receiver });
    if (typeof head === 'string' || set.measure === 'total') return head;
    if (set.measure === 'register' && !head.isChannelCarried && set.channel !== '') return 'identity';
    const key = `${head.fields.at(-1)}\0${head.isChannelCarried ? set.channel : ''}`;
    const channel = this.#channelOf.get(key) ?? set.channel;
    this.#channelOf.set(key, channel);
    return channel === set.channel ? head : 'identity';
  }

  #addRecords(set: ReadingSet, readings: readonly Reading[], head: Head): void {
    const { writes, separator } = this.#profile;
    const isRegister = set.measure === 'register';
    const interval = isRegister ? writes.registerInterval : this.#findInterval(set, readings);
    if (interval === undefined) {
      this.#lose('interval', readings.length);
      return;
    }
    const onLoss = (reason: LossReason) => this.#lose(reason, 1);
    const all = toTriplets(readings, writes, this.#stampClock, onLoss);
    const triplets = this.#keepReadable(all, set, head);
    const fields = ['MEPMD01', writes.intervalVersion, ...head.fields, head.multiplier, interval].join(
      separator,
    );
    // On the wall an elapsed step may be ambiguous; a stamp that is there is not.
    const canOmit = writes.omitsStamps && !isRegister && this.#stampClock === undefined;
    const step = canOmit && set.intervalMinutes < minutesPerDay ? set.intervalMinutes : 0;
    for (let at = 0; at < triplets.length; ) {
      const { line, taken } = this.#toLine(fields, triplets, at, step);
      this.#hold(isRegister ? this.#registers : this.#others, line, taken, head);
      at += taken;
    }
  }

  /** Field 13: filled for intervals; months are known by the period only. */
  #findInterval(set: ReadingSet, readings: readonly Reading[]): string | undefined {
    if (set.intervalMinutes !== 0) return findIntervalText(set.intervalMinutes);
    const clock = this.#stampClock;
    const first = Math.min(...readings.map(({ endAt }) => endAt)) / minuteMs;
    const start = set.periodStartAt / minuteMs;
    return clock === undefined
      ? toMonthsText(start, first)
      : toMonthsText(clock.toWall(start), clock.toWall(first));
  }

  #keepReadable(triplets: Triplet[], set: ReadingSet, head: Head): Triplet[] {
    const clock = this.#stampClock;
    if (clock === undefined) return triplets;
    const onLoss = (reason: LossReason) => this.#lose(reason, 1);
    const record = { step: set.intervalMinutes, maxTriplets: this.#profile.writes.maxTriplets };
    const kept = keepReadable(triplets, clock, this.#lastOf.get(head.seriesKey), record, onLoss);
    const last = kept.at(-1);
    if (last !== undefined) this.#lastOf.set(head.seriesKey, last.minutes);
    return kept;
  }

  /** The longest record that the triplets from `at` on give. */
  #toLine(fields: string, triplets: readonly Triplet[], at: number, step: number) {
    const { writes, valueMark, separator } = this.#profile;
    // Count has two digits at most, and the CRC slot six characters.
    let room = maxTextCharacters - fields.length - 9;
    const data: string[] = [];
    for (let i = at; i < triplets.length && data.length < writes.maxTriplets; i++) {
      const { minutes, stamp, flag, value } = triplets[i] as Triplet;
      const isOmitted = data.length > 0 && step > 0 && minutes - step === triplets[i - 1]?.minutes;
      const text = `${isOmitted ? '' : stamp}${separator}${flag}${separator}${value}`;
      room -= text.length + valueMark.length + 1;
      if (room < 0) break;
      data.push(text);
    }
    return { line: toLine(fields, data, this.#profile), taken: data.length };
  }

  #addTotal(set: ReadingSet, readings: readonly Reading[], head: Head): void {
    const clock = this.#stampClock;
    const tou = toTouHead(set, readings, head, this.#profile, clock, (reason, count) =>
      this.#lose(reason, count),
    );
    if (tou === undefined) return;
    const known = this.#groupOf.get(tou.fields);
    const group = known?.takes(tou) === true ? known : new TouGroup(tou.fields, this.#profile);
    if (group !== known) this.#others.push(group);
    this.#groupOf.set(tou.fields, group);
    group.add(tou);
    this.#count(1, head);
    this.#heldCharacters += tou.fields.length;
  }

  #hold(records: (string | TouGroup)[], line: string, readings: number, head: Head): void {
    records.push(line);
    this.#heldCharacters += line.length;
    this.#count(readings, head);
  }

  #count(readings: number, head: Head): void {
    this.#readings += readings;
    for (const reason of head.losses) this.#lose(reason, readings);
  }

  #lose(reason: LossReason, count: number): void {
    this.#losses.set(reason, (this.#losses.get(reason) ?? 0) + count);
  }

  #flush(): void {
    const lines = [
      ...this.#registers,
      ...this.#others.map((one) => (typeof one === 'string' ? one : one.toLine())),
    ];
    this.#registers = [];
    this.#others = [];
    this.#channelOf.clear();
    this.#groupOf.clear();
    this.#heldCharacters = 0;
    if (lines.length === 0) return;
    this.#records += lines.length;
    const headings = this.#bytes === 0 ? toHeadings(this.#profile) : '';
    const bytes = Buffer.from(headings + lines.join(''), 'latin1');
    this.#bytes += bytes.length;
    this.#options.onBytes(bytes);
  }
}
