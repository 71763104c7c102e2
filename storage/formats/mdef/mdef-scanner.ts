import { hourMs, type Instant } from '../../model/time.ts';
import { FaultList } from '../fault-list.ts';
import type { Quality, ReadingSet, Scanner, ScanOptions, ScanResult } from '../format.ts';
import { maxDistinctMeters, SummaryTally } from '../summary-tally.ts';
import { Channel } from './channel.ts';
import { type MdefFaultCode, mdefFaults } from './faults.ts';
import { findChannelHead, type MeterHead, toMeterHead } from './headers.ts';
import { anyRecord, channelHeader, codes, meterHeader, recordBytes, trailer } from './layout.ts';
import { getMdefProfile, type MdefProfile } from './profiles.ts';
import { MdefRecord } from './record.ts';

/**
 * A scanner for MDEF, the MV-90 meter data exchange format, as far as passing a file through needs (ISO facts, section
 * 5): records, order, ids, times, interval counts and trailer. Each channel gives one reading set: meter = customer id,
 * unit = label (or the profile's unit of its code), byte range from the channel header to its last interval record.
 *
 * @throws `invalid-request` when there is no such profile
 */
export function createMdefScanner(options: ScanOptions): Scanner {
  return new MdefScanner(options, getMdefProfile(options.profile));
}

class MdefScanner implements Scanner {
  readonly #profile: MdefProfile;
  readonly #latestAt: Instant;
  readonly #onReadingSet: ScanOptions['onReadingSet'];
  readonly #faults: FaultList<MdefFaultCode>;
  readonly #tally = new SummaryTally();
  readonly #kept = Buffer.alloc(recordBytes);
  #keptBytes = 0;
  #bytes = 0;
  /** A wrong record length: nothing after it stands where it should. */
  #hasSlipped = false;
  #lastCode = 0;
  #meter: MeterHead | undefined;
  #channel: Channel | undefined;
  #channelHeaders = 0;
  #errorsBeforeChannel = 0;

