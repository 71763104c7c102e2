import type { Scanner, ScanResult } from '../../../storage/formats/format.ts';
import type { Context } from '../../context.ts';
import { createProgress } from '../../progress.ts';
import type { Source } from './source.ts';

/** Shorter sources are done before a bar could be read. */
const minBarBytes = 16_000_000;

interface ScanAct {
  /** What the progress bar counts; without it there is none. */
  readonly progress?: string;
  /** Awaited after every chunk, before the next one is taken. */
  readonly afterChunk?: () => Promise<void>;
}

/** Hands a source to its scanner, from its first byte to its last, with a progress bar on a long one. */
export async function scanSource(
  source: Source,
  scanner: Scanner,
  { progress, afterChunk }: ScanAct,
  context: Context,
): Promise<ScanResult> {
  const total = source.bytes ?? 0;
  const bar = progress === undefined || total < minBarBytes ? undefined : createProgress(context, progress);
  let done = 0;
  try {
    for await (const chunk of source.read()) {
      scanner.push(chunk);
      await afterChunk?.();
      done += chunk.length;
      bar?.update(done, total);
    }
    return scanner.end();
  } finally {
    bar?.stop();
  }
}
