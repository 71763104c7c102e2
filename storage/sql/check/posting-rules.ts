import { sql } from 'kysely';
import type { Rule } from './rule.ts';

/** Postings, their mailbox files and reading sets, against the event that made them true. */
export const postingRules: readonly Rule[] = [
  {
    invariant: '7 every posting is an event',
    found: 'its event is missing, or says another digest, size, poster, instant or correction',
    broken: sql`
      SELECT 'transaction ' || p.transaction_number AS subject FROM posting p
      JOIN source s ON s.id = p.source_id JOIN file f ON f.id = s.file_id
      JOIN participant o ON o.id = p.posted_by
      LEFT JOIN event e ON e.subject = 'posting' AND e.subject_id = p.transaction_number AND e.kind = 'posted'
      WHERE e.sequence IS NULL OR e.at <> p.posted_at OR e.body ->> 'sha256' <> f.sha256
        OR e.body ->> 'bytes' <> f.bytes OR e.body ->> 'by' <> o.name OR e.body ->> 'corrects' IS NOT p.corrects`,
  },
  {
    invariant: '7 every posting is an event',
    found: 'an event tells of a posting that has no row',
    broken: sql`
      SELECT 'transaction ' || subject_id AS subject FROM event
      WHERE subject = 'posting' AND kind = 'posted'
        AND subject_id NOT IN (SELECT transaction_number FROM posting)`,
  },
  {
    invariant: '1 acknowledged files exist',
    found: 'a file that was posted to the mailbox is not in it',
    broken: sql`
      SELECT 'mailbox ' || (l.value ->> 'mailbox') || ' ' || (l.value ->> 'name') AS subject
      FROM event e, json_each(e.body, '$.files') l
      LEFT JOIN mailbox m ON m.name = l.value ->> 'mailbox'
      LEFT JOIN mailbox_file f ON f.mailbox_id = m.id AND f.name = l.value ->> 'name'
      WHERE e.subject = 'posting' AND e.kind = 'posted' AND f.transaction_number IS NOT e.subject_id`,
  },
  {
    invariant: '5 nobody sees what is not theirs',
    found: 'a file in the mailbox was not posted to it, or is not made from its posting',
    broken: sql`
      SELECT 'mailbox ' || m.name || ' ' || f.name AS subject FROM mailbox_file f
      JOIN mailbox m ON m.id = f.mailbox_id JOIN posting p ON p.transaction_number = f.transaction_number
      WHERE NOT EXISTS (SELECT 1 FROM event e, json_each(e.body, '$.files') l
          WHERE e.subject = 'posting' AND e.subject_id = f.transaction_number AND e.kind = 'posted'
            AND l.value ->> 'mailbox' = m.name AND l.value ->> 'name' = f.name)
        OR NOT EXISTS (SELECT 1 FROM derivation d WHERE d.source_id = p.source_id AND d.file_id = f.file_id)`,
  },
  {
    invariant: '3 posted bytes never change',
    found: 'its derived file is missing, or is not the whole source',
    broken: sql`
      SELECT 'transaction ' || p.transaction_number AS subject FROM posting p
      JOIN source s ON s.id = p.source_id JOIN file f ON f.id = s.file_id
      LEFT JOIN derivation d ON d.source_id = s.id AND d.file_id = f.id
      WHERE d.file_id IS NULL OR d.byte_start <> 0 OR d.byte_end <> f.bytes`,
  },
  {
    invariant: '4 names rise in the order of posting',
    found: 'a later transaction has an earlier name in the mailbox',
    broken: sql`
      SELECT 'mailbox ' || m.name || ' ' || f.name AS subject FROM (
        SELECT mailbox_id, name, transaction_number,
          lag(transaction_number) OVER (PARTITION BY mailbox_id ORDER BY name) AS before
        FROM mailbox_file) f JOIN mailbox m ON m.id = f.mailbox_id WHERE before >= transaction_number`,
  },
  {
    invariant: '8 what is due is known',
    found: 'it has more or fewer reading sets than its summary says',
    broken: sql`
      SELECT 'transaction ' || p.transaction_number AS subject FROM posting p
      WHERE p.summary ->> 'readingSets' <> (SELECT count(*) FROM reading_set r WHERE r.source_id = p.source_id)`,
  },
  {
    invariant: '1 what was not acknowledged is nowhere',
    found: 'a posted source has no posting',
    broken: sql`
      SELECT 'source ' || id AS subject FROM source
      WHERE state = 'posted' AND id NOT IN (SELECT source_id FROM posting)`,
  },
];
