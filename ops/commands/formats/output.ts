import { rmSync } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { MdmaError } from '../../../storage/model/errors.ts';
import type { Context } from '../../context.ts';
import type { Source } from './source.ts';

/** Where bytes go. Nothing of a file is under its name before `keep`; after `keep` or `drop` it is used up. */
export interface Output {
  write(bytes: Uint8Array): Promise<void>;
  keep(): Promise<void>;
  drop(): Promise<void>;
}

/** Takes bytes for nobody: for finding out beforehand whether everything goes well. */
export const nowhere: Output = {
  write: async () => undefined,
  keep: async () => undefined,
  drop: async () => undefined,
};

/** Standard output. What is written cannot be taken back. */
export function toStandardOutput({ stdout }: Context): Output {
  return {
    ...nowhere,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        const fail = (error: Error) => reject(toUnwritable('standard output', error));
        // An error comes to the callback and then as an event, which must not find nobody listening.
        stdout.once('error', fail);
        stdout.write(bytes, (error) => {
          if (error) return fail(error);
          stdout.off('error', fail);
          resolve();
        });
      }),
  };
}

/**
 * A file, written under a passing name beside its place and renamed when it is whole; one that is there is replaced
 * then, unless it is what is read. The passing file is removed when the work fails or is stopped by a signal; a SIGKILL
 * leaves it behind.
 *
 * @param source what is read
 * @throws `invalid-request` when there can be no such file
 */
export async function openOutputFile(name: string, source: Source, context: Context): Promise<Output> {
  const place = await findPlace(name, source, context);
  const passing = path.join(
    path.dirname(place),
    `.${path.basename(place)}.${context.random(6).toString('hex')}.part`,
  );
  let handle: FileHandle;
  try {
    handle = await open(passing, 'wx', 0o666);
  } catch (error) {
    throw toUnwritable(name, error);
  }
  const release = removeAtSignals(passing);
  const end = async (act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      await rm(passing, { force: true });
      throw toUnwritable(name, error);
    } finally {
      release();
    }
  };
  return {
    write: (bytes) =>
      handle.writeFile(bytes).catch((error) => {
        throw toUnwritable(name, error);
      }),
    keep: () =>
      end(async () => {
        await handle.sync().finally(() => handle.close());
        await rename(passing, place);
      }),
    drop: () =>
      end(async () => {
        await handle.close();
        await rm(passing);
      }),
  };
}

/** Where the file is to be: behind a symbolic link, where that points. */
async function findPlace(name: string, source: Source, { cwd }: Context): Promise<string> {
  const named = path.resolve(cwd, name);
  let place = named;
  try {
    place = await realpath(named);
    if (source.fileName !== undefined && place === (await realpath(path.resolve(cwd, source.name)))) {
      throw new MdmaError('invalid-request', `Cannot write ${name}: it is the file that is read`);
    }
    if ((await stat(place)).isFile()) return place;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return named;
    throw toUnwritable(name, error);
  }
  throw new MdmaError('invalid-request', `Cannot write ${name}: it is there and is not a file`);
}

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Removes the file when the process is told to end, then lets it end; the answer stops that. */
function removeAtSignals(file: string): () => void {
  const release = () => {
    for (const signal of endingSignals) process.off(signal, act);
  };
  const act = (signal: NodeJS.Signals) => {
    rmSync(file, { force: true });
    release();
    process.kill(process.pid, signal);
  };
  for (const signal of endingSignals) process.on(signal, act);
  return release;
}

/** Codes by whether the command line is wrong, or the disk full; the words for people. */
const obstacles: Readonly<Record<string, readonly ['invalid-request' | 'storage-full', string]>> = {
  ENOENT: ['invalid-request', 'there is no such folder'],
  ENOTDIR: ['invalid-request', 'there is no such folder'],
  EACCES: ['invalid-request', 'this user may not write there'],
  EROFS: ['invalid-request', 'nothing can be written there'],
  ENOSPC: ['storage-full', 'no space is left'],
  EDQUOT: ['storage-full', 'no space is left for this user'],
  EFBIG: ['storage-full', 'the file would be larger than is allowed'],
};

/** The error of a write in words: where to, and what stood in its way. */
export function toUnwritable(name: string, cause: unknown): unknown {
  if (cause instanceof MdmaError) return cause;
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const [errorCode, found] = obstacles[code] ?? (['unavailable', message] as const);
  return new MdmaError(errorCode, `Cannot write ${name}: ${found}`, { cause });
}
