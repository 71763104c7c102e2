import type { Scanner, ScanOptions, ScanResult } from '../../../storage/formats/format.ts';
import { createScanner } from '../../../storage/formats/scanners.ts';
import { createAcknowledgementScanner } from '../../../storage/formats/x12/acknowledgement/acknowledgement-scanner.ts';
import type { GroupAnswer } from '../../../storage/formats/x12/acknowledgement/answers.ts';
import type { OutcomeCollector } from '../../../storage/formats/x12/acknowledgement/outcome-collector.ts';
import { createUsageScanner } from '../../../storage/formats/x12/usage/usage-scanner.ts';
import { MdmaError } from '../../../storage/model/errors.ts';
import type { Context } from '../../context.ts';
import { AnswerTally } from './answer-tally.ts';
import { chooseDialect, type Dialect } from './choose-dialect.ts';
import { scanSource } from './scan-source.ts';
import { type SeriesResult, SeriesTally } from './series-tally.ts';
import type { Source } from './source.ts';

/** All that is found out about a file that can be read. */
export interface Inspection extends Dialect, ScanResult, SeriesResult {
  readonly file: string;
  /** Faults beyond the limit, by code. */
  readonly unlisted: Readonly<Record<string, number>>;
  /** What a 997 says, group by group, up to a limit; empty for other formats. */
  readonly answers: readonly GroupAnswer[];
  readonly otherAnswers: number;
}

export interface InspectOptions extends Pick<ScanOptions, 'maxFaults' | 'levels'> {
  readonly format?: Dialect['format'];
  readonly profile?: string;
  /** Series of the first so many meters are told apart; of all, up to a limit, when left out. */
  readonly maxMeters?: number;
  /** Collects what the 997 for an 867 says; nothing else can be answered. */
  readonly outcomes?: OutcomeCollector;
}

/**
 * Reads a source once and says what it is and holds.
 *
 * @throws `invalid-request` when it cannot be read, is of no format, or cannot be answered though that is wanted
 */
export async function inspectSource(
  source: Source,
  options: InspectOptions,
  context: Context,
): Promise<Inspection> {
  const { maxFaults, levels } = options;
  const dialect = chooseDialect(source, options);
  const tally = new SeriesTally(options.maxMeters);
  const answers = new AnswerTally();
  const scanOptions: ScanOptions = {
    profile: dialect.profile,
    now: context.clock.now(),
    onReadingSet: (set, readings, amounts) => tally.take(set, readings, amounts),
    ...(maxFaults === undefined ? {} : { maxFaults }),
    ...(levels === undefined ? {} : { levels }),
  };
  const scanner = toScanner(source.name, dialect, scanOptions, answers, options.outcomes);
  const result = await scanSource(source, scanner, { progress: 'bytes read' }, context);
  return {
    file: source.name,
    ...dialect,
    ...result,
    ...tally.toResult(),
    unlisted: countUnlisted(result),
    answers: answers.answers,
    otherAnswers: answers.others,
  };
}

function toScanner(
  name: string,
  { format }: Dialect,
  options: ScanOptions,
  answers: AnswerTally,
  outcomes: OutcomeCollector | undefined,
): Scanner {
  if (outcomes !== undefined) {
    if (format === 'x12-867') return createUsageScanner({ ...options, observer: outcomes });
    throw new MdmaError('invalid-request', `Cannot answer ${name}: it is ${format}, and a 997 is for an 867`);
  }
  if (format !== 'x12-997') return createScanner(format, options);
  return createAcknowledgementScanner({ ...options, onAnswer: (answer) => answers.take(answer) });
}

function countUnlisted({ faults, faultCounts }: ScanResult): Record<string, number> {
  const counts = { ...faultCounts };
  for (const { code } of faults) counts[code] = (counts[code] ?? 0) - 1;
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}
