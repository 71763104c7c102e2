import { listLeftOvers } from '../../storage/check.ts';
import type { Catalogue } from '../../storage/ports/catalogue.ts';
import type { Clock } from '../../storage/ports/clock.ts';
import type { FileStore } from '../../storage/ports/file-store.ts';

interface SweepDeps {
  readonly catalogue: Catalogue;
  readonly clock: Clock;
}

/**
 * Ends what dead instances left open: their retrievals read interrupted, their half-received sources are dropped
 * (invariant 6).
 */
export async function sweepInstances(deps: SweepDeps): Promise<{ interrupted: number; dropped: number }> {
  const { instances, retrievals, postings } = deps.catalogue;
  const dead = await instances.listDeadInstances(deps.clock.now());
  const sources = await postings.listOpenSources(dead);
  for (const source of sources) await postings.dropSource(source);
  return { interrupted: await retrievals.interruptRetrievals(dead), dropped: sources.length };
}

/**
 * Removes bytes that no row knows: left by a writer that died before its rows, or by a removal that failed after the
 * row had said that the bytes go. Those younger than `graceMs` are left alone: their post may be under way.
 *
 * @returns how many files were removed
 */
export async function sweepOrphans(deps: SweepDeps & { files: FileStore; graceMs: number }): Promise<number> {
  const { catalogue, files, clock, graceMs } = deps;
  let removed = 0;
  for (const root of ['on-line', 'archive'] as const) {
    for await (const { key, isPartial } of listLeftOvers(files, catalogue, root, clock.now() - graceMs)) {
      if (isPartial) await files.removePartial(root, key);
      else await files.remove(root, key);
      removed += 1;
    }
  }
  return removed;
}