  constructor(options: ScanOptions, profile: MdefProfile) {
    this.#profile = profile;
    this.#latestAt = options.now + hourMs;
    this.#onReadingSet = options.onReadingSet;
    this.#faults = new FaultList(mdefFaults, options);
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    if (this.#keptBytes > 0) {
      at = bytes.copy(this.#kept, this.#keptBytes, 0, recordBytes - this.#keptBytes);
      this.#keptBytes += at;
      if (this.#keptBytes < recordBytes) return;
      this.#read(this.#kept);
    }
    for (; at + recordBytes <= bytes.length; at += recordBytes)
      this.#read(bytes.subarray(at, at + recordBytes));
    this.#keptBytes = bytes.copy(this.#kept, 0, at);
  }

  end(): ScanResult {
    const faults = this.#faults;
    const bytes = this.#bytes + this.#keptBytes;
    if (this.#keptBytes > 0 || bytes === 0) {
      faults.addForFile(
        'E_SIZE',
        `The file has ${bytes} bytes; expected a multiple of 216, at least one.`,
        bytes,
      );
    }
    if (this.#lastCode !== codes.trailer && !this.#hasSlipped && bytes > 0) {
      faults.addForFile('E_TRAILER', 'The file ends without its trailer (code 9999); it was cut.', bytes);
    }
    if (this.#tally.isMeterCapReached) {
      faults.addForFile(
        'N_METER_CAP',
        `There are more than the ${maxDistinctMeters} meters that are counted.`,
      );
    }
    return { summary: this.#tally.toSummary('mdef', this.#profile.name, bytes), ...faults.toResult() };
  }

  #read(bytes: Buffer): void {
    const record = new MdefRecord(bytes, ++this.#tally.records, this.#bytes, this.#faults);
    this.#bytes += recordBytes;
    this.#keptBytes = 0;
    if (this.#hasSlipped) return;
    if (record.int16(anyRecord.length) !== recordBytes) {
      record.fault('E_RLEN', anyRecord.length, 'The record does not begin with its length, 216 (D8 00).');
      this.#hasSlipped = true;
      return;
    }
    this.#follow(record, record.int16(anyRecord.code));
  }

  #follow(record: MdefRecord, code: number): void {
    if (!this.#canFollow(code)) {
      const message = `A record of code ${code} cannot follow one of code ${this.#lastCode}.`;
      record.fault('E_RCODE', anyRecord.code, this.#lastCode === 0 ? 'A file begins with code 1.' : message);
    }
    const isInterval = code >= codes.firstInterval && code <= codes.lastInterval;
    if (!isInterval) this.#finishChannel(record.byteStart);
    this.#lastCode = code;
    if (code === codes.meter) this.#beginMeter(record);
    else if (code === codes.channel) this.#beginChannel(record);
    else if (isInterval) this.#addIntervals(record);
    else if (code === codes.trailer) this.#checkTrailer(record);
  }

  #canFollow(code: number): boolean {
    const last = this.#lastCode;
    if (last === 0) return code === codes.meter;
    if (last === codes.meter) return code === codes.channel;
    if (last === codes.channel) return code === codes.firstInterval;
    if (last === codes.trailer) return false;
    const isNext = code === last + 1 && code <= codes.lastInterval;
    return isNext || code === codes.channel || code === codes.meter || code === codes.trailer;
  }

  #beginMeter(record: MdefRecord): void {
    this.#finishMeter();
    this.#meter = toMeterHead(record);
    this.#channelHeaders = 0;
  }

  #finishMeter(): void {
    const meter = this.#meter;
    if (meter === undefined || meter.channels === this.#channelHeaders) return;
    const message = `The header announces other channels than the ${this.#channelHeaders} there are.`;
    meter.record.fault('W_CHANNELS', meterHeader.channels, message);
  }

  #beginChannel(record: MdefRecord): void {
    this.#channelHeaders++;
    this.#errorsBeforeChannel = this.#faults.errorCount;
    if (this.#meter === undefined) return;
    this.#checkCustomer(record, this.#meter);
    const head = findChannelHead(record, this.#meter, this.#profile);
    if (head === undefined) return;
    if (head.stopAt > this.#latestAt)
      record.fault('W_FUTURE', channelHeader.stop, 'The stop lies in the future.');
    this.#channel = new Channel(head);
  }

  #addIntervals(record: MdefRecord): void {
    if (this.#meter !== undefined) this.#checkCustomer(record, this.#meter);
    this.#channel?.add(record.bytes);
  }

  #checkCustomer(record: MdefRecord, meter: MeterHead): void {
    if (record.text(anyRecord.customer) === meter.customer) return;
    record.fault('E_CUSTOMER', anyRecord.customer, 'The customer id differs from the meter header’s.');
  }

  /** @param byteEnd where the record after the channel's last one starts */
  #finishChannel(byteEnd: number): void {
    const channel = this.#channel;
    const meter = this.#meter;
    this.#channel = undefined;
    if (channel === undefined || meter === undefined) return;
    this.#checkChannel(channel);
    if (this.#faults.errorCount > this.#errorsBeforeChannel) return;
    const set = toSet(channel, meter, byteEnd);
    this.#tally.addUnit(set.unit);
    this.#tally.addSet(set);
    this.#onReadingSet?.(set, () => channel.toReadings());
  }

  #checkChannel(channel: Channel): void {
    const { head, expected, count } = channel;
    const place = { line: head.record, byteOffset: head.byteStart, field: 'intervals', fieldNumber: 0 };
    const text = head.label;
    if (count === expected) {
      const bad = channel.findBadValue();
      if (bad === -1) return;
      this.#faults.add('E_VALUE', { ...place, text, message: `Interval ${bad + 1} holds no finite number.` });
    } else if (channel.looksInteger) {
      const message = 'The intervals are two-byte integers (pulses); only the float variant is taken.';
      this.#faults.add('E_INTEGER', { ...place, text, message });
    } else {
      const found = count === -1 ? 'gaps between intervals' : `${count} intervals`;
      const message = `The channel holds ${found}; from its start to its stop there are ${expected}.`;
      this.#faults.add('E_COUNT', { ...place, text, message });
    }
  }

  #checkTrailer(record: MdefRecord): void {
    this.#finishMeter();
    this.#meter = undefined;
    const text = record.text(trailer.records);
    if (/^\d{10}$/.test(text) && Number(text) === record.number) return;
    record.fault('E_TRAILER', trailer.records, `The trailer should count ${record.number} records.`);
  }
}

function toSet(channel: Channel, meter: MeterHead, byteEnd: number): ReadingSet {
  const { head, count } = channel;
  const totals: Record<Quality, number> = { validated: 0, estimated: 0, adjusted: 0, raw: 0, missing: 0 };
  for (let i = 0; i < count; i++) totals[channel.qualityOf(i)]++;
  return {
    line: head.record,
    byteStart: head.byteStart,
    byteEnd,
    sender: '',
    receiver: '',
    account: meter.account,
    senderAccount: meter.account,
    receiverAccount: '',
    sdp: '',
    meter: meter.customer,
    commodity: '',
    unit: head.unit,
    channel: head.channel,
    measure: 'interval',
    purpose: '',
    multiplier: '1',
    intervalMinutes: head.intervalMinutes,
    periodStartAt: head.startAt,
    periodEndAt: head.stopAt,
    readings: count,
    estimated: totals.estimated,
    adjusted: 0,
    raw: 0,
    missing: totals.missing,
    createdAt: null,
    externalReference: '',
    correctsReference: '',
    reason: '',
  };
}
