import { createCmepWriter } from './cmep/cmep-writer.ts';
import type { FormatName } from './format.ts';
import { createMdefWriter } from './mdef/mdef-writer.ts';
import { createOmarCsvWriter } from './omar-csv/omar-csv-writer.ts';
import type { WriteOptions, Writer } from './writer.ts';
import { createX12Writer } from './x12/usage/usage-writer.ts';

/** A format is written by its own writer; what one of them needs beyond the common options is optional here. */
export interface TargetOptions extends WriteOptions {
  /** Written where a set names no sender or no receiver, in formats that name them. */
  readonly sender?: string;
  readonly receiver?: string;
  /** Of the first interchange of an 867, and at the end of its first reference. */
  readonly controlNumber?: number;
  readonly referenceNumber?: number;
}

const writers = {
  cmep: createCmepWriter,
  'x12-867': createX12Writer,
  mdef: createMdefWriter,
  'omar-csv': (options) => createOmarCsvWriter(options),
} as const satisfies Partial<Record<FormatName, (options: TargetOptions) => Writer>>;

export type TargetName = keyof typeof writers;

/** The formats that can be written. */
export const targetNames = Object.keys(writers) as TargetName[];

/**
 * A writer for one file of the format.
 *
 * @throws `invalid-request` when the format has no such profile
 */
export function createWriter(format: TargetName, options: TargetOptions): Writer {
  return writers[format](options);
}
