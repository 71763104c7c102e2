import { MdmaError } from '../../../storage/model/errors.ts';
import type { Context } from '../../context.ts';
import type { Dialect } from './choose-dialect.ts';
import { type Converted, convertSource, type Target } from './convert-source.ts';
import { nowhere, openOutputFile, toStandardOutput } from './output.ts';
import type { Source } from './source.ts';
import { toRereadable } from './to-rereadable.ts';

export interface WholeConverted extends Converted {
  /** Why nothing was written; null when it was. */
  readonly obstacle: string | null;
}

interface Wish {
  /** The file; standard output when undefined. */
  readonly output: string | undefined;
  /** Whether nothing may be lost. */
  readonly isStrict: boolean;
}

/**
 * Converts whole or not at all: to a file that gets its name at the end, or to standard output once a first reading
 * has shown that nothing stands in the way.
 */
export function convertWhole(
  source: Source,
  from: Dialect,
  target: Target,
  { output, isStrict }: Wish,
  context: Context,
): Promise<WholeConverted> {
  return output === undefined
    ? toStandard(source, from, target, isStrict, context)
    : toFile(source, from, target, isStrict, output, context);
}

async function toFile(
  source: Source,
  from: Dialect,
  target: Target,
  isStrict: boolean,
  name: string,
  context: Context,
): Promise<WholeConverted> {
  const output = await openOutputFile(name, source, context);
  let obstacle: string | null = 'it failed';
  try {
    const converted = await convertSource(source, from, target, output, 'bytes converted', context);
    obstacle = findObstacle(converted, isStrict);
    return { ...converted, obstacle };
  } finally {
    await (obstacle === null ? output.keep() : output.drop());
  }
}

async function toStandard(
  source: Source,
  from: Dialect,
  target: Target,
  isStrict: boolean,
  context: Context,
): Promise<WholeConverted> {
  const rereadable = await toRereadable(source, context);
  try {
    const first = await convertSource(rereadable, from, target, nowhere, 'bytes checked', context);
    const obstacle = findObstacle(first, isStrict);
    if (obstacle !== null) return { ...first, obstacle };
    // A bar would run through what a terminal shows.
    const progress = context.stdout.isTTY === true ? undefined : 'bytes converted';
    const output = toStandardOutput(context);
    const second = await convertSource(rereadable, from, target, output, progress, context);
    if (second.scan.isRefused || second.written.bytes !== first.written.bytes) {
      throw new MdmaError('conflict', `Cannot convert ${source.name}: it changed while it was read`);
    }
    return { ...second, obstacle };
  } finally {
    if (rereadable !== source) await rereadable.close();
  }
}

function findObstacle({ scan, written }: Converted, isStrict: boolean): string | null {
  if (scan.isRefused) return 'the source has errors';
  if (written.readings === 0) return 'none of its readings can be carried';
  const isLossy = Object.values(written.losses).some((count) => count > 0);
  return isStrict && isLossy ? 'not everything can be carried, and --strict demands it' : null;
}
