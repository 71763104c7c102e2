import type { ScanOptions, ScanResult } from '../../../storage/formats/format.ts';
import { createScanner } from '../../../storage/formats/scanners.ts';
import type { Context } from '../../context.ts';
import { createProgress } from '../../progress.ts';
import type { Dialect } from './choose-dialect.ts';
import type { Source } from './source.ts';

/** Shorter sources are done before a bar could be read. */
const minBarBytes = 16_000_000;

/**
 * Reads a source from its first byte to its last, with a progress bar on a long one.
 *
 * @param afterChunk awaited after every chunk, before the next one is taken
 */
export async function scanSource(
  source: Source,
  { format }: Dialect,
  options: ScanOptions,
  context: Context,
  afterChunk: () => Promise<void> = async () => undefined,
): Promise<ScanResult> {
  const scanner = createScanner(format, options);
  const total = source.bytes ?? 0;
  const progress = total < minBarBytes ? undefined : createProgress(context, 'bytes read');
  let done = 0;
  try {
    for await (const chunk of source.chunks) {
      scanner.push(chunk);
      await afterChunk();
      done += chunk.length;
      progress?.update(done, total);
    }
    return scanner.end();
  } finally {
    progress?.stop();
  }
}
