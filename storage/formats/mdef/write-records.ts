import type { Instant } from '../../model/time.ts';
import { minuteMs } from '../../model/time.ts';
import {
  anyRecord,
  channelHeader,
  codes,
  fillerWord,
  intervalData,
  type MdefField,
  meterHeader,
  recordBytes,
  trailer,
} from './layout.ts';
import type { MdefProfile, MdefUnit } from './profiles.ts';
import { writtenBits } from './statuses.ts';
import { toTimeText } from './times.ts';

/** An interval as it is written: value, channel status and interval status. */
const slotBytes = 8;
export const slotsPerRecord = intervalData.length / slotBytes;

/**
 * What all records of a meter share. Times are the meter's, from the start of the first to the end of the last
 * interval.
 */
export interface WrittenMeter {
  readonly meter: string;
  readonly account: string;
  readonly startAt: Instant;
  readonly stopAt: Instant;
  readonly profile: MdefProfile;
}

export interface WrittenHead {
  readonly unit: MdefUnit;
  /** 1 to 99. */
  readonly number: number;
  readonly intervalMinutes: number;
}

/** A meter header; unused bytes are blanks (ISO facts, 5.3). */
export function toMeterRecord(meter: WrittenMeter, channels: number): Buffer {
  const record = toEmpty(codes.meter, ' ');
  put(record, meterHeader.customer, meter.meter);
  put(record, meterHeader.account, meter.account);
  put(record, meterHeader.channels, toDigits(channels, 4));
  putTimes(record, meterHeader, meter);
  put(record, meterHeader.dst, 'N');
  return record;
}

/**
 * A channel header and its interval records. Unused bytes of the header are zero (5.4), intervals have both status
 * words, what no interval fills is FF 7F (5.5). There are no register reads, so these are zero, and the multiplier one:
 * values are in engineering units. What nobody has explained is written as all real files have it.
 */
export function toChannelRecords(meter: WrittenMeter, head: WrittenHead, slots: SlotBuffer): Buffer {
  const header = toEmpty(codes.channel, '\0');
  put(header, channelHeader.customer, meter.meter);
  put(header, channelHeader.recorder, meter.meter.slice(0, channelHeader.recorder.length));
  put(header, channelHeader.label, head.unit.label);
  putTimes(header, channelHeader, meter);
  put(header, channelHeader.unnamed80, '0'.repeat(12));
  put(header, channelHeader.unnamed92, 'N');
  put(header, channelHeader.physicalChannel, toDigits(head.number, 2));
  header.writeInt16LE(head.number, channelHeader.channel.offset);
  put(header, channelHeader.unitCode, head.unit.code);
  put(header, channelHeader.hasChannelStatus, 'Y');
  put(header, channelHeader.hasIntervalStatus, 'Y');
  put(header, channelHeader.startReading, '00000000.000');
  put(header, channelHeader.stopReading, '00000000.000');
  put(header, channelHeader.readingPlaces, '3');
  put(header, channelHeader.multiplier, '000001.000');
  put(header, channelHeader.service, 'W');
  put(header, channelHeader.perHour, toDigits(60 / head.intervalMinutes, 2));
  put(header, channelHeader.unnamed191, 'NA');
  put(header, channelHeader.status, 'AC');
  put(header, channelHeader.flow, head.unit.flow || 'D');
  put(header, channelHeader.origin, 'R');
  return Buffer.concat([header, ...slots.toRecords(meter.meter)]);
}

/** The trailer; unused bytes are blanks (5.6). Its count includes itself. */
export function toTrailer(records: number, now: Instant, profile: MdefProfile): Buffer {
  const record = toEmpty(codes.trailer, ' ');
  put(record, trailer.records, toDigits(records, trailer.records.length));
  put(record, trailer.madeAt, toTimeText(now, profile));
  return record;
}

/** The intervals of a channel, each missing until it is set. */
export class SlotBuffer {
  readonly #data: Buffer;
  readonly #isSet: Uint8Array;

  constructor(slots: number) {
    this.#data = Buffer.alloc(slots * slotBytes);
    this.#isSet = new Uint8Array(slots);
    for (let slot = 0; slot < slots; slot++) {
      this.#data.writeUInt16LE(writtenBits.missing, slot * slotBytes + 6);
    }
  }

  /** False when the interval is set already: the first value holds. */
  set(slot: number, value: number, channelStatus: number, intervalStatus: number): boolean {
    if (this.#isSet[slot] === 1) return false;
    this.#isSet[slot] = 1;
    this.#data.writeFloatLE(value, slot * slotBytes);
    this.#data.writeUInt16LE(channelStatus, slot * slotBytes + 4);
    this.#data.writeUInt16LE(intervalStatus, slot * slotBytes + 6);
    return true;
  }

  toRecords(meter: string): Buffer[] {
    const { offset, length } = intervalData;
    return Array.from({ length: Math.ceil(this.#data.length / length) }, (_, index) => {
      const record = toEmpty(codes.firstInterval + index, '\0');
      put(record, anyRecord.customer, meter);
      const bytes = this.#data.copy(record, offset, index * length, (index + 1) * length);
      for (let at = offset + bytes; at < recordBytes; at += 2) record.writeUInt16LE(fillerWord, at);
      return record;
    });
  }
}

function toEmpty(code: number, filling: string): Buffer {
  const record = Buffer.alloc(recordBytes, filling);
  record.writeInt16LE(recordBytes, anyRecord.length.offset);
  record.writeInt16LE(code, anyRecord.code.offset);
  return record;
}

function put(record: Buffer, { offset, length }: MdefField, text: string): void {
  record.write(text.padEnd(length), offset, length, 'latin1');
}

function putTimes(
  record: Buffer,
  fields: Readonly<Record<'start' | 'stop', MdefField>>,
  { startAt, stopAt, profile }: WrittenMeter,
): void {
  put(record, fields.start, toTimeText(startAt + minuteMs, profile));
  put(record, fields.stop, toTimeText(stopAt, profile, '2400'));
}

function toDigits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
