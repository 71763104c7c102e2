import { sql } from 'kysely';
import type { Queries } from '../queries.ts';

/** The reading sets with readings that are due to the ISO (ruling 24), whatever their state. */
export function selectDueSets(queries: Queries) {
  return queries
    .selectFrom('reading_set')
    .where(sql<boolean>`upper(reading_set.purpose) in ('OK', 'SUMMARY')`)
    .where(sql<boolean>`reading_set.readings > reading_set.raw + reading_set.missing`);
}
