import { minuteMs } from '../../model/time.ts';
import { toAmount } from '../checks/amounts.ts';
import { FileChecks } from '../checks/file-checks.ts';
import { FaultList, toFaultText } from '../fault-list.ts';
import type { ReadingSet, Scanner, ScanOptions, ScanResult } from '../format.ts';
import { type LineEnding, type LineHandler, LineReader } from '../line-reader.ts';
import { maxDistinctMeters, SummaryTally } from '../summary-tally.ts';
import {
  getOmarCsvLayout,
  type OmarColumnName,
  type OmarCsvLayout,
  type OmarRow,
  type OmarSeries,
  omarColumns,
  toHeaderLine,
} from './columns.ts';
import { allOmarCsvFaults, type OmarCsvFaultCode } from './faults.ts';
import { NextRow } from './next-row.ts';
import { type RowReading, RowRun } from './row-run.ts';

const maxTextBytes = 1_000;
const emptyRow: OmarRow = {
  resourceId: '',
  measurementType: '',
  unit: '',
  intervalMinutes: 0,
  endAt: 0,
  value: '',
  isEstimated: false,
};

/**
 * A scanner for OMAR CSV; the profile names the layout. Neighbouring rows of one resource, type, unit and interval
 * length make a reading set (of at most 4,000 rows, so that memory stays bounded): meter = resource, channel =
 * measurement type, unit by `toReadingUnit`.
 *
 * @param layout one that stands in no table, such as one read from settings; else the profile names it
 * @throws `invalid-request` when there is no such layout
 */
export function createOmarCsvScanner(
  options: ScanOptions,
  layout: OmarCsvLayout = getOmarCsvLayout(options.profile),
): Scanner {
  return new OmarCsvScanner(options, layout);
}

interface Line {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly fileOffset: number;
}

class OmarCsvScanner implements Scanner, LineHandler {
  readonly #layout: OmarCsvLayout;
  /** A byte that no row holds; a tab may be the delimiter. */
  readonly #unprintable: RegExp;
  readonly #onReadingSet: ScanOptions['onReadingSet'];
  readonly #faults: FaultList<OmarCsvFaultCode>;
  readonly #lines = new LineReader(maxTextBytes, this);
  readonly #tally: SummaryTally;
  readonly #checks: FileChecks;
  readonly #run = new RowRun();
  readonly #next: NextRow;
  /** A row before its columns are read, with all keys, so that all rows have one shape. */
  readonly #blank: Readonly<Record<keyof OmarRow, unknown>>;
  readonly #lastCells: { text: string | undefined; value: unknown }[];

