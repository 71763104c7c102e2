import type { Instant } from '../../storage/model/time.ts';
import type { SubmissionError } from '../../storage/ports/forwardings.ts';
import type { Resource } from '../../storage/ports/resources.ts';
import { findInstants, linePattern, resourcePattern } from './error-patterns.ts';

/** One interval of a part. */
export interface PartInterval {
  readonly resourceId: string;
  readonly endAt: Instant;
  /** Line of the part, from 1. */
  readonly line: number;
}

/** What the ISO said, and what it names where it says so in fields of its own. */
export interface IsoWords {
  readonly words: string;
  readonly occurrences: number;
  readonly resourceId?: string;
  readonly intervalEndAt?: Instant;
}

/**
 * Finds what in a part the ISO's words are about, as far as they tell: a resource, an interval, a line, each only where
 * the part has it; and back by the mapping the meter that was posted. What they do not tell is left open.
 */
export function explainErrors(
  errors: readonly IsoWords[],
  intervals: readonly PartInterval[],
  mapped: readonly Resource[],
): SubmissionError[] {
  const resourceIds = new Set(intervals.map(({ resourceId }) => resourceId));
  const byLine = new Map(intervals.map((interval) => [interval.line, interval]));
  const isThere = new Set(intervals.map(({ resourceId, endAt }) => `${resourceId} ${endAt}`));
  const ends = new Set(intervals.map(({ endAt }) => endAt));
  const lineOf = new Map(intervals.map(({ resourceId, endAt, line }) => [`${resourceId} ${endAt}`, line]));
  return errors.map(({ words, occurrences, ...told }) => {
    const atLine = [...words.matchAll(linePattern)]
      .map(([, line]) => byLine.get(Number(line)))
      .find((interval) => interval !== undefined);
    const resourceId =
      told.resourceId ??
      [...words.matchAll(resourcePattern)].map(([token]) => token).find((token) => resourceIds.has(token)) ??
      atLine?.resourceId ??
      (resourceIds.size === 1 ? ([...resourceIds][0] ?? '') : '');
    const isOf = (endAt: Instant) =>
      resourceId === '' ? ends.has(endAt) : isThere.has(`${resourceId} ${endAt}`);
    const intervalEndAt = told.intervalEndAt ?? findInstants(words).find(isOf) ?? atLine?.endAt ?? null;
    const mapping = mapped.find((each) => each.resourceId === resourceId);
    return {
      words,
      occurrences,
      resourceId,
      meter: mapping?.meter ?? '',
      unit: mapping?.unit ?? '',
      intervalEndAt,
      line: lineOf.get(`${resourceId} ${intervalEndAt}`) ?? null,
    };
  });
}
