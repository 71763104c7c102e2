import { sql } from 'kysely';
import { duePurposes } from '../../model/due-purposes.ts';
import type { Queries } from '../queries.ts';

/** The reading sets with readings that are due to the ISO (ruling 24), whatever their state. */
export function selectDueSets(queries: Queries) {
  return queries
    .selectFrom('reading_set')
    .where(sql<boolean>`upper(reading_set.purpose) in (${sql.join(duePurposes.map(sql.lit))})`)
    .where(sql<boolean>`reading_set.readings > reading_set.raw + reading_set.missing`);
}
