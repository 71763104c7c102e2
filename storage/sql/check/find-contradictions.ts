import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import type { Finding } from '../../ports/catalogue.ts';
import type { Context } from '../context.ts';
import type { Queries } from '../queries.ts';
import { accountRules } from './account-rules.ts';
import { ageingRules } from './ageing-rules.ts';
import { findForwardingContradictions } from './find-forwarding-contradictions.ts';
import { postingRules } from './posting-rules.ts';
import { resourceRules } from './resource-rules.ts';
import { retrievalRules } from './retrieval-rules.ts';
import { findBroken } from './rule.ts';

/** What in the rows alone contradicts the invariants, SQLite's own integrity included. */
export async function findContradictions(context: Context): Promise<Finding[]> {
  const { read } = context.database;
  const damage = await findDamage(read);
  // Queries on a damaged database fail, or find what is not so.
  if (damage.length > 0) return damage;
  const findings = await findOrphans(read);
  for (const rule of [
    ...accountRules,
    ...postingRules,
    ...retrievalRules,
    ...ageingRules,
    ...resourceRules,
  ]) {
    findings.push(...(await findBroken(read, rule)));
  }
  return [...findings, ...(await findForwardingContradictions(context))];
}

const invariant = '0 the database is sound';

async function findDamage(read: Queries): Promise<Finding[]> {
  const integrity = sql<{ integrity_check: string }>`PRAGMA integrity_check`;
  const { rows } = await integrity.execute(read).catch((error: unknown) => {
    // Some damage ends the very search for it.
    if (!(error instanceof Sqlite.SqliteError) || !error.code.startsWith('SQLITE_CORRUPT')) throw error;
    return { rows: [{ integrity_check: error.message }] };
  });
  return rows
    .filter(({ integrity_check }) => integrity_check !== 'ok')
    .map(({ integrity_check: found }) => ({ invariant, subject: 'database', found }));
}

async function findOrphans(read: Queries): Promise<Finding[]> {
  const { rows } = await sql<{ table: string; rowid: number | null }>`PRAGMA foreign_key_check`.execute(read);
  return rows.map(({ table, rowid }) => ({
    invariant,
    subject: rowid === null ? table : `${table} ${rowid}`,
    found: 'points at a row that is not there',
  }));
}
