import {
  type OmarColumnName,
  type OmarCsvLayout,
  omarColumns,
} from '../../../storage/formats/omar-csv/columns.ts';
import { measurementTypes } from '../../../storage/model/resource.ts';
import { type ValidationCode, validationTexts } from '../validation-texts.ts';
import { splitCsv } from './csv-rows.ts';

/** What the validation of a file found; the texts are ours, since the ISO's are not published. */
export interface Validation {
  readonly records: number;
  readonly errors: readonly { readonly words: string; readonly occurrences: number }[];
}

const mdefRecordBytes = 216;

/** What CSV is checked by. */
export interface CsvRules {
  /** Its header may be left out. */
  readonly layout: OmarCsvLayout;
  /** Resources that there are; all that are well named when left out. */
  readonly resources?: readonly string[] | undefined;
}

/**
 * Checks meter data in OMAR's CSV or MDEF format as far as the content alone allows: not who owns a resource, nor
 * whether a trade date is complete or closed.
 *
 * @param now nothing may lie after it, in milliseconds since the epoch
 * @param forced an error that the first record has in any case
 */
export function validateMeterData(
  format: 'CSV' | 'MDEF',
  bytes: Buffer,
  rules: CsvRules,
  now: number,
  forced?: ValidationCode,
): Validation {
  const found = format === 'CSV' ? validateCsv(bytes, rules, now) : validateMdef(bytes);
  if (forced === undefined) return found;
  return { ...found, errors: [{ words: validationTexts[forced], occurrences: 1 }, ...found.errors] };
}

function validateCsv(bytes: Buffer, rules: CsvRules, now: number): Validation {
  const rows = splitCsv(bytes, rules.layout);
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  for (const row of rows) {
    const words = findCsvError(row, rules, seen, now);
    if (words !== undefined) counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  if (rows.length === 0) counts.set(validationTexts[1], 1);
  return {
    records: rows.length,
    errors: [...counts].map(([words, occurrences]) => ({ words, occurrences })),
  };
}

function findCsvError(
  cells: readonly string[],
  { layout, resources }: CsvRules,
  seen: Set<string>,
  now: number,
): string | undefined {
  const { columns, fixed } = layout;
  // What no row is marked with is false, and says nothing.
  const get = (name: OmarColumnName) =>
    cells[columns.indexOf(name)] ?? String(fixed[omarColumns[name].key] || '');
  const endAt = omarColumns.INTERVAL_END_GMT.find(get('INTERVAL_END_GMT'), layout);
  if (cells.length !== columns.length || endAt === undefined || !/^E?$/.test(get('QUALITY'))) {
    return validationTexts[2];
  }
  const resource = get('RESOURCE_ID');
  const [type, unit] = [get('MEASUREMENT_TYPE'), get('UOM')];
  if (!/^[A-Z0-9_-]{1,32}$/.test(resource)) return validationTexts[3];
  if (resources?.includes(resource) === false) return `${validationTexts[3]} (${resource})`;
  const key = [resource, type, unit, endAt].join();
  const words = findIntervalError(type, unit, get('INTERVAL_MINUTES'), endAt, get('VALUE'), now);
  if (words === undefined && !seen.has(key)) {
    seen.add(key);
    return undefined;
  }
  return `${words ?? validationTexts[8]} (${resource})`;
}

function findIntervalError(
  type: string,
  unit: string,
  minutes: string,
  endAt: number,
  value: string,
  now: number,
): string | undefined {
  if (!measurementTypes.omar.includes(type) || !/^(KWH|KVARH|MWH)$/.test(unit)) return validationTexts[5];
  if (!/^(5|10|15|30|60)$/.test(minutes)) return validationTexts[6];
  if (endAt % (Number(minutes) * 60_000) !== 0) return validationTexts[7];
  if (endAt > now) return validationTexts[12];
  return /^\d{1,12}(\.\d{1,3})?$/.test(value) ? undefined : validationTexts[10];
}

function validateMdef(bytes: Buffer): Validation {
  const records = Math.floor(bytes.length / mdefRecordBytes);
  const toErrors = (words: string) => ({ records, errors: [{ words, occurrences: 1 }] });
  if (records === 0) return toErrors(validationTexts[1]);
  const codes = Array.from({ length: records }, (_, at) => ({
    length: bytes.readInt16LE(at * mdefRecordBytes),
    code: bytes.readInt16LE(at * mdefRecordBytes + 2),
  }));
  const isWhole =
    bytes.length % mdefRecordBytes === 0 && codes.every(({ length }) => length === mdefRecordBytes);
  if (!isWhole || codes[0]?.code !== 1) return toErrors(validationTexts[2]);
  const trailer = bytes.subarray(-mdefRecordBytes);
  const total = trailer.toString('latin1', 34, 44);
  return codes.at(-1)?.code === 9999 && Number(total) === records
    ? { records, errors: [] }
    : toErrors('Record count does not match trailer');
}
