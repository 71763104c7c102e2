import { FileChecks } from '../checks/file-checks.ts';
import { FaultList, toFaultText } from '../fault-list.ts';
import type { Scanner, ScanOptions, ScanResult } from '../format.ts';
import { type LineEnding, type LineHandler, LineReader } from '../line-reader.ts';
import { maxDistinctMeters, SummaryTally } from '../summary-tally.ts';
import { allCmepFaults, type CmepFaultCode } from './faults.ts';
import { CmepRecord } from './fields/record.ts';
import {
  alarmLayout,
  findLayout,
  intervalLayout,
  type RecordLayout,
  recordTypes,
  toOpaque,
  touLayout,
} from './fields/record-types.ts';
import { splitFields } from './fields/split-fields.ts';
import { HeaderCheck } from './header.ts';
import { checkValues, IntervalRecordCheck } from './interval-record.ts';
import { LocalStamps, maxLocalSeries } from './local-stamps.ts';
import { OtherRecordsCheck } from './other-records.ts';
import { PlainTriplets } from './plain-triplets.ts';
import type { CmepProfile } from './profile.ts';
import { getCmepProfile } from './profiles.ts';
import { readCode } from './read-code.ts';
import { toIntervalReadings, toIntervalSet, toTouSet } from './reading-sets.ts';
import { checkShape, hasRightCrc } from './record-shape.ts';
import { RepeatedHeader } from './repeated-header.ts';
import { TouRecordCheck } from './tou-record.ts';
import { Triplets } from './triplets.ts';
import { timeUnit } from './units.ts';

const byteOrderMark = [0xef, 0xbb, 0xbf];
const endMark = 0x1a;

/**
 * A scanner for CMEP by the rules of a dialect profile. MEPMD01 gives one reading set a record, MEPMD02 one a label,
 * with `season:label` as its channel; other records are checked and counted, and give none. A set's byte range includes
 * the line end, so that ranges put together are a CMEP file again.
 *
 * @throws `invalid-request` when there is no such profile
 */
export function createCmepScanner(options: ScanOptions): Scanner {
  return new CmepScanner(options, getCmepProfile(options.profile));
}

class CmepScanner implements Scanner, LineHandler {
  readonly #profile: CmepProfile;
  readonly #onReadingSet: ScanOptions['onReadingSet'];
  readonly #faults: FaultList<CmepFaultCode>;
  readonly #lines: LineReader;
  readonly #tally: SummaryTally;
  readonly #checks: FileChecks;
  readonly #record: CmepRecord;
  readonly #header: HeaderCheck;
  readonly #interval: IntervalRecordCheck;
  readonly #local: LocalStamps | undefined;
  readonly #others: OtherRecordsCheck;
  readonly #tou: TouRecordCheck;
  readonly #triplets: Triplets;
  readonly #plain: PlainTriplets;
  readonly #repeated = new RepeatedHeader();

  readonly #toReadings = () => toIntervalReadings(this.#record, this.#triplets);

  constructor(options: ScanOptions, profile: CmepProfile) {
    this.#profile = profile;
    this.#onReadingSet = options.onReadingSet;
    this.#faults = new FaultList<CmepFaultCode>(allCmepFaults, options);
    this.#lines = new LineReader(profile.maxTextBytes, this);
    this.#checks = new FileChecks(options, this.#faults);
    this.#tally = new SummaryTally(this.#checks.accounts);
    this.#record = new CmepRecord(this.#faults, profile.maxTriplets, profile.separator);
    this.#header = new HeaderCheck(profile);
    this.#interval = new IntervalRecordCheck(profile);
    this.#local = this.#interval.clock && new LocalStamps(this.#interval.clock);
    this.#tou = new TouRecordCheck(profile);
    this.#triplets = new Triplets(profile);
    this.#plain = new PlainTriplets(this.#triplets);
    this.#others = new OtherRecordsCheck(profile, this.#header, this.#triplets);
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  end(): ScanResult {
    this.#lines.end();
    const faults = this.#faults;
    if (this.#tally.records === 0) faults.addForFile('E_EMPTY', 'The file holds no record.');
    this.#checks.finish();
    if (this.#tally.isMeterCapReached) {
      faults.addForFile(
        'N_METER_CAP',
        `There are more than the ${maxDistinctMeters} meters that are counted.`,
      );
    }
    if (this.#local?.isCapped === true) {
      faults.addForFile(
        'N_LOCAL_CAP',
        `There are more than the ${maxLocalSeries} series that are remembered.`,
      );
    }
    return {
      summary: this.#tally.toSummary('cmep', this.#profile.name, this.#lines.bytes),
      ...faults.toResult(),
    };
  }

  onLongLine(bytes: Buffer, start: number, end: number, fileOffset: number): void {
    this.#tally.records++;
    this.#faults.add('E_LINE_LEN', {
      line: this.#lines.line,
      field: 'line',
      fieldNumber: 0,
      byteOffset: fileOffset,
      text: toFaultText(bytes, start, end),
      message: `The line is longer than ${this.#profile.maxTextBytes + 2} characters with its line end.`,
    });
  }

