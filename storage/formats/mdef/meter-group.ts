import { toInvalid } from '../../model/errors.ts';
import { minuteMs } from '../../model/time.ts';
import type { Quality, Reading, ReadingSet } from '../format.ts';
import { findSetLoss, hasTexts, type LossTally } from '../loss-tally.ts';
import type { LossReason } from '../writer.ts';
import { toChannelNumbers } from './channel-numbers.ts';
import { maxIntervalRecords } from './layout.ts';
import type { MdefProfile, MdefUnit } from './profiles.ts';
import { writtenBits } from './statuses.ts';
import { toFloat } from './to-float.ts';
import {
  SlotBuffer,
  slotsPerRecord,
  toChannelRecords,
  toMeterRecord,
  type WrittenMeter,
} from './write-records.ts';

/** Readings of one meter that are kept until it is whole: about 30 MB. */
export const maxMeterReadings = 1_000_000;
/** DC_PHYSCHAN has two digits. */
const maxChannels = 99;
/** Times are written with four digits of a year. */
const earliestAt = Date.UTC(1000, 0, 2);
const latestAt = Date.UTC(9999, 11, 31);

/** What stands for a value that is missing. */
const nothing = { value: 0, isRounded: false };

const textPattern = /^[\x21-\x7e]([\x20-\x7e]{0,18}[\x21-\x7e])?$/;

/** Whether MDEF can carry it as a customer id or account: 1 to 20 printable ASCII characters. */
function isText20(text: string): boolean {
  return textPattern.test(text);
}

/** The readings of one channel, in the order given. */
interface GatheredChannel {
  readonly unit: MdefUnit;
  readonly channel: string;
  readonly intervalMinutes: number;
  readonly endMinutes: number[];
  readonly values: number[];
  readonly qualities: Quality[];
}

/** The sets of one meter, gathered because its header says first how many channels there are, from when to when. */
export class MeterGroup {
  readonly #profile: MdefProfile;
  readonly #losses: LossTally;
  readonly #meter: string;
  readonly #account: string;
  readonly #channels = new Map<string, GatheredChannel>();
  #readings = 0;
  #startMinutes = Number.POSITIVE_INFINITY;
  #stopMinutes = Number.NEGATIVE_INFINITY;

  constructor({ meter, account }: ReadingSet, profile: MdefProfile, losses: LossTally) {
    this.#profile = profile;
    this.#losses = losses;
    this.#meter = meter;
    this.#account = account;
  }

  isOf({ meter, account }: ReadingSet): boolean {
    return meter === this.#meter && account === this.#account;
  }

