import { type Instant, minuteMs } from '../../model/time.ts';
import { fillerValue, fillerWord, intervalData, maxIntervalRecords } from './layout.ts';
import { isKnownStatus } from './statuses.ts';

export type Period = Pick<ChannelHead, 'startAt' | 'stopAt'>;

/** Intervals of the channel's length in a period; its own when none is given. */
export function countIntervals({ intervalMinutes, ...own }: ChannelHead, period: Period = own): number {
  return (period.stopAt - period.startAt) / (intervalMinutes * minuteMs);
}

/** The head with the first of its periods that has so many intervals; as it is where none has. */
export function toFittingHead(head: ChannelHead, count: number): ChannelHead {
  if (countIntervals(head) === count) return head;
  const period = head.otherPeriods.find((other) => countIntervals(head, other) === count);
  return period === undefined ? head : { ...head, ...period };
}

/** What a channel header says, checked. */
export interface ChannelHead {
  readonly label: string;
  readonly unit: string;
  readonly channel: string;
  readonly startAt: Instant;
  readonly stopAt: Instant;
  /** Where the clock shows start or stop twice in autumn: what else they can mean. */
  readonly otherPeriods: readonly Period[];
  readonly intervalMinutes: number;
  readonly hasChannelStatus: boolean;
  readonly hasIntervalStatus: boolean;
  /** Whether the collecting system accepted the data set; what it did not accept is raw. */
  readonly isAccepted: boolean;
  /** Difference of the register reads times the multiplier; NaN where the header gives none. */
  readonly registerAmount: number;
  /** Number of the header's record, from 1, and where it starts in the file. */
  readonly record: number;
  readonly byteStart: number;
}

/**
 * The intervals of the channel that goes on: at most 8,998 records of 192 bytes, kept until its last record. There is
 * one for a whole file, so that its memory is used again.
 */
export class Channel {
  #bytes = Buffer.alloc(0);
  #data = toView(this.#bytes);
  #records = 0;
  #channelStatusBytes = 0;
  #intervalStatusBytes = 0;
  /** Intervals present, filling at the end taken off; -1 when filling stands between intervals. Set by `decode`. */
  count = 0;
  values = new Float64Array(0);
  channelStatuses = new Uint16Array(0);
  intervalStatuses = new Uint16Array(0);

  begin({ hasChannelStatus, hasIntervalStatus }: ChannelHead): void {
    this.#records = 0;
    this.#channelStatusBytes = hasChannelStatus ? 2 : 0;
    this.#intervalStatusBytes = hasIntervalStatus ? 2 : 0;
  }

  add(record: Buffer): void {
    const { offset, length } = intervalData;
    if (this.#bytes.length < (this.#records + 1) * length) {
      const records = Math.min(Math.max(8, 2 * this.#records), maxIntervalRecords);
      const grown = Buffer.alloc(records * length);
      this.#bytes.copy(grown);
      this.#bytes = grown;
      this.#data = toView(grown);
    }
    record.copy(this.#bytes, this.#records * length, offset, offset + length);
    this.#records++;
  }

  /**
   * Where an interval lies: its record, 1 for the one behind the channel header, and its value and its status words in
   * it, by offset.
   */
  placeOf(index: number): { record: number; value: number; channelStatus: number; intervalStatus: number } {
    const { size, perRecord } = this.#slots;
    const value = intervalData.offset + (index % perRecord) * size;
    const channelStatus = value + 4;
    const intervalStatus = channelStatus + this.#channelStatusBytes;
    return { record: Math.floor(index / perRecord) + 1, value, channelStatus, intervalStatus };
  }

  /** Bytes of an interval, and intervals of a record. */
  get #slots(): { size: number; perRecord: number } {
    const size = 4 + this.#channelStatusBytes + this.#intervalStatusBytes;
    return { size, perRecord: Math.floor(intervalData.length / size) };
  }

  /** Fills `count`, values and statuses from the records. */
  decode(): void {
    const { size, perRecord } = this.#slots;
    this.#grow(this.#records * perRecord);
    const data = this.#data;
    let count = 0;
    let isFilling = false;
    for (let record = 0; record < this.#records; record++) {
      let at = record * intervalData.length;
      for (let slot = 0; slot < perRecord; slot++, at += size) {
        if (data.getUint32(at, true) === fillerValue && this.#isFilling(at + 4, at + size)) {
          isFilling = true;
          continue;
        }
        if (isFilling) {
          this.count = -1;
          return;
        }
        this.values[count] = data.getFloat32(at, true);
        this.channelStatuses[count] = this.#channelStatus(at + 4);
        this.intervalStatuses[count++] = this.#intervalStatus(at + 4);
      }
    }
    this.count = count;
  }

  /**
   * Whether the data fit start and stop as two-byte counts, which older exports hold, with statuses that exist. A
   * channel without statuses that lost exactly half of its intervals looks the same.
   *
   * @param expected intervals from start to stop
   */
  looksInteger(expected: number): boolean {
    const size = 2 + this.#channelStatusBytes + this.#intervalStatusBytes;
    const perRecord = Math.floor(intervalData.length / size);
    for (let slot = 0; slot < this.#records * perRecord; slot++) {
      const at = Math.floor(slot / perRecord) * intervalData.length + (slot % perRecord) * size;
      if (this.#isFilling(at, at + size) !== slot >= expected) return false;
      const isKnown = isKnownStatus(this.#channelStatus(at + 2), this.#intervalStatus(at + 2));
      if (slot < expected && !isKnown) return false;
    }
    return expected <= this.#records * perRecord;
  }

  #grow(slots: number): void {
    if (this.values.length >= slots) return;
    this.values = new Float64Array(slots);
    this.channelStatuses = new Uint16Array(slots);
    this.intervalStatuses = new Uint16Array(slots);
  }

  #channelStatus(at: number): number {
    return this.#channelStatusBytes === 0 ? 0 : this.#data.getUint16(at, true);
  }

  #intervalStatus(at: number): number {
    return this.#intervalStatusBytes === 0 ? 0 : this.#data.getUint16(at + this.#channelStatusBytes, true);
  }

  #isFilling(start: number, end: number): boolean {
    for (let at = start; at < end; at += 2) {
      if (this.#data.getUint16(at, true) !== fillerWord) return false;
    }
    return true;
  }
}

function toView(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
