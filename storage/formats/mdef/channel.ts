import type { Instant } from '../../model/time.ts';
import { minuteMs } from '../../model/time.ts';
import type { Quality, Reading } from '../format.ts';
import { toFloat32Text } from './float32.ts';
import {
  channelStatusBits,
  fillerWord,
  intervalData,
  intervalStatusBits,
  maxChannelStatus,
  maxIntervalStatus,
} from './layout.ts';

const maxRecords = 8_998;

/** What a channel header says, checked. */
export interface ChannelHead {
  readonly label: string;
  readonly unit: string;
  readonly channel: string;
  readonly startAt: Instant;
  readonly stopAt: Instant;
  readonly intervalMinutes: number;
  readonly hasChannelStatus: boolean;
  readonly hasIntervalStatus: boolean;
  /** Number of the header's record, from 1, and where it starts in the file. */
  readonly record: number;
  readonly byteStart: number;
}

/** A channel's intervals: at most 8,998 records of 192 bytes, kept until its last record. */
export class Channel {
  readonly head: ChannelHead;
  #data = Buffer.alloc(intervalData.length);
  #records = 0;

  constructor(head: ChannelHead) {
    this.head = head;
  }

  get records(): number {
    return this.#records;
  }

  /** Intervals from start to stop. */
  get expected(): number {
    return (this.head.stopAt - this.head.startAt) / (this.head.intervalMinutes * minuteMs);
  }

  add(record: Buffer): void {
    const length = intervalData.length;
    if (this.#data.length < (this.#records + 1) * length) {
      const grown = Buffer.alloc(Math.min(this.#data.length * 2, maxRecords * length));
      this.#data.copy(grown);
      this.#data = grown;
    }
    record.copy(this.#data, this.#records * length, intervalData.offset, intervalData.offset + length);
    this.#records++;
  }

  /** Intervals present, all filling at the end taken off; -1 when filling stands between intervals. */
  get count(): number {
    return this.#count(4);
  }

  /**
   * Whether the data fit start and stop as two-byte counts, which older exports hold, with statuses that exist. A
   * channel without statuses that lost exactly half of its intervals looks the same.
   */
  get looksInteger(): boolean {
    if (this.#count(2) !== this.expected) return false;
    for (let i = 0; i < this.expected; i++) {
      const at = this.#offsetOf(i, 2) + 2;
      const { hasChannelStatus, hasIntervalStatus } = this.head;
      if (hasChannelStatus && this.#data.readUInt16LE(at) > maxChannelStatus) return false;
      const intervalAt = hasChannelStatus ? at + 2 : at;
      if (hasIntervalStatus && this.#data.readUInt16LE(intervalAt) > maxIntervalStatus) return false;
    }
    return true;
  }

  /** Index of the first value that is no finite number, -1 when all are. */
  findBadValue(): number {
    const count = this.count;
    for (let i = 0; i < count; i++)
      if (!Number.isFinite(this.#data.readFloatLE(this.#offsetOf(i, 4)))) return i;
    return -1;
  }

  qualityOf(index: number): Quality {
    const { hasChannelStatus, hasIntervalStatus } = this.head;
    const at = this.#offsetOf(index, 4) + 4;
    const channelStatus = hasChannelStatus ? this.#data.readUInt16LE(at) : 0;
    const intervalStatus = hasIntervalStatus ? this.#data.readUInt16LE(at + (hasChannelStatus ? 2 : 0)) : 0;
    const { added, replaced, estimated, excluded } = channelStatusBits;
    const { missing, testMode } = intervalStatusBits;
    // Test mode is no usage, so its value is of no use to anybody.
    if (intervalStatus & (missing | testMode) || channelStatus & excluded) return 'missing';
    return channelStatus & (added | replaced | estimated) ? 'estimated' : 'validated';
  }

  toReadings(): Reading[] {
    const { startAt, intervalMinutes } = this.head;
    return Array.from({ length: this.count }, (_, index) => {
      const quality = this.qualityOf(index);
      const value = this.#data.readFloatLE(this.#offsetOf(index, 4));
      return {
        endAt: startAt + (index + 1) * intervalMinutes * minuteMs,
        value: quality === 'missing' ? '' : toFloat32Text(value),
        quality,
      };
    });
  }

  #slotBytes(valueBytes: number): number {
    return valueBytes + (this.head.hasChannelStatus ? 2 : 0) + (this.head.hasIntervalStatus ? 2 : 0);
  }

  #offsetOf(index: number, valueBytes: number): number {
    const bytes = this.#slotBytes(valueBytes);
    const perRecord = Math.floor(intervalData.length / bytes);
    return Math.floor(index / perRecord) * intervalData.length + (index % perRecord) * bytes;
  }

  #count(valueBytes: number): number {
    const perRecord = Math.floor(intervalData.length / this.#slotBytes(valueBytes));
    const slots = this.#records * perRecord;
    let count = 0;
    while (count < slots && !this.#isFilling(count, valueBytes)) count++;
    for (let i = count; i < slots; i++) if (!this.#isFilling(i, valueBytes)) return -1;
    return count;
  }

  #isFilling(index: number, valueBytes: number): boolean {
    const start = this.#offsetOf(index, valueBytes);
    const end = start + this.#slotBytes(valueBytes);
    for (let at = start; at < end; at += 2) if (this.#data.readUInt16LE(at) !== fillerWord) return false;
    return true;
  }
}
