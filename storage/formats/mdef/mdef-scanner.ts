import { minuteMs } from '../../model/time.ts';
import { FileChecks } from '../checks/file-checks.ts';
import { FaultList } from '../fault-list.ts';
import type { Scanner, ScanOptions, ScanResult } from '../format.ts';
import { maxDistinctMeters, SummaryTally } from '../summary-tally.ts';
import { Channel, type ChannelHead, toFittingHead } from './channel.ts';
import { ChannelTotals, toReadings } from './channel-totals.ts';
import { checkChannel } from './check-channel.ts';
import { allMdefFaults, type MdefFaultCode } from './faults.ts';
import { findChannelHead, type MeterHead, toMeterHead } from './headers.ts';
import { anyRecord, codes, meterHeader, recordBytes, trailer } from './layout.ts';
import { getMdefProfile, type MdefProfile } from './profiles.ts';
import { MdefRecord } from './record.ts';
import { toChannelSet } from './to-channel-set.ts';

/**
 * A scanner for MDEF, the MV-90 meter data exchange format (ISO facts, section 5), in its float variant. Each channel
 * gives one reading set: meter = customer id, unit by the profile's table, byte range from the channel header to its
 * last interval record.
 *
 * @throws `invalid-request` when there is no such profile
 */
export function createMdefScanner(options: ScanOptions): Scanner {
  return new MdefScanner(options, getMdefProfile(options.profile));
}

class MdefScanner implements Scanner {
  readonly #profile: MdefProfile;
  readonly #onReadingSet: ScanOptions['onReadingSet'];
  readonly #faults: FaultList<MdefFaultCode>;
  readonly #checks: FileChecks;
  readonly #tally: SummaryTally;
  readonly #channel = new Channel();
  readonly #totals = new ChannelTotals();
  readonly #stamps: number[] = [];
  readonly #kept = Buffer.alloc(recordBytes);
  #keptBytes = 0;
  #bytes = 0;
  /** A wrong record length: nothing after it stands where it should. */
  #hasSlipped = false;
  #lastCode = 0;
  #meter: MeterHead | undefined;
  /** The channel that goes on, unless its header cannot be read. */
  #head: ChannelHead | undefined;
  #channelHeaders = 0;
  #errorsBeforeChannel = 0;

  constructor(options: ScanOptions, profile: MdefProfile) {
    this.#profile = profile;
    this.#onReadingSet = options.onReadingSet;
    this.#faults = new FaultList<MdefFaultCode>(allMdefFaults, options);
    this.#checks = new FileChecks(options, this.#faults);
    this.#tally = new SummaryTally(this.#checks.accounts);
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
    this.#checks.finish();
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
    this.#meter = toMeterHead(record, this.#profile);
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
    this.#head = findChannelHead(record, this.#meter, this.#profile);
    if (this.#head !== undefined) this.#channel.begin(this.#head);
  }

  #addIntervals(record: MdefRecord): void {
    if (this.#meter !== undefined) this.#checkCustomer(record, this.#meter);
    if (this.#head !== undefined) this.#channel.add(record.bytes);
  }

  #checkCustomer(record: MdefRecord, meter: MeterHead): void {
    if (record.hasCustomerOf(meter.record)) return;
    if (record.text(anyRecord.customer) === meter.customer) return;
    record.fault('E_CUSTOMER', anyRecord.customer, 'The customer id differs from the meter header’s.');
  }

  /** @param byteEnd where the record after the channel's last one starts */
  #finishChannel(byteEnd: number): void {
    const announced = this.#head;
    const meter = this.#meter;
    this.#head = undefined;
    if (announced === undefined || meter === undefined) return;
    const channel = this.#channel;
    channel.decode();
    const head = toFittingHead(announced, channel.count);
    if (!checkChannel(channel, head, this.#totals, this.#faults)) return;
    if (this.#faults.errorCount > this.#errorsBeforeChannel) return;
    const set = toChannelSet(head, meter, byteEnd, this.#totals);
    this.#fillStamps(head);
    this.#checks.take(set, this.#stamps, channel.count, this.#totals.amounts);
    // A mailbox may have made an error of what a check found.
    if (this.#faults.errorCount > this.#errorsBeforeChannel) return;
    this.#tally.addUnit(set.unit);
    this.#tally.addSet(set);
    this.#onReadingSet?.(set, () => toReadings(channel, head), this.#totals.amounts);
  }

  #fillStamps({ startAt, intervalMinutes }: ChannelHead): void {
    const start = startAt / minuteMs;
    for (let i = 0; i < this.#channel.count; i++) this.#stamps[i] = start + (i + 1) * intervalMinutes;
  }

  #checkTrailer(record: MdefRecord): void {
    this.#finishMeter();
    this.#meter = undefined;
    const text = record.text(trailer.records);
    if (/^\d{10}$/.test(text) && Number(text) === record.number) return;
    record.fault('E_TRAILER', trailer.records, `The trailer should count ${record.number} records.`);
  }
}
