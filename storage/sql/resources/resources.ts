import { MdmaError } from '../../model/errors.ts';
import type { Way } from '../../model/forwarding.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Resource } from '../../ports/resources.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import type { Queries } from '../queries.ts';
import type { Schema } from '../schema.ts';

export function mapResource(context: Context, resource: Omit<Resource, 'effectiveTo'>): Promise<void> {
  return context.database.write(async (queries) => {
    const { meter, unit, effectiveFrom } = resource;
    const { endedBefore, endsAt } = await findNeighbours(queries, resource);
    if (endedBefore !== undefined) {
      await queries
        .updateTable('resource')
        .set({ effective_to: effectiveFrom })
        .where('id', '=', endedBefore)
        .execute();
    }
    const { id } = await queries
      .insertInto('resource')
      .values({
        meter,
        unit,
        resource_id: resource.resourceId,
        measurement_type: resource.measurementType,
        account: resource.account,
        way: resource.way,
        effective_from: effectiveFrom,
        effective_to: endsAt,
        created_at: context.clock.now(),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await appendEvent(queries, context, {
      subject: 'resource',
      subjectId: id,
      kind: 'mapped',
      body: { ...resource, effectiveTo: endsAt },
    });
  });
}

/** The mapping that the new one cuts short, and the day on which the new one gives way to one that begins later. */
async function findNeighbours(
  queries: Queries,
  { meter, unit, effectiveFrom }: Pick<Resource, 'meter' | 'unit' | 'effectiveFrom'>,
): Promise<{ endedBefore: number | undefined; endsAt: string | null }> {
  const rows = await queries
    .selectFrom('resource')
    .select(['id', 'effective_from', 'effective_to'])
    .where('meter', '=', meter)
    .where('unit', '=', unit)
    .orderBy('effective_from')
    .execute();
  if (rows.some((row) => row.effective_from === effectiveFrom)) {
    throw new MdmaError(
      'conflict',
      `Cannot map meter "${meter}" unit "${unit}": it is mapped from ${effectiveFrom} already`,
    );
  }
  const earlier = rows.findLast((row) => row.effective_from < effectiveFrom);
  const isCut =
    earlier !== undefined && (earlier.effective_to === null || earlier.effective_to > effectiveFrom);
  const later = rows.find((row) => row.effective_from > effectiveFrom);
  return { endedBefore: isCut ? earlier.id : undefined, endsAt: later?.effective_from ?? null };
}

export async function listResources(context: Context): Promise<Resource[]> {
  const rows = await context.database.read
    .selectFrom('resource')
    .selectAll()
    .orderBy('meter')
    .orderBy('unit')
    .orderBy('effective_from')
    .execute();
  return rows.map(toResource);
}

export async function listResourcesOf(context: Context, transaction: Transaction): Promise<Resource[]> {
  const rows = await context.database.read
    .selectFrom('posting')
    .innerJoin('reading_set', 'reading_set.source_id', 'posting.source_id')
    .innerJoin('resource', (join) =>
      join.onRef('resource.meter', '=', 'reading_set.meter').onRef('resource.unit', '=', 'reading_set.unit'),
    )
    .selectAll('resource')
    .distinct()
    .where('posting.transaction_number', '=', transaction)
    .orderBy('resource.id')
    .execute();
  return rows.map(toResource);
}

function toResource(row: Omit<Schema['resource'], 'id'>): Resource {
  return {
    meter: row.meter,
    unit: row.unit,
    resourceId: row.resource_id,
    measurementType: row.measurement_type,
    account: row.account,
    way: row.way as Way,
    effectiveFrom: row.effective_from,
    effectiveTo: row.effective_to,
  };
}
