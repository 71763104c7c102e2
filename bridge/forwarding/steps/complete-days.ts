import type { Reading, ReadingSet } from '../../../storage/formats/format.ts';
import { OmarRows } from '../../../storage/formats/omar-csv/omar-rows.ts';
import { createScanner } from '../../../storage/formats/scanners.ts';
import type { ClaimedForwarding } from '../../../storage/ports/forwardings.ts';
import type { EarlierSets } from '../../../storage/ports/resources.ts';
import { readChunks } from '../../../storage/read-file.ts';
import { findIncompleteDays } from '../complete-days.ts';
import type { StepContext } from '../step-context.ts';
import { type OmarRowCollector, type SourcedRow, SourcedRows } from '../to-omar-rows.ts';

/**
 * A correction's rows with the rest of the days that it touches, from what was posted before it, the newest first
 * (ruling 25). In the order of time, so that the same posting always gives the same parts.
 *
 * @param own the correction's rows
 * @returns or why a person must look at it
 */
export async function completeDays(
  context: StepContext,
  { transaction }: Pick<ClaimedForwarding, 'transaction'>,
  collector: OmarRowCollector,
  own: readonly SourcedRow[],
): Promise<{ readonly rows: OmarRows } | { readonly why: string }> {
  const incomplete = findIncompleteDays(own);
  const earlier = await context.resources.listEarlierSets(transaction, incomplete.days);
  let why: string | undefined;
  for (const sets of earlier) {
    await readSets(context, sets, (set, readings) => {
      const wanted = readings().filter(({ endAt }) => incomplete.isWanted(set, endAt));
      const earlierRows = new SourcedRows();
      collector.takeEarlier(set, wanted, earlierRows);
      for (const row of earlierRows.rows) why ??= incomplete.add(row);
    });
    if (why !== undefined) return { why: `transaction ${sets.transaction}, ${why}` };
  }
  return { rows: toOmarRows([...own, ...incomplete.added].sort((one, other) => one.endAt - other.endAt)) };
}

function toOmarRows(sorted: readonly SourcedRow[]): OmarRows {
  const rows = new OmarRows();
  for (const row of sorted) {
    rows.begin(row);
    rows.add(row.endAt, row.value, row.isEstimated);
  }
  return rows;
}

/**
 * Some reading sets of an earlier posting. Its whole file is read, so that its digest is verified, but in CMEP, where
 * each record stands for itself, only the records that are wanted are scanned.
 */
async function readSets(
  { postings, files, clock }: StepContext,
  { transaction, sets }: EarlierSets,
  take: (set: ReadingSet, readings: () => Reading[]) => void,
): Promise<void> {
  const source = await postings.getSource(transaction);
  const { format, profile } = source;
  const isByRecord = format === 'cmep';
  const numbers = new Set(sets.map(({ number }) => number));
  let number = -1;
  let taken = 0;
  const scanner = createScanner(format, {
    profile,
    now: clock.now(),
    onReadingSet(set, readings) {
      number += 1;
      if (!isByRecord && !numbers.has(number)) return;
      taken += 1;
      take(set, readings);
    },
  });
  let position = 0;
  let next = 0;
  await readChunks(files, source, (chunk) => {
    if (!isByRecord) scanner.push(chunk);
    for (let set = sets[next]; isByRecord && set !== undefined; set = sets[next]) {
      const end = position + chunk.length;
      if (set.byteStart >= end) break;
      scanner.push(chunk.subarray(Math.max(0, set.byteStart - position), set.byteEnd - position));
      if (set.byteEnd > end) break;
      next += 1;
    }
    position += chunk.length;
  });
  scanner.end();
  if (taken !== sets.length) {
    throw new Error(
      `Cannot read transaction ${transaction}: ${taken} of ${sets.length} reading sets are in it`,
    );
  }
}
