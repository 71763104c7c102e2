import { sql } from 'kysely';
import type { Rule } from './rule.ts';

const invariant = '5 who may see what follows from events';

/** What the latest event of mailbox `m` that names the value says of it. */
function toLatest(value: string) {
  return sql`(SELECT e.body ->> ${value} FROM event e WHERE e.subject = 'mailbox' AND e.subject_id = m.id
    AND e.body ->> ${value} IS NOT NULL ORDER BY e.sequence DESC LIMIT 1)`;
}

/** Who may log in as whom, and whose a mailbox is, against the events that said so. */
export const accountRules: readonly Rule[] = [
  {
    invariant,
    found: 'has another role than it was added with',
    broken: sql`
      SELECT 'participant ' || p.name AS subject FROM participant p
      LEFT JOIN event e ON e.subject = 'participant' AND e.subject_id = p.id AND e.kind = 'added'
      WHERE e.sequence IS NULL OR e.body ->> 'name' <> p.name OR e.body ->> 'role' <> p.role`,
  },
  {
    invariant,
    found: 'has another owner or zone than it was added with',
    broken: sql`
      SELECT 'mailbox ' || m.name AS subject FROM mailbox m JOIN participant p ON p.id = m.owner_id
      LEFT JOIN event e ON e.subject = 'mailbox' AND e.subject_id = m.id AND e.kind = 'added'
      WHERE e.sequence IS NULL OR e.body ->> 'name' <> m.name OR e.body ->> 'owner' <> p.name
        OR e.body ->> 'zone' <> m.zone`,
  },
  {
    invariant,
    found: 'has another profile, other days or checks than its events say',
    broken: sql`
      SELECT 'mailbox ' || m.name AS subject FROM mailbox m
      WHERE m.profile <> ${toLatest('profile')} OR m.on_line_days <> ${toLatest('onLineDays')}
        OR m.allows_raw <> ${toLatest('allowsRaw')}
        OR m.levels <> coalesce(${toLatest('levels')}, '{}') OR m.receivers <> coalesce(${toLatest('receivers')}, '[]')`,
  },
  {
    invariant,
    found: 'was not registered for its participant, or was revoked and is not, or the reverse',
    broken: sql`
      SELECT 'certificate ' || c.fingerprint AS subject FROM certificate c
      WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.subject = 'participant' AND e.subject_id = c.participant_id
          AND e.kind = 'certificate-registered' AND e.body ->> 'fingerprint' = c.fingerprint)
        OR (c.revoked_at IS NOT NULL) <> EXISTS (SELECT 1 FROM event e WHERE e.subject = 'participant'
          AND e.subject_id = c.participant_id AND e.kind = 'certificate-revoked'
          AND e.body ->> 'fingerprint' = c.fingerprint)`,
  },
  {
    invariant,
    found: 'was not issued to its participant, or was revoked and is not, or the reverse',
    broken: sql`
      SELECT 'key ' || k.id AS subject FROM api_key k
      WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.subject = 'participant' AND e.subject_id = k.participant_id
          AND e.kind = 'key-issued' AND e.body ->> 'id' = k.id)
        OR (k.revoked_at IS NOT NULL) <> EXISTS (SELECT 1 FROM event e WHERE e.subject = 'participant'
          AND e.subject_id = k.participant_id AND e.kind = 'key-revoked' AND e.body ->> 'id' = k.id)`,
  },
];