  onLine(
    bytes: Buffer,
    lineStart: number,
    end: number,
    next: number,
    fileOffset: number,
    ending: LineEnding,
  ): void {
    const record = this.#record;
    const start = this.#lines.line === 1 ? this.#skipMark(bytes, lineStart, end) : lineStart;
    record.begin(bytes, start, end, next, fileOffset, this.#lines.line);
    if (start !== lineStart)
      record.lineFault('W_SKIPPED', 'The byte order mark before the line is passed over.');
    if (this.#isSkipped(ending)) return;
    this.#tally.records++;
    if (ending === 'lf' && this.#faults.countOf('N_LF') === 0) {
      record.lineFault('N_LF', 'The line ends with LF alone; the protocol says CR LF. Said once for a file.');
    }
    if (ending === 'none' || ending === 'cr')
      record.lineFault('W_OPEN_END', 'The last line has no line end; the file may have been cut.');
    if (start === end) {
      record.lineFault('E_BLANK_LINE', 'The line is empty; every line is a record.');
      return;
    }
    this.#triplets.plainCount = 0;
    const isRepeated = this.#repeated.fill(record);
    splitFields(record, this.#plain, this.#profile.allows);
    if (record.hasErrors || !(isRepeated || this.#checkType()) || !this.#checkContent(isRepeated)) return;
    if (!this.#isProvedWhole(ending)) {
      record.lineFault(
        'E_EOL',
        'The record has no line end, so its last value may be cut: end it with CR LF.',
      );
      return;
    }
    this.#take();
  }

  /**
   * Whether nothing can have been cut off that is not said to be missing: the line has its end, or the record its CRC
   * slot; else the profile takes an open end, and the last value is none that would be taken for measured (ruling 33).
   */
  #isProvedWhole(ending: LineEnding): boolean {
    const { fieldCount, lastFieldStart, end, layout } = this.#record;
    const isSlot = (fieldCount - layout.fixed.length) % layout.group.length === 1;
    const hasSlot = isSlot && lastFieldStart === end;
    if (ending !== 'none' || hasSlot || hasRightCrc(this.#record, this.#profile)) return true;
    const hasReadings = layout === intervalLayout || layout === touLayout;
    return this.#profile.allows.has('open-end') && !(hasReadings && this.#triplets.endsMeasured);
  }

  /** The beginning of the first line's text: after a byte order mark, where the profile takes one. */
  #skipMark(bytes: Buffer, start: number, end: number): number {
    const hasMark = byteOrderMark.every(
      (byte, index) => start + index < end && bytes[start + index] === byte,
    );
    return hasMark && this.#profile.allows.has('byte-order-mark') ? start + byteOrderMark.length : start;
  }

  #isSkipped(ending: LineEnding): boolean {
    const { bytes, start, end } = this.#record;
    const { allows } = this.#profile;
    const isEndMark = ending === 'none' && end - start === 1 && bytes[start] === endMark;
    const isAllowed = isEndMark ? allows.has('end-mark') : start === end && allows.has('blank-lines');
    const isSkipped = isAllowed || this.#areHeadings();
    if (isSkipped) this.#record.lineFault('W_SKIPPED', 'The line holds no record and is passed over.');
    return isSkipped;
  }

  /** Whether the line is that of headings, before the records of a file with tabs: no record has a version like it. */
  #areHeadings(): boolean {
    if (this.#profile.separator === ',' || this.#lines.line > 1) return false;
    const { bytes, start, end } = this.#record;
    return /^[^\t]*\t(?! *"?\d{8}\b)/.test(bytes.toString('latin1', start, end));
  }

  #checkType(): boolean {
    const record = this.#record;
    const type = readCode(record, 1, this.#profile);
    const layout = this.#findLayout(type);
    if (layout === undefined) {
      const { name, takesAlarms } = this.#profile;
      const expected = recordTypes.filter((known) => takesAlarms || known !== alarmLayout.type).join(', ');
      record.fault('E_TYPE', 1, `Not a record type of profile ${name}; expected one of ${expected}.`);
      return false;
    }
    record.layout = layout;
    if (record.fieldCount >= layout.fixed.length) return true;
    const message = `The record has ${record.fieldCount} fields; ${type} has ${layout.fixed.length} before its data.`;
    record.fault('E_TRUNCATED', record.fieldCount, message);
    return false;
  }

  #findLayout(type: string): RecordLayout | undefined {
    const layout = findLayout(type);
    if (layout !== undefined && (layout.kind !== 'alarm' || this.#profile.takesAlarms)) return layout;
    if (!this.#profile.allows.has('unknown-types') || type === '') return undefined;
    this.#record.fault('W_TYPE', 1, 'Not a known record type; the record passes through unread.');
    return toOpaque(type, '');
  }

  /** Checks everything between type and line end; true when the record is without error. */
  #checkContent(isRepeated: boolean): boolean {
    const record = this.#record;
    const isTou = record.layout === touLayout;
    if (!isTou && record.layout !== intervalLayout) {
      this.#others.check(record);
      return !record.hasErrors;
    }
    if (!isRepeated) this.#checkHeader(isTou);
    const count = checkShape(record, this.#profile);
    if (count === undefined) return false;
    const triplets = this.#triplets;
    triplets.check(record, count, this.#header.unit === timeUnit);
    if (isTou) {
      this.#tou.checkLabels(record, triplets, this.#header.unit);
    } else {
      this.#local?.resolve(record, triplets, this.#header, this.#interval);
      const filled = this.#local === undefined ? triplets.plainCount : count;
      this.#interval.checkStamps(record, triplets, filled);
      checkValues(record, triplets, this.#header.unit);
    }
    return !record.hasErrors;
  }

  #checkHeader(isTou: boolean): void {
    const record = this.#record;
    this.#header.check(record);
    if (isTou) this.#tou.checkFixed(record);
    else this.#interval.checkFixed(record);
    if (!isTou && !record.hasFaults) this.#repeated.keep(record);
  }

  /** Counts and hands on a record without error. */
  #take(): void {
    const { layout } = this.#record;
    if (layout !== touLayout && layout !== intervalLayout) {
      this.#takeOther();
      return;
    }
    this.#tally.addUnit(this.#header.unit);
    if (layout === touLayout) this.#takeTou();
    else this.#takeInterval();
  }

  /** A record without readings tells of a customer all the same. */
  #takeOther(): void {
    const { line, fileOffset, start } = this.#record;
    const { sender } = this.#header;
    const receiver = this.#header.findReceiver();
    this.#checks.takeAddressed({ sender, receiver, line, byteStart: fileOffset + start });
    this.#tally.addParties({ sender, receiver });
  }

  #takeInterval(): void {
    const { stamps, count, tally } = this.#triplets;
    const set = toIntervalSet(this.#record, this.#header, this.#interval, this.#triplets);
    this.#checks.take(set, stamps, count, tally);
    // A mailbox may have made an error of what a check found.
    if (this.#record.hasErrors) return;
    this.#tally.addSet(set);
    this.#onReadingSet?.(set, this.#toReadings, tally);
  }

  #takeTou(): void {
    for (let i = 0; i < this.#triplets.count; i++) {
      const { set, reading } = toTouSet(this.#record, this.#header, this.#tou, this.#triplets, i);
      const amount = this.#triplets.amounts[i] as number;
      const amounts = { sum: amount, first: amount, last: amount };
      this.#checks.take(set, [this.#tou.endMinutes], 1, amounts);
      if (this.#record.hasErrors) return;
      this.#tally.addSet(set);
      this.#onReadingSet?.(set, () => [reading], amounts);
    }
  }
}
