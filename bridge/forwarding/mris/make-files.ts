import { compareMeterData } from '../../../storage/formats/meter-data-xml/compare.ts';
import type {
  MeterDataFormat,
  MeterDataRow,
} from '../../../storage/formats/meter-data-xml/meter-data-format.ts';
import { splitMeterData } from '../../../storage/formats/meter-data-xml/split.ts';
import { toIsoRow } from '../../../storage/formats/meter-data-xml/to-iso-row.ts';
import { writeMeterData } from '../../../storage/formats/meter-data-xml/writer.ts';
import { MdmaError } from '../../../storage/model/errors.ts';
import { toIsoText } from '../../../storage/model/time.ts';
import type { MadeFile } from '../iso-outcomes.ts';
import type { StepContext } from '../step-context.ts';
import { createRowReader } from './read-rows.ts';

/** Rows are held as objects until they are split. */
export const maxMrisRows = 1_000_000;

/**
 * The rows as MeterData documents under the size that MRI-S takes, each read back before it counts. What the mapping
 * file's tables do not have is a person's.
 */
export function* makeFiles(
  { settings: { maxPartBytes } }: Pick<StepContext, 'settings'>,
  rows: readonly MeterDataRow[],
  format: MeterDataFormat,
): Generator<MadeFile> {
  const found = split(rows, format, maxPartBytes);
  if ('why' in found) {
    yield found;
    return;
  }
  for (const part of found.parts) {
    const bytes = Buffer.from([...writeMeterData(part, format)].join(''));
    checkReadBack(bytes, part, format);
    yield { bytes, records: part.length, extension: 'xml' };
  }
}

/** Looks at every row, so that what cannot be written is known before the first document. */
function split(
  rows: readonly MeterDataRow[],
  format: MeterDataFormat,
  maxPartBytes: number,
): { readonly parts: readonly (readonly MeterDataRow[])[] } | Extract<MadeFile, { readonly why: string }> {
  const twice = findTwice(rows);
  if (twice !== undefined) {
    const { resourceId, measurementType, endAt } = twice;
    return { why: `${measurementType} of resource ${resourceId} until ${toIsoText(endAt)} is in it twice` };
  }
  try {
    const found = splitMeterData(rows, format, maxPartBytes);
    if (!('tooLarge' in found)) return found;
    const { resourceId, day, bytes } = found.tooLarge;
    return {
      why: `resource ${resourceId} on ${day}: ${bytes} bytes of one day, the ISO takes ${maxPartBytes}`,
    };
  } catch (error) {
    if (isRefusal(error)) return { why: error.message, row: findRefused(rows, format) };
    throw error;
  }
}

function isRefusal(error: unknown): error is MdmaError {
  return error instanceof MdmaError && error.code === 'invalid-request';
}

/** The first row that the mapping file's tables do not have. */
function findRefused(rows: readonly MeterDataRow[], format: MeterDataFormat): MeterDataRow | undefined {
  return rows.find((row) => {
    try {
      toIsoRow(row, format);
      return false;
    } catch (error) {
      if (isRefusal(error)) return true;
      throw error;
    }
  });
}

function findTwice(rows: readonly MeterDataRow[]): MeterDataRow | undefined {
  const seen = new Set<string>();
  return rows.find(({ resourceId, measurementType, endAt }) => {
    const key = `${resourceId} ${measurementType} ${endAt}`;
    const isSeen = seen.has(key);
    seen.add(key);
    return isSeen;
  });
}

/** @throws when what was written is not what was to be written: a fault of the mapping file, or of ours */
function checkReadBack(bytes: Uint8Array, rows: readonly MeterDataRow[], format: MeterDataFormat): void {
  const { push, end } = createRowReader(format);
  push(bytes);
  const read = end();
  const { same } = compareMeterData(rows, read, format);
  if (same === rows.length && read.length === rows.length) return;
  throw new Error(`Cannot prepare: a document reads back with ${same} of ${rows.length} intervals`);
}
