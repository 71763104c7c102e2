import { isIsoFormat } from '../../formats/format.ts';
import { toTradeDay } from '../../model/trade-day.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Context } from '../context.ts';
import type { Queries } from '../queries.ts';
import { selectDueSets } from './due-sets.ts';

export async function countUnmapped(context: Context, transaction: Transaction): Promise<number> {
  const { read } = context.database;
  const [posting] = await read
    .selectFrom('posting')
    .select(['source_id', 'format'])
    .where('transaction_number', '=', transaction)
    .execute();
  if (posting === undefined || isIsoFormat(posting.format)) return 0;
  const unmapped = await listUnmapped(read, posting.source_id);
  return unmapped.reduce((sum, { readings }) => sum + readings, 0);
}

interface UnmappedSet {
  readonly line: number;
  readonly meter: string;
  readonly unit: string;
  readonly channel: string;
  readonly readings: number;
}

/** The live reading sets of a source, due to the ISO, of which no mapping in force has a day, in the order of lines. */
export async function listUnmapped(queries: Queries, sourceId: number): Promise<UnmappedSet[]> {
  const rows = await selectDueSets(queries)
    .leftJoin('resource', (join) =>
      join
        .onRef('resource.meter', '=', 'reading_set.meter')
        .onRef('resource.unit', '=', 'reading_set.unit')
        .on('resource.until_event', 'is', null)
        .on((eb) =>
          eb.or([
            eb('resource.channel', '=', ''),
            eb('resource.channel', '=', eb.ref('reading_set.channel')),
          ]),
        ),
    )
    .select(['reading_set.line', 'reading_set.meter', 'reading_set.unit', 'reading_set.channel', 'number'])
    .select(['period_start_at', 'period_end_at', 'readings', 'raw', 'missing'])
    .select(['resource.effective_from', 'resource.effective_to'])
    .where('source_id', '=', sourceId)
    .where('state', '=', 'live')
    .orderBy('number')
    .execute();
  const unmapped = new Map<number, UnmappedSet>();
  const mapped = new Set<number>();
  for (const row of rows) {
    const { number, line, meter, unit, channel, effective_from: from, effective_to: to } = row;
    const isMapped =
      from !== null &&
      from <= toTradeDay(row.period_end_at) &&
      (to === null || to > toTradeDay(row.period_start_at + 1));
    if (isMapped) mapped.add(number);
    unmapped.set(number, { line, meter, unit, channel, readings: row.readings - row.raw - row.missing });
  }
  return [...unmapped].flatMap(([number, set]) => (mapped.has(number) ? [] : [set]));
}
