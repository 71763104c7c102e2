import { toInvalid } from '../../model/errors.ts';
import { type OmarColumnName, type OmarCsvLayout, type OmarRow, omarColumns } from './columns.ts';
import { type OmarTimeFormat, omarTimeFormats } from './time-formats.ts';

const keys = 'name columns headings delimiter header timeFormat zone fixed'.split(' ');
const columnNames = Object.keys(omarColumns) as OmarColumnName[];
/** Without these a row says nothing. */
const needed: readonly OmarColumnName[] = ['RESOURCE_ID', 'INTERVAL_END_GMT', 'VALUE'];
const delimiters = [',', ';', '\t', '|'] as const;
const zones: Readonly<Record<string, 0 | -480>> = { gmt: 0, 'pacific-standard': -480 };

/**
 * A layout from settings, for a deployment that holds the ISO's own document:
 *
 * - `name`; `columns`, in their order; `headings`, their names in the header where they are not ours;
 * - `delimiter` (`,` when left out), `header` (true), `timeFormat` (`iso`), `zone` (`gmt`);
 * - `fixed`, by column: what every row says where MEASUREMENT_TYPE, UOM or INTERVAL_MINUTES has no column.
 *   Without QUALITY all rows are validated;
 *
 * Local prevailing time is no zone for it: the hour that autumn repeats would name two instants.
 *
 * @throws `invalid-request` naming the setting, its value and what was expected
 */
export function parseOmarCsvLayout(value: unknown): OmarCsvLayout {
  const settings = parseRecord('layout', value, keys);
  const columns = parseColumns(settings.columns);
  const zone = parseOneOf('zone', settings.zone ?? 'gmt', Object.keys(zones));
  const timeFormat = parseOneOf('timeFormat', settings.timeFormat ?? 'iso', Object.keys(omarTimeFormats));
  if (timeFormat === 'iso' && zone !== 'gmt') {
    refuse('timeFormat', timeFormat, `another form where zone is ${zone}: this one says that it is UTC`);
  }
  const delimiter = parseOneOf('delimiter', settings.delimiter ?? ',', delimiters) as ',';
  const layout: OmarCsvLayout = {
    name: parseText('name', settings.name, /^[a-z0-9-]{1,40}$/, '1 to 40 of a-z, 0-9 and hyphen'),
    columns,
    headings: parseHeadings(settings.headings ?? {}, columns, delimiter),
    delimiter,
    hasHeader: parseOneOf('header', settings.header ?? true, [true, false]),
    timeFormat: timeFormat as OmarTimeFormat,
    utcOffsetMinutes: zones[zone] ?? 0,
    fixed: {},
  };
  return { ...layout, fixed: parseFixed(settings.fixed ?? {}, layout) };
}

function refuse(at: string, value: unknown, expected: string): never {
  throw toInvalid('Cannot use the OMAR CSV layout', { at, value: String(value), expected });
}

function parseRecord(at: string, value: unknown, allowed: readonly string[]): Record<string, unknown> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isRecord) refuse(at, value, 'settings by name');
  const unknown = Object.keys(value).find((key) => !allowed.includes(key));
  if (unknown !== undefined) {
    refuse(
      `${at}.${unknown}`,
      value[unknown as keyof typeof value],
      allowed.length === 0 ? 'no setting here' : `only ${allowed.join(', ')}`,
    );
  }
  return value as Record<string, unknown>;
}

function parseOneOf<Value>(at: string, value: unknown, allowed: readonly Value[]): Value {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  const isPrevailing = at === 'zone' && value !== undefined;
  const why = isPrevailing ? '; local prevailing time repeats an hour in autumn' : '';
  return refuse(at, value, `one of ${allowed.map((one) => JSON.stringify(one)).join(', ')}${why}`);
}

function parseText(at: string, value: unknown, pattern: RegExp, expected: string): string {
  return typeof value === 'string' && pattern.test(value) ? value : refuse(at, value, expected);
}

function parseColumns(value: unknown): OmarColumnName[] {
  if (!Array.isArray(value)) refuse('columns', value, `a list of ${columnNames.join(', ')}`);
  const columns = value.map((name, index) => parseOneOf(`columns[${index}]`, name, columnNames));
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) refuse('columns', twice, 'each column once');
  const without = needed.find((name) => !columns.includes(name));
  if (without !== undefined) refuse('columns', columns.join(', '), `${needed.join(', ')} among them`);
  return columns;
}

function parseHeadings(
  value: unknown,
  columns: readonly OmarColumnName[],
  delimiter: string,
): Record<string, string> {
  const headings = parseRecord('headings', value, columns);
  const entries = Object.entries(headings).map(([name, heading]): [string, string] => {
    const expected = '1 to 60 printable ASCII characters without the delimiter';
    const text = parseText(`headings.${name}`, heading, /^[\x20-\x7e]{1,60}$/, expected);
    return text.includes(delimiter) ? refuse(`headings.${name}`, text, expected) : [name, text];
  });
  const found = Object.fromEntries(entries);
  const shown = columns.map((name) => found[name] ?? name);
  const twice = shown.find((heading, index) => shown.indexOf(heading) !== index);
  if (twice !== undefined) refuse('headings', twice, 'each heading once');
  return found;
}

/** Values for the columns that the layout does not have, each as the column itself would be read. */
function parseFixed(value: unknown, layout: OmarCsvLayout): Partial<OmarRow> {
  const absent = columnNames.filter((name) => name !== 'QUALITY' && !layout.columns.includes(name));
  const settings = parseRecord('fixed', value, absent);
  const fixed = absent.map((name) => {
    const { key, find, expected } = omarColumns[name];
    const setting = settings[name];
    // As YAML reads `INTERVAL_MINUTES: 60`.
    const text = typeof setting === 'number' ? String(setting) : setting;
    const found = typeof text === 'string' ? find(text, layout) : undefined;
    return found === undefined ? refuse(`fixed.${name}`, text, expected) : [key, found];
  });
  return Object.fromEntries(layout.columns.includes('QUALITY') ? fixed : [...fixed, ['isEstimated', false]]);
}
