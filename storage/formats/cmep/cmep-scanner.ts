import { FileChecks } from '../checks/file-checks.ts';
import { FaultList, toFaultText } from '../fault-list.ts';
import type { Scanner, ScanOptions, ScanResult } from '../format.ts';
import { type LineEnding, type LineHandler, LineReader } from '../line-reader.ts';
import { maxDistinctMeters, SummaryTally } from '../summary-tally.ts';
import { allCmepFaults, type CmepFaultCode } from './faults.ts';
import { CmepRecord } from './fields/record.ts';
import { intervalLayout, touLayout, untakenTypes } from './fields/record-types.ts';
import { splitFields } from './fields/split-fields.ts';
import { HeaderCheck } from './header.ts';
import { checkValues, IntervalRecordCheck } from './interval-record.ts';
import { PlainTriplets } from './plain-triplets.ts';
import { type CmepProfile, getCmepProfile } from './profiles.ts';
import { toIntervalReadings, toIntervalSet, toTouSet } from './reading-sets.ts';
import { checkShape } from './record-shape.ts';
import { TouRecordCheck } from './tou-record.ts';
import { Triplets } from './triplets.ts';

/** Longest line without its line end (CMEP facts, F3). */
const maxTextBytes = 2_046;

/**
 * A scanner for CMEP (MEPMD01 and MEPMD02) by the rules of a dialect profile. MEPMD01 gives one reading set a record,
 * MEPMD02 one a label, with `season:label` as its channel. A set's byte range includes the line end, so that ranges
 * put together are a CMEP file again.
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
  readonly #lines = new LineReader(maxTextBytes, this);
  readonly #tally: SummaryTally;
  readonly #checks: FileChecks;
  readonly #record: CmepRecord;
  readonly #header: HeaderCheck;
  readonly #interval = new IntervalRecordCheck();
  readonly #tou: TouRecordCheck;
  readonly #triplets: Triplets;
  readonly #plain: PlainTriplets;

  readonly #toReadings = () => toIntervalReadings(this.#record, this.#triplets);

  constructor(options: ScanOptions, profile: CmepProfile) {
    this.#profile = profile;
    this.#onReadingSet = options.onReadingSet;
    this.#faults = new FaultList<CmepFaultCode>(allCmepFaults, options);
    this.#checks = new FileChecks(options, this.#faults);
    this.#tally = new SummaryTally(this.#checks.accounts);
    this.#record = new CmepRecord(this.#faults);
    this.#header = new HeaderCheck(profile);
    this.#tou = new TouRecordCheck(profile);
    this.#triplets = new Triplets(profile);
    this.#plain = new PlainTriplets(this.#triplets);
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
      message: 'The line is longer than 2048 characters with its line end.',
    });
  }

  onLine(
    bytes: Buffer,
    start: number,
    end: number,
    next: number,
    fileOffset: number,
    ending: LineEnding,
  ): void {
    const record = this.#record;
    record.begin(bytes, start, end, next, fileOffset, this.#lines.line);
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
    splitFields(record, this.#plain, this.#profile.allowsPadding);
    if (record.hasErrors || !this.#checkType() || !this.#checkContent()) return;
    const isProvedWhole = ending !== 'none' || record.lastFieldStart === end || this.#profile.allowsOpenEnd;
    if (!isProvedWhole) {
      record.lineFault(
        'E_EOL',
        'The record has no line end, so its last value may be cut: end it with CR LF.',
      );
      return;
    }
    this.#take();
  }

  #checkType(): boolean {
    const record = this.#record;
    const type = record.text(1);
    const layout = [intervalLayout, touLayout].find((candidate) => candidate.type === type);
    if (layout === undefined) {
      const title = untakenTypes[type];
      const known =
        title === undefined ? 'Not a record type' : `Records of this type (${title}) are not taken yet`;
      record.fault('E_TYPE', 1, `${known}; expected MEPMD01 or MEPMD02.`);
      return false;
    }
    record.layout = layout;
    if (record.fieldCount >= layout.fixed.length) return true;
    const message = `The record has ${record.fieldCount} fields; ${type} has ${layout.fixed.length} before its data.`;
    record.fault('E_TRUNCATED', record.fieldCount, message);
    return false;
  }

  /** Checks everything between type and line end; true when the record is without error. */
  #checkContent(): boolean {
    const record = this.#record;
    const isTou = record.layout === touLayout;
    this.#header.check(record);
    if (isTou) this.#tou.checkFixed(record);
    else this.#interval.checkFixed(record);
    const count = checkShape(record);
    if (count === 0) return false;
    this.#triplets.check(record, count);
    if (isTou) {
      this.#tou.checkLabels(record, this.#triplets, this.#header.unit);
    } else {
      this.#interval.checkStamps(record, this.#triplets);
      checkValues(record, this.#triplets, this.#header.unit);
    }
    return !record.hasErrors;
  }

  /** Counts and hands on a record without error. */
  #take(): void {
    this.#tally.addUnit(this.#header.unit);
    if (this.#record.layout === touLayout) this.#takeTou();
    else this.#takeInterval();
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
