import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { MdmaError, type ValueFault } from '../storage/model/errors.ts';

/**
 * Whether every file that these settings name can be read: settings of files end in `File` or `Files`, so that a new
 * one is checked without being listed here. The store's own places are not among them; opening it checks those.
 *
 * @throws `invalid-request` with every fault at once
 */
export async function checkFiles(settings: Readonly<Record<string, unknown>>): Promise<void> {
  const faults: ValueFault[] = [];
  for (const { at, file } of listFiles(settings, '')) {
    const found = await findObstacle(file);
    if (found !== undefined)
      faults.push({ at, value: `${file} (${found})`, expected: 'a file that can be read' });
  }
  if (faults.length === 0) return;
  const count = faults.length === 1 ? 'a file' : `${faults.length} files`;
  throw new MdmaError('invalid-request', `Cannot use configuration: ${count} cannot be read`, { faults });
}

function* listFiles(value: unknown, at: string): Generator<{ at: string; file: string }> {
  if (typeof value === 'string') {
    if (/Files?(?:\[\d+\])?$/.test(at)) yield { at, file: value };
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* listFiles(item, `${at}[${index}]`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value))
      yield* listFiles(item, at === '' ? name : `${at}.${name}`);
  }
}

async function findObstacle(file: string): Promise<string | undefined> {
  try {
    await access(file, constants.R_OK);
    return (await stat(file)).isFile() ? undefined : 'not a file';
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return { ENOENT: 'not there', EACCES: 'not readable for this user' }[code] ?? String(error);
  }
}
