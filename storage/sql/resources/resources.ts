import { MdmaError, toInvalid } from '../../model/errors.ts';
import { type Mapping, type NewMapping, parseMapping } from '../../model/resource.ts';
import type { TradeDay } from '../../model/trade-day.ts';
import type { Act, MappingChange, Resource } from '../../ports/resources.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import type { Queries } from '../queries.ts';
import { findNextSequence, insertVersion, toResource } from './rows.ts';

const nobody: Act = { by: '', reason: '' };

export function mapResource(context: Context, input: NewMapping, act = nobody): Promise<Resource> {
  const action = `Cannot map meter "${input.meter}" unit "${input.unit}"`;
  return context.database.write((queries) =>
    addVersion(queries, context, undefined, parseMapping(input, action), { kind: 'mapped', act, action }),
  );
}

export function changeResource(
  context: Context,
  id: number,
  change: MappingChange,
  from: TradeDay | undefined,
  act: Act,
): Promise<Resource> {
  const action = `Cannot change mapping ${id}`;
  return context.database.write(async (queries) => {
    const before = await getInForce(queries, id, action);
    await closeVersion(queries, id);
    const step = { kind: 'changed', act, action };
    if (from === undefined || from === before.effectiveFrom) {
      return addVersion(queries, context, id, parseMapping({ ...before, ...change }, action), step);
    }
    if (from < before.effectiveFrom || (before.effectiveTo !== null && from >= before.effectiveTo)) {
      const expected = `a day from ${before.effectiveFrom} on, before ${before.effectiveTo ?? 'its open end'}`;
      throw toInvalid(action, { at: 'from', value: from, expected });
    }
    await addVersion(queries, context, id, { ...before, effectiveTo: from }, step);
    const later = parseMapping({ ...before, ...change, effectiveFrom: from }, action);
    return addVersion(queries, context, undefined, later, { ...step, kind: 'mapped' });
  });
}

export function endResource(context: Context, id: number, on: TradeDay, act: Act): Promise<void> {
  const action = `Cannot end mapping ${id}`;
  return context.database.write(async (queries) => {
    const before = await getInForce(queries, id, action);
    if (before.effectiveTo !== null && before.effectiveTo <= on) {
      throw toInvalid(action, {
        at: 'on',
        value: on,
        expected: `a day before ${before.effectiveTo}, its end`,
      });
    }
    await closeVersion(queries, id);
    const step = { kind: 'ended', act, action };
    if (on > before.effectiveFrom) {
      await addVersion(queries, context, id, parseMapping({ ...before, effectiveTo: on }, action), step);
    } else {
      const body = { ...act, ...before, effectiveTo: before.effectiveFrom };
      await appendEvent(queries, context, { subject: 'resource', subjectId: id, kind: 'ended', body });
    }
  });
}

/** Adds a version with its event, unless it contradicts another mapping in force. */
async function addVersion(
  queries: Queries,
  context: Context,
  id: number | undefined,
  mapping: Mapping,
  { kind, act, action }: { kind: string; act: Act; action: string },
): Promise<Resource> {
  await refuseContradictions(queries, mapping, action);
  const added = await insertVersion(queries, mapping, { id, sinceEvent: await findNextSequence(queries) });
  const body = { ...act, ...added };
  await appendEvent(queries, context, { subject: 'resource', subjectId: added.id, kind, body });
  return added;
}

async function closeVersion(queries: Queries, id: number): Promise<void> {
  await queries
    .updateTable('resource')
    .set({ until_event: await findNextSequence(queries) })
    .where('id', '=', id)
    .where('until_event', 'is', null)
    .execute();
}

async function getInForce(queries: Queries, id: number, action: string): Promise<Resource> {
  const [row] = await queries
    .selectFrom('resource')
    .selectAll()
    .where('id', '=', id)
    .where('until_event', 'is', null)
    .execute();
  if (row === undefined) throw new MdmaError('not-found', `${action}: there is no such mapping in force`);
  return toResource(row);
}

/** One mapping for each interval: else a reading would have two ways. */
async function refuseContradictions(queries: Queries, mapping: Mapping, action: string): Promise<void> {
  const { meter, channel, unit, effectiveFrom, effectiveTo } = mapping;
  const [row] = await queries
    .selectFrom('resource')
    .selectAll()
    .where('until_event', 'is', null)
    .where('meter', '=', meter)
    .where('unit', '=', unit)
    .$if(channel !== '', (query) => query.where('channel', 'in', ['', channel]))
    .where((eb) => eb.or([eb('effective_to', 'is', null), eb('effective_to', '>', effectiveFrom)]))
    .$if(effectiveTo !== null, (query) => query.where('effective_from', '<', effectiveTo as string))
    .orderBy('effective_from')
    .limit(1)
    .execute();
  if (row === undefined) return;
  const period = `from ${row.effective_from} ${row.effective_to === null ? 'on' : `to ${row.effective_to}`}`;
  throw new MdmaError(
    'conflict',
    `${action}: it is mapped to ${row.resource_id} ${period} (mapping ${row.id}); end or change that one`,
  );
}
