import type { ScanResult } from '../../../storage/formats/format.ts';
import { createScanner } from '../../../storage/formats/scanners.ts';
import type { WriteResult } from '../../../storage/formats/writer.ts';
import { createWriter, type TargetName, type TargetOptions } from '../../../storage/formats/writers.ts';
import type { Context } from '../../context.ts';
import type { Dialect } from './choose-dialect.ts';
import type { Output } from './output.ts';
import { scanSource } from './scan-source.ts';
import type { Source } from './source.ts';

export interface Target extends Omit<TargetOptions, 'onBytes'> {
  readonly format: TargetName;
}

/** What was read, and what of it the target carries. */
export interface Converted {
  readonly scan: ScanResult;
  readonly written: WriteResult;
}

/**
 * Reads a source once and writes what it holds to the output in the target's format; whether the output is to be kept,
 * the caller decides. Memory is bounded by a chunk and what the writer makes of it.
 *
 * @param progress what a progress bar counts; without it there is none
 */
export async function convertSource(
  source: Source,
  dialect: Dialect,
  target: Target,
  output: Output,
  progress: string | undefined,
  context: Context,
): Promise<Converted> {
  let pieces: Uint8Array[] = [];
  const writer = createWriter(target.format, { ...target, onBytes: (bytes) => pieces.push(bytes) });
  const flush = async () => {
    const bytes = Buffer.concat(pieces);
    pieces = [];
    if (bytes.length > 0) await output.write(bytes);
  };
  const { profile } = dialect;
  const scanner = createScanner(dialect.format, {
    profile,
    now: target.now,
    onReadingSet: (set, readings) => writer.add(set, readings()),
  });
  const act = { afterChunk: flush, ...(progress === undefined ? {} : { progress }) };
  const scan = await scanSource(source, scanner, act, context);
  const written = writer.end();
  await flush();
  return { scan, written };
}