  /** @throws `invalid-request` when the meter has more readings, channels or time than its records can hold */
  add(set: ReadingSet, readings: readonly Reading[]): void {
    const unit = this.#profile.units.find((row) => row.unit === set.unit);
    const loss = this.#findLoss(set, unit);
    if (loss !== undefined || unit === undefined) {
      this.#losses.add(loss ?? 'unit', readings.length);
      return;
    }
    const channel = this.#toChannel(set, unit);
    const before = channel.endMinutes.length;
    for (const reading of readings) this.#take(channel, set, reading);
    const carried = channel.endMinutes.length - before;
    if (carried === 0) return;
    this.#readings += carried;
    this.#channels.set(toKey(set), channel);
    if (this.#losesText(set)) this.#losses.add('text', carried);
    this.#checkSize();
  }

  /** The meter's records, piece by piece, and how many readings they carry; nothing when no reading was carried. */
  write(onBytes: (bytes: Buffer) => void): number {
    if (this.#readings === 0) return 0;
    const [startMinutes, stopMinutes] = this.#toBounds();
    const meter: WrittenMeter = {
      meter: this.#meter,
      account: isText20(this.#account) ? this.#account : '',
      startAt: startMinutes * minuteMs,
      stopAt: stopMinutes * minuteMs,
      profile: this.#profile,
    };
    const channels = [...this.#channels.values()];
    const numbers = toChannelNumbers(channels.map(({ channel }) => channel));
    onBytes(toMeterRecord(meter, channels.length));
    let carried = 0;
    for (const [index, channel] of channels.entries()) {
      const slots = new SlotBuffer((stopMinutes - startMinutes) / channel.intervalMinutes);
      carried += this.#fill(slots, channel, startMinutes);
      const { unit, intervalMinutes } = channel;
      const number = numbers[index] as number;
      onBytes(toChannelRecords(meter, { unit, number, intervalMinutes }, slots));
    }
    return carried;
  }

  #findLoss(set: ReadingSet, unit: MdefUnit | undefined): LossReason | undefined {
    const loss = findSetLoss(set);
    if (loss !== undefined) return loss;
    if (!isText20(set.meter)) return 'identity';
    if (unit === undefined) return 'unit';
    return set.intervalMinutes > 0 && 60 % set.intervalMinutes === 0 ? undefined : 'interval';
  }

  #losesText(set: ReadingSet): boolean {
    const account = isText20(set.account) ? set.account : '';
    const isCarried = (text: string) => (text === account ? '' : text);
    const [senderAccount, receiverAccount] = [set.senderAccount, set.receiverAccount].map(isCarried);
    return hasTexts({ ...set, senderAccount: senderAccount ?? '', receiverAccount: receiverAccount ?? '' });
  }

  #toChannel({ channel, intervalMinutes, ...set }: ReadingSet, unit: MdefUnit): GatheredChannel {
    const known = this.#channels.get(toKey({ channel, intervalMinutes, ...set }));
    return known ?? { unit, channel, intervalMinutes, endMinutes: [], values: [], qualities: [] };
  }

  #take(channel: GatheredChannel, { intervalMinutes, multiplier }: ReadingSet, reading: Reading): void {
    const { endAt, quality } = reading;
    const endMinutes = endAt / minuteMs;
    const isOnBound = endMinutes % intervalMinutes === 0 && endAt >= earliestAt && endAt <= latestAt;
    const { value, isRounded } = quality === 'missing' ? nothing : toFloat(reading.value, multiplier);
    const loss =
      quality === 'raw' ? 'raw' : isOnBound ? (Number.isFinite(value) ? undefined : 'magnitude') : 'boundary';
    if (loss !== undefined) {
      this.#losses.add(loss);
      return;
    }
    if (isRounded) this.#losses.add('rounded');
    if (quality === 'adjusted') this.#losses.add('flag');
    channel.endMinutes.push(endMinutes);
    channel.values.push(value);
    channel.qualities.push(quality);
    this.#startMinutes = Math.min(this.#startMinutes, endMinutes - intervalMinutes);
    this.#stopMinutes = Math.max(this.#stopMinutes, endMinutes);
  }

  #checkSize(): void {
    const [start, stop] = this.#toBounds();
    const shortest = Math.min(...[...this.#channels.values()].map((channel) => channel.intervalMinutes));
    const slots = (stop - start) / shortest;
    const maxSlots = maxIntervalRecords * slotsPerRecord;
    this.#checkAtMost(slots, maxSlots, 'intervals from its first reading to its last, holes included');
    this.#checkAtMost(this.#readings, maxMeterReadings, 'readings');
    this.#checkAtMost(this.#channels.size, maxChannels, 'channels');
  }

  #checkAtMost(found: number, most: number, what: string): void {
    if (found <= most) return;
    const at = `meter ${this.#meter}`;
    throw toInvalid('Cannot write MDEF', { at, value: `${found} ${what}`, expected: `at most ${most}` });
  }

  /** Start and stop in minutes since 1970, the same for all channels: whole hours where their lengths differ. */
  #toBounds(): [number, number] {
    const lengths = new Set([...this.#channels.values()].map((channel) => channel.intervalMinutes));
    if (lengths.size <= 1) return [this.#startMinutes, this.#stopMinutes];
    return [Math.floor(this.#startMinutes / 60) * 60, Math.ceil(this.#stopMinutes / 60) * 60];
  }

  #fill(slots: SlotBuffer, channel: GatheredChannel, startMinutes: number): number {
    let carried = 0;
    for (const [index, endMinutes] of channel.endMinutes.entries()) {
      const slot = (endMinutes - startMinutes) / channel.intervalMinutes - 1;
      const quality = channel.qualities[index];
      const isSet = slots.set(
        slot,
        channel.values[index] as number,
        quality === 'estimated' ? writtenBits.estimated : 0,
        quality === 'missing' ? writtenBits.missing : 0,
      );
      if (isSet) carried++;
      else this.#losses.add('overlap');
    }
    return carried;
  }
}

function toKey({ unit, channel, intervalMinutes }: ReadingSet): string {
  return `${unit}\0${channel}\0${intervalMinutes}`;
}
