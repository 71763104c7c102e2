import { retrieveSpacingMs } from '../../bridge/mris/pace.ts';
import type { RetrievePaces } from '../../storage/ports/retrieve-paces.ts';

/** How far apart retrieves are kept in tests that have a simulator of the same kind. */
const shortSpacingMs = 100;

/** The catalogue's paces for a simulator that takes a retrieve each 50 ms: all else is as with the ISO's 30 seconds. */
export function toShortPaces(paces: RetrievePaces): RetrievePaces {
  const toShort = (at: number) => at - retrieveSpacingMs + shortSpacingMs;
  return {
    takeRetrieve: (user, now, untilAt) => paces.takeRetrieve(user, now, toShort(untilAt)),
    settleRetrieve: (user, untilAt, nextAt) => paces.settleRetrieve(user, toShort(untilAt), toShort(nextAt)),
  };
}
