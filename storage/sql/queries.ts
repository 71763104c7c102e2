import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** Where operations run their queries: a read connection, or the inside of one transaction. */
export type Queries = Kysely<Schema>;

/** A driver's own way to run what was compiled once, past Kysely's executor, which costs more than the query. */
export interface Direct {
  execute<R>(sql: string, parameters: readonly unknown[]): Promise<R[]>;
  /** Runs a statement without result once for each row of parameters. */
  executeBatch(sql: string, rows: Iterable<readonly unknown[]>): Promise<void>;
}

const directs = new WeakMap<Queries, Direct>();

/** Called by the driver that made the queries. */
export function provideDirect(queries: Queries, direct: Direct): Queries {
  directs.set(queries, direct);
  return queries;
}

export function getDirect(queries: Queries): Direct {
  const direct = directs.get(queries);
  if (direct === undefined)
    throw new Error('Cannot run a prepared query: these queries are of no driver of ours');
  return direct;
}
