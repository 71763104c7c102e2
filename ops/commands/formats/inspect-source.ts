import type { ScanOptions, ScanResult } from '../../../storage/formats/format.ts';
import type { Context } from '../../context.ts';
import { chooseDialect, type Dialect } from './choose-dialect.ts';
import { type ScanAct, scanSource } from './scan-source.ts';
import { type SeriesResult, SeriesTally } from './series-tally.ts';
import type { Source } from './source.ts';

/** All that is found out about a file that can be read. */
export interface Inspection extends Dialect, ScanResult, SeriesResult {
  readonly file: string;
  /** Faults beyond the limit, by code. */
  readonly unlisted: Readonly<Record<string, number>>;
}

export interface InspectOptions extends Pick<ScanOptions, 'maxFaults' | 'levels'> {
  readonly format?: Dialect['format'];
  readonly profile?: string;
}

/**
 * Reads a source once and says what it is and holds.
 *
 * @throws `invalid-request` when it cannot be read or is of no format
 */
export async function inspectSource(
  source: Source,
  options: InspectOptions,
  context: Context,
): Promise<Inspection> {
  const { maxFaults, levels } = options;
  const dialect = chooseDialect(source, options);
  const tally = new SeriesTally();
  const act: ScanAct = {
    ...dialect,
    progress: 'bytes read',
    now: context.clock.now(),
    onReadingSet: (set, readings, amounts) => tally.take(set, readings, amounts),
    ...(maxFaults === undefined ? {} : { maxFaults }),
    ...(levels === undefined ? {} : { levels }),
  };
  const result = await scanSource(source, act, context);
  return { file: source.name, ...dialect, ...result, ...tally.toResult(), unlisted: countUnlisted(result) };
}

function countUnlisted({ faults, faultCounts }: ScanResult): Record<string, number> {
  const counts = { ...faultCounts };
  for (const { code } of faults) counts[code] = (counts[code] ?? 0) - 1;
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}
