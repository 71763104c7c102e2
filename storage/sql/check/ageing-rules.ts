import { sql } from 'kysely';
import type { Rule } from './rule.ts';

/** Where files are in their lives, against the events that moved them on. */
export const ageingRules: readonly Rule[] = [
  {
    invariant: '1 acknowledged files exist',
    found: 'its bytes were deleted although its 36 months had not ended',
    broken: sql`
      SELECT 'file ' || id AS subject FROM file
      WHERE deleted_at IS NOT NULL AND (delete_at IS NULL OR deleted_at < delete_at)`,
  },
  {
    invariant: '1 acknowledged files exist',
    found: 'a mailbox shows it although its bytes were archived or deleted',
    broken: sql`
      SELECT 'mailbox ' || m.name || ' ' || f.name AS subject FROM mailbox_file f
      JOIN mailbox m ON m.id = f.mailbox_id JOIN file b ON b.id = f.file_id
      WHERE f.archived_at IS NULL AND (b.root = 'archive' OR b.deleted_at IS NOT NULL)`,
  },
  {
    invariant: '7 states follow from their events',
    found: 'the file left its directory at another instant than its event says, or without one',
    broken: sql`
      SELECT 'mailbox ' || m.name || ' ' || f.name AS subject FROM mailbox_file f
      JOIN mailbox m ON m.id = f.mailbox_id
      LEFT JOIN event e ON e.subject = 'mailbox-file' AND e.subject_id = f.transaction_number
        AND e.kind = 'archived' AND e.body ->> 'mailboxId' = f.mailbox_id AND e.body ->> 'name' = f.name
      WHERE f.archived_at IS NOT e.at`,
  },
  {
    invariant: '7 states follow from their events',
    found: 'its bytes lie elsewhere, or were deleted at another instant, than its events say',
    broken: sql`
      SELECT 'file ' || f.id AS subject FROM file f
      LEFT JOIN event a ON a.subject = 'file' AND a.subject_id = f.id AND a.kind = 'archived'
      LEFT JOIN event d ON d.subject = 'file' AND d.subject_id = f.id AND d.kind = 'deleted'
      WHERE (f.root = 'archive') <> (a.sequence IS NOT NULL) OR f.deleted_at IS NOT d.at`,
  },
  {
    invariant: '7 states follow from their events',
    found: 'it is held, or not, against its last event',
    broken: sql`
      SELECT 'file ' || f.id AS subject FROM file f
      WHERE f.is_held <> coalesce((
        SELECT e.kind = 'held' FROM event e
        WHERE e.subject = 'file' AND e.subject_id = f.id AND e.kind IN ('held', 'released')
        ORDER BY e.sequence DESC LIMIT 1), 0)`,
  },
];
