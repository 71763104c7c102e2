import { FileChecks } from '../checks/file-checks.ts';
import { FaultList, toFaultText } from '../fault-list.ts';
import type { FormatName, Scanner, ScanOptions, ScanResult } from '../format.ts';
import { maxDistinctMeters, SummaryTally } from '../summary-tally.ts';
import { Envelope } from './envelope.ts';
import { type X12FaultCode, x12FaultTable } from './faults.ts';
import { controlNumberStart, findIsa } from './isa.ts';
import type { X12Profile } from './profiles.ts';
import { Segment } from './segment.ts';
import { maxSegmentBytes, type SegmentHandler, SegmentReader } from './segment-reader.ts';
import type { Separators } from './separators.ts';
import type { EnvelopeObserver, SetContext, SetReader } from './set-reader.ts';

/** A scanner for X12 004010: separators, segments, envelope; what is in the sets their reader says. */
export class X12Scanner implements Scanner, SegmentHandler {
  readonly #format: FormatName;
  readonly #profile: X12Profile;
  readonly #faults: FaultList<X12FaultCode>;
  readonly #reader = new SegmentReader(this);
  readonly #tally: SummaryTally;
  readonly #checks: FileChecks;
  readonly #segment: Segment;
  readonly #sets: SetReader;
  readonly #envelope: Envelope;
  #separator = 0;

  constructor(
    format: FormatName,
    profile: X12Profile,
    options: ScanOptions,
    createSets: (context: SetContext) => SetReader,
    observer?: EnvelopeObserver,
  ) {
    this.#format = format;
    this.#profile = profile;
    const faults = new FaultList(x12FaultTable, options);
    this.#faults = faults;
    this.#checks = new FileChecks(options, faults);
    this.#tally = new SummaryTally(this.#checks.accounts);
    this.#segment = new Segment(faults);
    this.#sets = createSets({
      profile,
      options,
      tally: this.#tally,
      checks: this.#checks,
      segment: this.#segment,
    });
    this.#envelope = new Envelope(this.#segment, this.#sets, observer);
  }

  push(chunk: Uint8Array): void {
    this.#reader.push(chunk);
  }

  end(): ScanResult {
    const faults = this.#faults;
    const rest = this.#reader.end();
    if (rest !== undefined) this.#reportOpenEnd(rest.bytes, rest.fileOffset);
    this.#envelope.end(this.#reader.bytes);
    this.#sets.finish(faults);
    if (this.#envelope.sets === 0 && faults.errorCount === 0) {
      faults.addForFile('E_EMPTY', 'The file holds no transaction set.');
    }
    if (this.#envelope.isCapped) {
      faults.addForFile(
        'N_CAP',
        'Too many control numbers to remember: a repeated one may have gone unseen.',
      );
    }
    if (this.#tally.isMeterCapReached) {
      faults.addForFile(
        'N_METER_CAP',
        `There are more than the ${maxDistinctMeters} meters that are counted.`,
      );
    }
    this.#checks.finish();
    const summary = this.#tally.toSummary(this.#format, this.#profile.name, this.#reader.bytes);
    return { summary, ...faults.toResult() };
  }

  onInterchange(bytes: Buffer, length: number, fileOffset: number): Separators | undefined {
    const isa = findIsa(bytes, length, fileOffset, ++this.#tally.records, this.#faults);
    if (isa === undefined) {
      this.#envelope.lose();
      return undefined;
    }
    this.#separator = isa.separators.element;
    this.#envelope.begin(isa, this.#tally.records, fileOffset + controlNumberStart);
    return isa.separators;
  }

  onSegment(bytes: Buffer, start: number, end: number, fileOffset: number): void {
    const segment = this.#segment;
    segment.number = ++this.#tally.records;
    segment.begin(bytes, start, end, fileOffset, this.#separator);
    this.#envelope.take();
    if (this.#envelope.isOver) this.#reader.expectsInterchange = true;
  }

  onLongSegment(bytes: Buffer, start: number, end: number, fileOffset: number): void {
    const segment = this.#segment;
    segment.number = ++this.#tally.records;
    segment.begin(bytes, start, Math.min(end, start + 3), fileOffset, this.#separator);
    this.#envelope.takeLong(`The segment is longer than ${maxSegmentBytes} characters.`);
  }

  takeRun(bytes: Buffer, at: number): number {
    if (!this.#envelope.isInSet) return at;
    const next = this.#sets.takeRun(bytes, at);
    if (next > at) {
      this.#tally.records += this.#sets.runCount;
      this.#envelope.addSegments(this.#sets.runCount);
    }
    return next;
  }

  #reportOpenEnd(bytes: Buffer, fileOffset: number): void {
    this.#faults.add('E_END', {
      line: ++this.#tally.records,
      field: 'segment',
      fieldNumber: 0,
      byteOffset: fileOffset,
      text: toFaultText(bytes, 0, bytes.length),
      message: 'The last segment has no terminator; it may have been cut.',
    });
  }
}
