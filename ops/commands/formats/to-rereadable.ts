import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Context } from '../../context.ts';
import { toUnwritable } from './output.ts';
import { openHandle, type Source } from './source.ts';

/**
 * A source with the same bytes that can be read more than once: itself, or a copy in the folder for temporary files.
 * The copy loses its name as soon as it is opened, so that it never outlives the process. Closing the answer closes
 * the copy only.
 *
 * @throws `storage-full` when the copy finds no room
 */
export async function toRereadable(source: Source, context: Context): Promise<Source> {
  if (source.bytes !== undefined) return source;
  const file = path.join(tmpdir(), `mdma-${context.random(12).toString('hex')}`);
  const handle = await open(file, 'wx+', 0o600);
  try {
    await rm(file);
    for await (const chunk of source.read()) await handle.writeFile(chunk);
    const copy = await openHandle(handle, source.name);
    return { ...copy, fileName: source.fileName };
  } catch (error) {
    await handle.close();
    throw toUnwritable(`a copy of ${source.name} in ${tmpdir()}`, error);
  }
}
