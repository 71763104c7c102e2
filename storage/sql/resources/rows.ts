import type { Way } from '../../model/forwarding.ts';
import type { Direction, Mapping } from '../../model/resource.ts';
import type { Resource } from '../../ports/resources.ts';
import type { Queries } from '../queries.ts';
import type { Schema } from '../schema.ts';

/** A version's row as the port tells of it. */
export function toResource(row: Schema['resource']): Resource {
  return {
    id: row.id,
    meter: row.meter,
    channel: row.channel,
    unit: row.unit,
    resourceId: row.resource_id,
    measurementType: row.measurement_type,
    isoUnit: row.iso_unit,
    direction: row.direction as Direction,
    account: row.account,
    way: row.way as Way,
    effectiveFrom: row.effective_from,
    effectiveTo: row.effective_to,
  };
}

/** The number that the next event of this transaction gets: events only grow, and nobody else writes meanwhile. */
export async function findNextSequence(queries: Queries): Promise<number> {
  const [row] = await queries
    .selectFrom('event')
    .select('sequence')
    .orderBy('sequence', 'desc')
    .limit(1)
    .execute();
  return (row?.sequence ?? 0) + 1;
}

/** Adds a version that is in force from the event on; a mapping's first one without `id` gets a new one. */
export async function insertVersion(
  queries: Queries,
  mapping: Mapping,
  version: { id: number | undefined; sinceEvent: number },
): Promise<Resource> {
  const id = version.id ?? (await findNextId(queries));
  const row = {
    id,
    meter: mapping.meter,
    channel: mapping.channel,
    unit: mapping.unit,
    resource_id: mapping.resourceId,
    measurement_type: mapping.measurementType,
    iso_unit: mapping.isoUnit,
    direction: mapping.direction,
    account: mapping.account,
    way: mapping.way,
    effective_from: mapping.effectiveFrom,
    effective_to: mapping.effectiveTo,
    since_event: version.sinceEvent,
    until_event: null,
  };
  await queries.insertInto('resource').values(row).execute();
  return toResource(row);
}

async function findNextId(queries: Queries): Promise<number> {
  const [row] = await queries.selectFrom('resource').select('id').orderBy('id', 'desc').limit(1).execute();
  return (row?.id ?? 0) + 1;
}
