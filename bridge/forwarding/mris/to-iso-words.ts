import type { BatchError } from '../../mris/messages/batch-status.ts';
import type { IsoWords } from '../explain-errors.ts';

/** Errors of one batch that stand one by one; the rest is counted. */
const maxSingle = 1_000;

/**
 * The error logs of a batch, interval by interval. Past 1,000 the rest is counted by words and resource, in whatever
 * logs it stands, so that a batch with a fault everywhere does not fill the store.
 */
export function toIsoWords(logs: readonly BatchError[]): IsoWords[] {
  const single: IsoWords[] = [];
  const rest = new Map<string, IsoWords>();
  for (const { message: words, resourceId, intervalEndsAt } of logs) {
    const about = resourceId === undefined ? { words } : { words, resourceId };
    // A log without intervals is one error, of the resource or of the whole batch.
    const intervals = intervalEndsAt.length === 0 ? [undefined] : intervalEndsAt;
    const room = maxSingle - single.length;
    for (const intervalEndAt of intervals.slice(0, room)) {
      single.push({ ...about, occurrences: 1, ...(intervalEndAt === undefined ? {} : { intervalEndAt }) });
    }
    const more = intervals.length - room;
    if (more <= 0) continue;
    const key = `${words}\0${resourceId ?? ''}`;
    rest.set(key, { ...about, occurrences: (rest.get(key)?.occurrences ?? 0) + more });
  }
  return [...single, ...rest.values()];
}
