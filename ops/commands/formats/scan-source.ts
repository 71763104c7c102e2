import type { ScanOptions, ScanResult } from '../../../storage/formats/format.ts';
import { createScanner } from '../../../storage/formats/scanners.ts';
import type { Context } from '../../context.ts';
import { createProgress } from '../../progress.ts';
import type { Dialect } from './choose-dialect.ts';
import type { Source } from './source.ts';

/** Shorter sources are done before a bar could be read. */
const minBarBytes = 16_000_000;

export interface ScanAct extends ScanOptions {
  readonly format: Dialect['format'];
  /** What the progress bar counts; without it there is none. */
  readonly progress: string | undefined;
  /** Awaited after every chunk, before the next one is taken. */
  readonly afterChunk?: () => Promise<void>;
}

/** Scans a source from its first byte to its last, with a progress bar on a long one. */
export async function scanSource(source: Source, act: ScanAct, context: Context): Promise<ScanResult> {
  const scanner = createScanner(act.format, act);
  const total = source.bytes ?? 0;
  const isShown = act.progress !== undefined && total >= minBarBytes;
  const bar = isShown ? createProgress(context, act.progress) : undefined;
  let done = 0;
  try {
    for await (const chunk of source.read()) {
      scanner.push(chunk);
      await act.afterChunk?.();
      done += chunk.length;
      bar?.update(done, total);
    }
    return scanner.end();
  } finally {
    bar?.stop();
  }
}
