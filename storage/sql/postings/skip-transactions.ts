import { sql } from 'kysely';
import type { Transaction } from '../../model/transaction.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';

export function skipTransactions(context: Context, count: number): Promise<Transaction> {
  return context.database.write(async (queries) => {
    // The table that AUTOINCREMENT counts in; it has a row once there was a posting.
    await sql`INSERT INTO sqlite_sequence (name, seq)
      SELECT 'posting', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'posting')`.execute(
      queries,
    );
    const { rows } = await sql<{ seq: number }>`UPDATE sqlite_sequence SET seq = seq + ${count}
      WHERE name = 'posting' RETURNING seq`.execute(queries);
    const last = Number(rows[0]?.seq) as Transaction;
    await appendEvent(queries, context, {
      subject: 'store',
      subjectId: 1,
      kind: 'transactions-skipped',
      body: { count, last },
    });
    return last;
  });
}
