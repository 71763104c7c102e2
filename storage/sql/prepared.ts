import type { Compilable, CompiledQuery, Kysely } from 'kysely';
import { getDirect, type Queries } from './queries.ts';
import type { Schema } from './schema.ts';

type Value = string | number | null;

/**
 * A query that is compiled once and run often, for the few on the way of every request: building and compiling one
 * costs more than SQLite needs to answer it. `build` is called once, with a stand-in for each parameter.
 *
 * @returns a function that runs the query with the parameters' values and gives its rows
 */
export function prepared<P extends Values<P>, R>(
  build: (queries: Kysely<Schema>, parameters: P) => Compilable<R>,
): (queries: Queries, values: P) => Promise<R[]> {
  const compile = compileOnce(build);
  return (queries, values) => {
    const { compiled, bind } = compile(queries);
    return getDirect(queries).execute<R>(compiled.sql, bind(values));
  };
}

/** As `prepared`, for a statement without result that is run for many rows: one call of the driver for all of them. */
export function preparedBatch<P extends Values<P>>(
  build: (queries: Kysely<Schema>, parameters: P) => Compilable<unknown>,
): (queries: Queries, rows: readonly P[]) => Promise<void> {
  const compile = compileOnce(build);
  return (queries, rows) => {
    const { compiled, bind } = compile(queries);
    return getDirect(queries).executeBatch(compiled.sql, bindEach(bind, rows));
  };
}

/** The values of one row after the other, in one array: the driver has copied them when it asks for the next. */
function* bindEach<P>(
  bind: (values: P, into: unknown[]) => unknown[],
  rows: readonly P[],
): Iterable<unknown[]> {
  const bound: unknown[] = [];
  for (const row of rows) yield bind(row, bound);
}

type Values<P> = { [name in keyof P]: Value };

function compileOnce<P extends Values<P>, R>(
  build: (queries: Kysely<Schema>, parameters: P) => Compilable<R>,
) {
  let once: { compiled: CompiledQuery<R>; bind: (values: P, into?: unknown[]) => unknown[] } | undefined;
  return (queries: Queries) => {
    once ??= compile(build, queries);
    return once;
  };
}

function compile<P extends Values<P>, R>(
  build: (queries: Kysely<Schema>, parameters: P) => Compilable<R>,
  queries: Queries,
) {
  const standIns = new Map<unknown, keyof P>();
  const parameters = new Proxy({} as P, {
    get(_target, name: string) {
      const standIn = Symbol(name);
      standIns.set(standIn, name as keyof P);
      return standIn;
    },
  });
  const compiled = build(queries, parameters).compile();
  const fixed = compiled.parameters;
  const names = fixed.map((parameter) => standIns.get(parameter));
  const bind = (values: P, into: unknown[] = []) => {
    for (let at = 0; at < names.length; at += 1) {
      const name = names[at];
      into[at] = name === undefined ? fixed[at] : values[name];
    }
    return into;
  };
  return { compiled, bind };
}
