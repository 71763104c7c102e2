import { sql } from 'kysely';
import { isoFormats } from '../../formats/format.ts';
import type { Instant } from '../../model/time.ts';
import { createTradeDayFinder, type TradeDay, toDayEnd, toDayStart } from '../../model/trade-day.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Queries } from '../queries.ts';

/** What a correction brings beside its own readings. */
export interface TradeDays {
  readonly sourceId: number;
  /** Each period that it has readings of, and the whole trade days around it. */
  readonly periods: readonly {
    readonly startAt: Instant;
    readonly endAt: Instant;
    readonly fromAt: Instant;
    readonly toAt: Instant;
  }[];
}

/**
 * The trade days of a correction, which goes as complete days (ruling 25), so that it also brings what others posted of
 * them. Undefined of what corrects nothing, and of what is in a format of the ISO's: that goes as it is.
 */
export async function findTradeDays(
  queries: Queries,
  transaction: Transaction,
): Promise<TradeDays | undefined> {
  const rows = await queries
    .selectFrom('posting')
    .innerJoin('reading_set', 'reading_set.source_id', 'posting.source_id')
    .select(['posting.source_id', 'period_start_at as startAt', 'period_end_at as endAt'])
    .distinct()
    .where('posting.transaction_number', '=', transaction)
    .where('posting.corrects', 'is not', null)
    .where('posting.format', 'not in', isoFormats)
    .execute();
  const [first] = rows;
  if (first === undefined) return undefined;
  const toDay = createTradeDayFinder();
  // Each day is worked out once: a posting may have as many periods as readings.
  const days = new Map<TradeDay, { readonly fromAt: Instant; readonly toAt: Instant }>();
  const boundsOf = (day: TradeDay) => {
    const bounds = days.get(day) ?? { fromAt: toDayStart(day), toAt: toDayEnd(day) };
    days.set(day, bounds);
    return bounds;
  };
  const periods = rows.map(({ startAt, endAt }) => ({
    startAt,
    endAt,
    fromAt: boundsOf(toDay(startAt + 1)).fromAt,
    toAt: boundsOf(toDay(endAt)).toAt,
  }));
  return { sourceId: first.source_id, periods };
}

/** Queries that have in `own_days` the meters, units and channels of a correction, with the trade days that it brings. */
export function withOwnDays(queries: Queries, { sourceId, periods }: TradeDays) {
  // Numbers by `cast`: without it SQLite makes no index of them, and goes through all for each reading set.
  const each = sql<{ value: string }>`json_each(${JSON.stringify(periods)})`.as('each');
  return queries
    .with(
      (cte) => cte('days').materialized(),
      (db) =>
        db
          .selectFrom(each)
          .select([
            sql<Instant>`cast(value ->> 'startAt' as integer)`.as('start_at'),
            sql<Instant>`cast(value ->> 'endAt' as integer)`.as('end_at'),
            sql<Instant>`cast(value ->> 'fromAt' as integer)`.as('from_at'),
            sql<Instant>`cast(value ->> 'toAt' as integer)`.as('to_at'),
          ]),
    )
    .with(
      (cte) => cte('own_days').materialized(),
      (db) =>
        db
          .selectFrom('reading_set')
          .innerJoin('days', (join) =>
            join
              .onRef('days.start_at', '=', 'reading_set.period_start_at')
              .onRef('days.end_at', '=', 'reading_set.period_end_at'),
          )
          .select(['meter', 'unit', 'channel', 'from_at', 'to_at'])
          .distinct()
          .where('source_id', '=', sourceId),
    );
}
