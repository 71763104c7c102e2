import { toInvalid } from '../../model/errors.ts';
import { measurementTypes } from '../../model/resource.ts';
import { type Instant, minuteMs } from '../../model/time.ts';
import type { OmarCsvFaultCode } from './faults.ts';
import { type OmarTimeFormat, omarTimeFormats } from './time-formats.ts';

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

/** What neighbouring rows have in common. */
export type OmarSeries = Pick<OmarRow, 'resourceId' | 'measurementType' | 'unit' | 'intervalMinutes'>;

export function isSameSeries(a: OmarSeries, b: OmarSeries): boolean {
  if (a === b) return true;
  return (
    a.resourceId === b.resourceId &&
    a.measurementType === b.measurementType &&
    a.unit === b.unit &&
    a.intervalMinutes === b.intervalMinutes
  );
}

/**
 * A layout of the file. OMAR's own column list was never published, so everything that a deployment holding the real
 * document might have to correct is a row of {@link omarCsvLayouts} or a setting (`parse-layout.ts`), not code.
 */
export interface OmarCsvLayout {
  readonly name: string;
  /** The columns there are, in their order. */
  readonly columns: readonly OmarColumnName[];
  /** Names of columns in the header, where they are not our own. */
  readonly headings: Readonly<Partial<Record<OmarColumnName, string>>>;
  readonly delimiter: ',' | ';' | '\t' | '|';
  readonly hasHeader: boolean;
  readonly timeFormat: OmarTimeFormat;
  /** Fixed offset of the times from UTC: 0 (GMT) or -480 (Pacific standard time all year). */
  readonly utcOffsetMinutes: 0 | -480;
  /** What every row says that has no column for it. */
  readonly fixed: Readonly<Partial<OmarRow>>;
}

export const omarMeasurementTypes = measurementTypes.omar;
const omarUnits = ['KWH', 'KVARH', 'MWH'];
export const omarIntervalMinutes = [5, 10, 15, 30, 60];
/** Twelve digits, the point and three places. */
export const maxValueCharacters = 16;

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
    find: (text, layout) => {
      const minutes = omarTimeFormats[layout.timeFormat].findMinutes(text);
      return minutes === undefined ? undefined : (minutes - layout.utcOffsetMinutes) * minuteMs;
    },
    toText: ({ endAt }, layout) =>
      omarTimeFormats[layout.timeFormat].toText(endAt / minuteMs + layout.utcOffsetMinutes),
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

/** Measurement type by the unit of readings: received energy is generated, as far as a meter can tell. */
export const usualMeasurementTypes: Readonly<Record<string, string>> = {
  KWH: 'LOAD',
  GKWH: 'GEN',
  KVARH: 'LOAD',
  GKVARH: 'GEN',
  MWH: 'LOAD',
  GMWH: 'GEN',
};

const gmt: OmarCsvLayout = {
  name: 'gmt',
  columns: Object.keys(omarColumns) as OmarColumnName[],
  headings: {},
  delimiter: ',',
  hasHeader: true,
  timeFormat: 'iso',
  utcOffsetMinutes: 0,
  fixed: {},
};

export const omarCsvLayouts: readonly OmarCsvLayout[] = [
  gmt,
  { ...gmt, name: 'pacific-standard', hasHeader: false, timeFormat: 'digits', utcOffsetMinutes: -480 },
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

/** The first column that rows of a series would need, because the layout fixes another value in its place. */
export function findUnfit(series: OmarSeries, { fixed }: OmarCsvLayout): OmarColumnName | undefined {
  return (['MEASUREMENT_TYPE', 'UOM', 'INTERVAL_MINUTES'] as const).find((name) => {
    const { key } = omarColumns[name];
    return fixed[key] !== undefined && fixed[key] !== series[key as keyof OmarSeries];
  });
}

/** The same in words: which column, of which resource, and what would stand in its place. */
export function findUnfitWords(series: OmarSeries, layout: OmarCsvLayout): string | undefined {
  const column = findUnfit(series, layout);
  if (column === undefined) return undefined;
  const { key } = omarColumns[column];
  const value = JSON.stringify(series[key as keyof OmarSeries]);
  const fixed = JSON.stringify(layout.fixed[key]);
  return `${column} of resource ${series.resourceId} is ${value}, in layout ${layout.name} always ${fixed}`;
}

export function toHeaderLine(layout: OmarCsvLayout): string {
  return layout.columns.map((name) => layout.headings[name] ?? name).join(layout.delimiter);
}

/** Whether the line, without line end, could begin a file of the layout: its header, or a row without fault. */
export function isFirstLine(line: string, layout: OmarCsvLayout): boolean {
  return layout.hasHeader ? line === toHeaderLine(layout) : isRow(line, layout);
}

/** The first two lines of a file, without line ends. */
export function toFirstLines(file: Uint8Array): string[] {
  return Buffer.from(file.subarray(0, 3_000)).toString('latin1').split(/\r?\n/, 2);
}

/** Whether the first two lines of a file, without line ends, are those of the layout. */
export function isOfLayout([first = '', second = '']: readonly string[], layout: OmarCsvLayout): boolean {
  return isFirstLine(first, layout) && (!layout.hasHeader || isRow(second, layout));
}

function isRow(line: string, layout: OmarCsvLayout): boolean {
  const cells = line.split(layout.delimiter);
  const isCellRight = (name: OmarColumnName, index: number) =>
    omarColumns[name].find(cells[index] ?? '', layout) !== undefined;
  return cells.length === layout.columns.length && layout.columns.every(isCellRight);
}
