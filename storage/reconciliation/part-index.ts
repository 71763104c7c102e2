import type { Instant } from '../model/time.ts';
import type { Forwarding, Part } from '../ports/forwardings.ts';
import type { IsoSeries } from './iso-interval.ts';
import { findPartFault, readPart } from './read-part.ts';
import type { ReconcileDeps } from './row.ts';

/** In which of some parts an interval is. */
export interface PartIndex {
  find(series: IsoSeries, endAt: Instant): Part | undefined;
  /** Parts that could not be read, and why: what they hold is not known. */
  readonly unreadable: readonly { readonly part: Part; readonly why: string }[];
}

/**
 * Reads the parts of one forwarding. Memory grows with their intervals, which are no more than one forwarding may have.
 */
export async function createPartIndex(
  deps: ReconcileDeps,
  forwarding: Pick<Forwarding, 'account' | 'transaction' | 'way' | 'parts'>,
): Promise<PartIndex> {
  const index = new Map<string, Map<Instant, Part>>();
  const unreadable: { part: Part; why: string }[] = [];
  // At MRI-S the unit follows from the measurement type, and is not the mapping's.
  const toKey = ({ resourceId, measurementType, isoUnit }: IsoSeries) =>
    `${resourceId} ${measurementType} ${forwarding.way === 'mris' ? '' : isoUnit}`;
  for (const part of forwarding.parts) {
    try {
      await readPart(deps, forwarding, part, (series, { endAt }) => {
        const key = toKey(series);
        const ends = index.get(key) ?? new Map<Instant, Part>();
        index.set(key, ends.set(endAt, part));
      });
    } catch (error) {
      const why = findPartFault(error);
      if (why === undefined) throw error;
      unreadable.push({ part, why });
    }
  }
  return { find: (series, endAt) => index.get(toKey(series))?.get(endAt), unreadable };
}