  constructor(options: ScanOptions, layout: OmarCsvLayout) {
    this.#layout = layout;
    this.#unprintable = layout.delimiter === '\t' ? /[^\t\x20-\x7e]/ : /[^\x20-\x7e]/;
    this.#next = new NextRow(layout);
    this.#blank = { ...emptyRow, ...layout.fixed };
    this.#lastCells = layout.columns.map(() => ({ text: undefined, value: undefined }));
    this.#onReadingSet = options.onReadingSet;
    this.#faults = new FaultList<OmarCsvFaultCode>(allOmarCsvFaults, options);
    this.#checks = new FileChecks(options, this.#faults);
    this.#tally = new SummaryTally(this.#checks.accounts);
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  end(): ScanResult {
    this.#lines.end();
    this.#finishRun();
    if (this.#tally.records === 0) this.#faults.addForFile('E_EMPTY', 'The file holds no row.');
    this.#checks.finish();
    if (this.#tally.isMeterCapReached) {
      this.#faults.addForFile(
        'N_METER_CAP',
        `There are more than the ${maxDistinctMeters} resources that are counted.`,
      );
    }
    const summary = this.#tally.toSummary('omar-csv', this.#layout.name, this.#lines.bytes);
    return { summary, ...this.#faults.toResult() };
  }

  onLongLine(bytes: Buffer, start: number, end: number, fileOffset: number): void {
    this.#tally.records++;
    this.#run.spoil();
    const line = { bytes, start, end, fileOffset: fileOffset - start };
    this.#lineFault('E_LINE_LEN', line, `The line is longer than ${maxTextBytes} characters.`);
  }

  onExpectedLine(bytes: Buffer, start: number, fileOffset: number, line: number): number {
    const end = this.#next.match(bytes, start);
    if (end === -1) return -1;
    this.#tally.records++;
    this.#add(this.#next.series as OmarSeries, this.#next, line, fileOffset + start, fileOffset + end);
    return end;
  }

  onLine(
    bytes: Buffer,
    start: number,
    end: number,
    lineEnd: number,
    fileOffset: number,
    ending: LineEnding,
  ): void {
    const line = { bytes, start, end, fileOffset };
    const errorsBefore = this.#faults.errorCount;
    if (ending === 'lf' && this.#faults.countOf('N_LF') === 0) {
      this.#lineFault('N_LF', line, 'The line ends with LF alone; CR LF is usual. Said once for a file.');
    }
    if (ending === 'none' || ending === 'cr') {
      this.#lineFault('W_OPEN_END', line, 'The last line has no line end; the file may have been cut.');
    }
    if (this.#lines.line === 1 && this.#layout.hasHeader) {
      this.#checkHeader(line);
      return;
    }
    this.#tally.records++;
    const row = this.#findRow(line);
    if (row !== undefined && ending === 'none') {
      this.#lineFault('E_EOL', line, 'The row has no line end, so it may be cut: end it with CR LF.');
    }
    if (row === undefined || this.#faults.errorCount > errorsBefore) this.#run.spoil();
    else this.#take(row, line, fileOffset + lineEnd);
  }

  #checkHeader(line: Line): void {
    const expected = toHeaderLine(this.#layout);
    if (line.bytes.toString('latin1', line.start, line.end) === expected) return;
    this.#lineFault('E_HEADER', line, `Expected the header ${expected}.`);
  }

  #findRow(line: Line): OmarRow | undefined {
    const { bytes, start, end } = line;
    if (start === end) {
      this.#lineFault('E_BLANK_LINE', line, 'The line is empty; every line is a row.');
      return undefined;
    }
    const text = bytes.toString('latin1', start, end);
    const bad = this.#unprintable.exec(text);
    if (bad !== null) {
      const at = { ...line, start: start + bad.index, end: start + bad.index + 1 };
      this.#lineFault('E_ASCII', at, 'The byte is no printable ASCII character.');
      return undefined;
    }
    const { columns, delimiter } = this.#layout;
    const cells = text.split(delimiter);
    if (cells.length !== columns.length) {
      const message = `The row has ${cells.length} columns; the layout has ${columns.length}.`;
      this.#lineFault('E_COLUMNS', line, message);
      return undefined;
    }
    return this.#findValues(cells, line);
  }

  #findValues(cells: readonly string[], line: Line): OmarRow | undefined {
    const row: Record<string, unknown> = { ...this.#blank };
    const { columns } = this.#layout;
    let isWhole = true;
    let start = line.start;
    for (let index = 0; index < columns.length; index++) {
      const cell = cells[index] as string;
      const name = columns[index] as OmarColumnName;
      const column = omarColumns[name];
      const last = this.#lastCells[index] as { text: string | undefined; value: unknown };
      // Neighbouring rows say the same in most columns.
      const value = cell === last.text ? last.value : column.find(cell, this.#layout);
      row[column.key] = value;
      if (value === undefined) {
        isWhole = false;
        const place = { ...line, start, end: start + cell.length };
        this.#fault(column.code, place, name, `Expected ${column.expected}.`);
      } else {
        last.text = cell;
        last.value = value;
      }
      start += cell.length + 1;
    }
    // A layout has a column or a fixed value for each key, of its own type.
    return isWhole ? (row as unknown as OmarRow) : undefined;
  }

  #take(row: OmarRow, line: Line, byteEnd: number): void {
    if (row.endAt % (row.intervalMinutes * minuteMs) !== 0) {
      const message = `The interval does not end on a multiple of ${row.intervalMinutes} minutes.`;
      this.#fault('E_BOUNDARY', line, 'INTERVAL_END_GMT', message);
      this.#run.spoil();
      return;
    }
    const { resourceId, measurementType, unit, intervalMinutes, endAt, value, isEstimated } = row;
    const bytes = Buffer.from(value, 'latin1');
    const place = { bytes, start: 0, end: bytes.length };
    const reading = { minutes: endAt / minuteMs, ...place, amount: toAmount(value), isEstimated };
    const series = { resourceId, measurementType, unit, intervalMinutes };
    this.#add(series, reading, this.#lines.line, line.fileOffset + line.start, byteEnd);
  }

  #add(series: OmarSeries, reading: RowReading, line: number, byteStart: number, byteEnd: number): void {
    if (!this.#run.isPartOf(series)) this.#finishRun();
    this.#run.add(series, reading, line, byteStart, byteEnd);
    this.#next.follow(series, reading.minutes);
  }

  #finishRun(): void {
    const { rows, unit } = this.#run;
    if (rows > 0) this.#tally.addUnit(unit, rows);
    const set = this.#run.toSet();
    if (set !== undefined) this.#takeSet(set);
    this.#run.clear();
  }

  #takeSet(set: ReadingSet): void {
    const errorsBefore = this.#faults.errorCount;
    const { amounts } = this.#run;
    this.#checks.take(set, this.#run.toStamps(), set.readings, amounts, (row) => this.#run.placeOf(row));
    // A mailbox may have made an error of what a check found.
    if (this.#faults.errorCount > errorsBefore) return;
    this.#tally.addSet(set);
    this.#onReadingSet?.(set, () => this.#run.toReadings(), amounts);
  }

  #lineFault(code: OmarCsvFaultCode, line: Line, message: string): void {
    this.#fault(code, line, 'line', message);
  }

  #fault(code: OmarCsvFaultCode, line: Line, field: OmarColumnName | 'line', message: string): void {
    this.#faults.add(code, {
      line: this.#lines.line,
      field,
      fieldNumber: field === 'line' ? 0 : this.#layout.columns.indexOf(field) + 1,
      byteOffset: line.fileOffset + line.start,
      text: toFaultText(line.bytes, line.start, line.end),
      message,
    });
  }
}
