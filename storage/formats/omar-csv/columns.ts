import { toInvalid } from '../../model/errors.ts';
import { measurementTypes } from '../../model/resource.ts';
import { type Instant, minuteMs, toIsoText } from '../../model/time.ts';
import type { OmarCsvFaultCode } from './faults.ts';

/** One interval of one resource, as OMAR's CSV carries it. */
export interface OmarRow {
  readonly resourceId: string;
  readonly measurementType: string;
  readonly unit: string;
  readonly intervalMinutes: number;
  readonly endAt: Instant;
  /** Decimal text, never negative, at most 3 places. */
  readonly value: string;
  readonly isEstimated: boolean;
}

/**
 * A layout of the file. OMAR's own column list was never published, so everything that a deployment holding the real
 * document might have to correct is a row of {@link omarCsvLayouts}, not code.
 */
export interface OmarCsvLayout {
  readonly name: string;
  readonly columns: readonly OmarColumnName[];
  readonly delimiter: ',' | ';' | '\t' | '|';
  readonly hasHeader: boolean;
  /** `iso`: `YYYY-MM-DDTHH:MM:SSZ`, for GMT; `digits`: `YYYYMMDDHHMM`. */
  readonly timeFormat: 'iso' | 'digits';
  /** Fixed offset of the times from UTC: 0 (GMT) or -480 (Pacific standard time all year). */
  readonly utcOffsetMinutes: number;
}

const omarMeasurementTypes = measurementTypes.omar;
const omarUnits = ['KWH', 'KVARH', 'MWH'];
export const omarIntervalMinutes = [5, 10, 15, 30, 60];

interface OmarColumn<Key extends keyof OmarRow = keyof OmarRow> {
  readonly key: Key;
  readonly code: OmarCsvFaultCode;
  readonly expected: string;
  /** The value that the text means, undefined when it means none. */
  readonly find: (text: string, layout: OmarCsvLayout) => OmarRow[Key] | undefined;
  readonly toText: (row: OmarRow, layout: OmarCsvLayout) => string;
}

function toColumn<Key extends keyof OmarRow>(column: OmarColumn<Key>): OmarColumn<Key> {
  return column;
}

function oneOf(list: readonly string[]): (text: string) => string | undefined {
  return (text) => (list.includes(text) ? text : undefined);
}

/** Every column there can be; a layout chooses and orders them. */
export const omarColumns = {
  RESOURCE_ID: toColumn({
    key: 'resourceId',
    code: 'E_RESOURCE',
    expected: '1 to 32 of A-Z, 0-9, underscore and hyphen',
    find: (text) => (/^[A-Z0-9_-]{1,32}$/.test(text) ? text : undefined),
    toText: (row) => row.resourceId,
  }),
  MEASUREMENT_TYPE: toColumn({
    key: 'measurementType',
    code: 'E_MEASUREMENT',
    expected: `one of ${omarMeasurementTypes.join(', ')}`,
    find: oneOf(omarMeasurementTypes),
    toText: (row) => row.measurementType,
  }),
  UOM: toColumn({
    key: 'unit',
    code: 'E_UNITS',
    expected: `one of ${omarUnits.join(', ')}`,
    find: oneOf(omarUnits),
    toText: (row) => row.unit,
  }),
  INTERVAL_MINUTES: toColumn({
    key: 'intervalMinutes',
    code: 'E_INTERVAL',
    expected: `one of ${omarIntervalMinutes.join(', ')}`,
    find: (text) => omarIntervalMinutes.find((minutes) => String(minutes) === text),
    toText: (row) => String(row.intervalMinutes),
  }),
  INTERVAL_END_GMT: toColumn({
    key: 'endAt',
    code: 'E_DATETIME',
    expected: 'a real date and time in the form of the layout',
    find: findTime,
    toText: toTimeText,
  }),
  VALUE: toColumn({
    key: 'value',
    code: 'E_NUMBER',
    expected: 'a decimal that is not negative, with at most 3 places',
    find: (text) => (/^\d{1,12}(\.\d{1,3})?$/.test(text) ? text : undefined),
    toText: (row) => row.value,
  }),
  QUALITY: toColumn({
    key: 'isEstimated',
    code: 'E_QUALITY',
    expected: 'nothing, or E for estimated',
    find: (text) => (text === 'E' ? true : text === '' ? false : undefined),
    toText: (row) => (row.isEstimated ? 'E' : ''),
  }),
};
export type OmarColumnName = keyof typeof omarColumns;

const allColumns = Object.keys(omarColumns) as OmarColumnName[];

export const omarCsvLayouts: readonly OmarCsvLayout[] = [
  {
    name: 'gmt',
    columns: allColumns,
    delimiter: ',',
    hasHeader: true,
    timeFormat: 'iso',
    utcOffsetMinutes: 0,
  },
  {
    name: 'pacific-standard',
    columns: allColumns,
    delimiter: ',',
    hasHeader: false,
    timeFormat: 'digits',
    utcOffsetMinutes: -480,
  },
];

/** @throws `invalid-request` naming the layouts there are */
export function getOmarCsvLayout(name: string): OmarCsvLayout {
  const layout = omarCsvLayouts.find((candidate) => candidate.name === name);
  if (layout === undefined) {
    const expected = omarCsvLayouts.map((candidate) => candidate.name).join(', ');
    throw toInvalid('Cannot choose an OMAR CSV layout', { at: 'profile', value: name, expected });
  }
  return layout;
}

function findTime(text: string, layout: OmarCsvLayout): Instant | undefined {
  const pattern =
    layout.timeFormat === 'iso'
      ? /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):00Z$/
      : /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})$/;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number);
  const at = Date.UTC(year, month - 1, day, hour, minute) - layout.utcOffsetMinutes * minuteMs;
  return toTimeText({ endAt: at }, layout) === text ? at : undefined;
}

function toTimeText({ endAt }: Pick<OmarRow, 'endAt'>, layout: OmarCsvLayout): string {
  const text = toIsoText(endAt + layout.utcOffsetMinutes * minuteMs);
  return layout.timeFormat === 'iso' ? `${text.slice(0, 19)}Z` : text.replace(/[-T:]/g, '').slice(0, 12);
}

export function toHeaderLine(layout: OmarCsvLayout): string {
  return layout.columns.join(layout.delimiter);
}

/** The row as a line, without line end. */
export function toRowLine(row: OmarRow, layout: OmarCsvLayout): string {
  return layout.columns.map((name) => omarColumns[name].toText(row, layout)).join(layout.delimiter);
}

/** Whether the line, without line end, could begin a file of the layout: its header, or a row without fault. */
export function isFirstLine(line: string, layout: OmarCsvLayout): boolean {
  if (layout.hasHeader) return line === toHeaderLine(layout);
  const cells = line.split(layout.delimiter);
  const isCellRight = (name: OmarColumnName, index: number) =>
    omarColumns[name].find(cells[index] ?? '', layout) !== undefined;
  return cells.length === layout.columns.length && layout.columns.every(isCellRight);
}
