import { sql } from 'kysely';
import { endStates, openStates } from '../../model/forwarding.ts';
import type { Finding } from '../../ports/catalogue.ts';
import type { Context } from '../context.ts';

const invariant = '8, 9 forwardings';

/** Forwardings, parts and submissions in a state that no move leads to. */
export async function findForwardingContradictions(context: Context): Promise<Finding[]> {
  const { read } = context.database;
  const checks = [
    {
      found: 'the row of a forwarding says another state than its last event',
      query: sql<{ subject: string }>`
        SELECT 'forwarding ' || f.id AS subject FROM forwarding f
        LEFT JOIN event e ON e.sequence = (SELECT max(sequence) FROM event WHERE subject = 'forwarding'
          AND subject_id = f.id AND body ->> 'state' IS NOT NULL)
        WHERE e.sequence IS NULL OR e.body ->> 'state' <> f.state LIMIT 100`,
    },
    {
      found: 'a forwarding that should go on has no due time, or one that has ended has one',
      query: sql<{ subject: string }>`
        SELECT 'forwarding ' || id AS subject FROM forwarding
        WHERE (due_at IS NULL) <> (state IN (${sql.join(endStates)}))
        LIMIT 100`,
    },
    {
      found: 'a forwarding is accepted although not every part of it is',
      query: sql<{ subject: string }>`
        SELECT 'forwarding ' || f.id AS subject FROM forwarding f WHERE f.state = 'accepted' AND (
          NOT EXISTS (SELECT 1 FROM part p WHERE p.forwarding_id = f.id)
          OR EXISTS (SELECT 1 FROM part p WHERE p.forwarding_id = f.id AND NOT EXISTS (
            SELECT 1 FROM submission s WHERE s.part_id = p.id AND s.state = 'accepted'))) LIMIT 100`,
    },
    {
      found: 'a part has two submissions of which both may be at the ISO',
      query: sql<{ subject: string }>`
        SELECT 'part ' || part_id AS subject FROM submission
        WHERE state IN (${sql.join([...openStates, 'accepted'])}) GROUP BY part_id HAVING count(*) > 1 LIMIT 100`,
    },
  ];
  const findings: Finding[] = [];
  for (const { found, query } of checks) {
    const { rows } = await query.execute(read);
    findings.push(...rows.map(({ subject }) => ({ invariant, subject, found })));
  }
  return findings;
}
