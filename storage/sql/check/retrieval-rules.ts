import { sql } from 'kysely';
import type { Rule } from './rule.ts';

/** Retrievals, and what files say of them, against the events that opened, ended and acknowledged them. */
export const retrievalRules: readonly Rule[] = [
  {
    invariant: '6 retrievals follow from their events',
    found: 'the row says something else than its events',
    broken: sql`
      SELECT DISTINCT 'retrieval ' || r.id AS subject FROM retrieval r
      LEFT JOIN event o ON o.subject = 'retrieval' AND o.subject_id = r.id AND o.kind = 'opened'
      LEFT JOIN event e ON e.subject = 'retrieval' AND e.subject_id = r.id AND e.kind = 'ended'
      LEFT JOIN event a ON a.subject = 'retrieval' AND a.subject_id = r.id AND a.kind = 'acknowledged'
      WHERE o.sequence IS NULL OR o.at <> r.opened_at
        OR o.body ->> 'mailboxId' <> r.mailbox_id OR o.body ->> 'name' <> r.name
        OR o.body ->> 'participantId' <> r.participant_id OR o.body ->> 'credential' <> r.credential
        OR o.body ->> 'address' <> r.address OR o.body ->> 'coding' <> r.coding
        OR o.body ->> 'rangeStart' IS NOT r.range_start OR o.body ->> 'rangeEnd' IS NOT r.range_end
        OR r.state <> CASE WHEN e.sequence IS NULL THEN 'open'
          WHEN a.sequence IS NOT NULL THEN 'acknowledged' ELSE e.body ->> 'state' END
        OR e.at IS NOT r.ended_at OR e.body ->> 'bytesSent' IS NOT r.bytes_sent`,
  },
  {
    invariant: '6 retrievals follow from their events',
    found: 'an event tells of a retrieval that has no row',
    broken: sql`
      SELECT 'retrieval ' || subject_id AS subject FROM event
      WHERE subject = 'retrieval' AND kind = 'opened' AND subject_id NOT IN (SELECT id FROM retrieval)`,
  },
  {
    invariant: '6 no record says more than is known',
    found:
      'the file reads as retrieved by its owner and no retrieval ended then, or was sent whole and does not',
    broken: sql`
      SELECT 'mailbox ' || m.name || ' ' || f.name AS subject FROM mailbox_file f
      JOIN mailbox m ON m.id = f.mailbox_id
      WHERE CASE WHEN f.first_retrieved_at IS NULL THEN EXISTS (
          SELECT 1 FROM retrieval r JOIN event e ON e.subject = 'retrieval' AND e.subject_id = r.id
            AND e.kind = 'ended' AND e.body ->> 'state' = 'sent'
          WHERE r.mailbox_id = f.mailbox_id AND r.name = f.name AND r.participant_id = m.owner_id
            AND r.range_start IS NULL)
        ELSE NOT EXISTS (
          SELECT 1 FROM retrieval r WHERE r.mailbox_id = f.mailbox_id AND r.name = f.name
            AND r.participant_id = m.owner_id AND r.ended_at = f.first_retrieved_at) END`,
  },
  {
    invariant: '6 no record says more than is known',
    found:
      'the file reads as acknowledged by its owner and there is no such receipt, or there is and it does not',
    broken: sql`
      SELECT 'mailbox ' || m.name || ' ' || f.name AS subject FROM mailbox_file f
      JOIN mailbox m ON m.id = f.mailbox_id
      WHERE f.acknowledged_at IS NOT (
        SELECT min(a.at) FROM retrieval r JOIN event a ON a.subject = 'retrieval' AND a.subject_id = r.id
          AND a.kind = 'acknowledged'
        WHERE r.mailbox_id = f.mailbox_id AND r.name = f.name AND r.participant_id = m.owner_id)`,
  },
];
