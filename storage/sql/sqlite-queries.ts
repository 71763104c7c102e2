import type Sqlite from 'better-sqlite3';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { provideDirect, type Queries } from './queries.ts';
import type { Schema } from './schema.ts';

/** Distinct statements kept prepared; more than our operations have, so it is only a bound. */
const maxPrepared = 500;

/**
 * Kysely on one better-sqlite3 connection. Kysely's own driver prepares a statement at each execution and guards the
 * connection with a queue; here statements are kept, and `Database` (which alone begins and commits) is the guard.
 */
export function createSqliteQueries(db: Sqlite.Database): Queries {
  const prepare = createPreparer(db);
  const queries = new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => createDriver(prepare),
      createIntrospector: (kysely) => new SqliteIntrospector(kysely),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  return provideDirect(queries, {
    async execute<R>(sql: string, parameters: readonly unknown[]) {
      const statement = prepare(sql);
      if (statement.reader) return statement.all(parameters) as R[];
      statement.run(parameters);
      return [];
    },
    async executeBatch(sql, rows) {
      const statement = prepare(sql);
      for (const row of rows) statement.run(row);
    },
  });
}

type Prepare = (sql: string) => Sqlite.Statement;

function createPreparer(db: Sqlite.Database): Prepare {
  const kept = new Map<string, Sqlite.Statement>();
  return (sql) => {
    let statement = kept.get(sql);
    if (statement === undefined) {
      if (kept.size >= maxPrepared) kept.clear();
      statement = db.prepare(sql);
      kept.set(sql, statement);
    }
    return statement;
  };
}

function createDriver(prepare: Prepare): Driver {
  const connection = createConnection(prepare);
  const refuse = async (): Promise<never> => {
    throw new Error('Cannot begin a transaction here: Database.write begins and commits');
  };
  return {
    init: async () => undefined,
    acquireConnection: async () => connection,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: async () => undefined,
    destroy: async () => undefined,
  };
}

function createConnection(prepare: Prepare): DatabaseConnection {
  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const statement = prepare(sql);
      if (statement.reader) return { rows: statement.all(parameters) as R[] };
      const { changes, lastInsertRowid } = statement.run(parameters);
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
    },
    // biome-ignore lint/correctness/useYield: no operation holds a read cursor across awaits (ruling 23)
    async *streamQuery() {
      throw new Error('Cannot stream a query: SQLite would hold a read cursor meanwhile');
    },
  };
}
