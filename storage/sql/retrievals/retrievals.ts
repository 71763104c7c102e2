import { sql } from 'kysely';
import { isCovered } from '../../model/coverage.ts';
import type { FileName } from '../../model/file-name.ts';
import type { MailboxName, ParticipantName } from '../../model/mailbox.ts';
import type { Instant } from '../../model/time.ts';
import type { Coding } from '../../ports/mailboxes.ts';
import type { Retrieval, RetrievalOpening, RetrievalState } from '../../ports/retrievals.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import { prepared } from '../prepared.ts';
import type { Queries } from '../queries.ts';

/** Pieces of one file looked at; a client that needs more asks for it whole again. */
const maxPieces = 1_000;

interface OpeningValues {
  mailboxId: number;
  name: string;
  participantId: number;
  credential: string;
  address: string;
  coding: string;
  rangeStart: number | null;
  rangeEnd: number | null;
  instance: string;
  openedAt: number;
}

const insertRetrieval = prepared((queries, values: OpeningValues) =>
  queries
    .insertInto('retrieval')
    .values({
      mailbox_id: values.mailboxId,
      name: values.name,
      participant_id: values.participantId,
      credential: values.credential,
      address: values.address,
      coding: values.coding,
      range_start: values.rangeStart,
      range_end: values.rangeEnd,
      instance: values.instance,
      opened_at: values.openedAt,
      ended_at: null,
      bytes_sent: null,
      state: 'open',
    })
    .returning('id'),
);

export function openRetrieval(context: Context, opening: RetrievalOpening): Promise<number> {
  const { mailboxId, name, credential, address, coding, range } = opening;
  const openedAt = context.clock.now();
  return context.database.write(async (queries) => {
    const values = {
      mailboxId,
      name,
      participantId: opening.participant.id,
      credential,
      address,
      coding,
      rangeStart: range?.start ?? null,
      rangeEnd: range?.end ?? null,
      instance: context.instance,
      openedAt,
    };
    const [row] = await insertRetrieval(queries, values);
    if (row === undefined) throw new Error('Cannot open retrieval: the row did not come back');
    const { instance: _instance, openedAt: _openedAt, ...body } = values;
    await appendEvent(queries, context, {
      subject: 'retrieval',
      subjectId: row.id,
      kind: 'opened',
      at: openedAt,
      body,
    });
    return row.id;
  });
}

/** How a retrieval reads once it has ended: a receipt may have come before. */
const toEndState = (state: string) => sql<string>`CASE WHEN EXISTS (SELECT 1 FROM event
  WHERE subject = 'retrieval' AND subject_id = retrieval.id AND kind = 'acknowledged')
  THEN 'acknowledged' ELSE ${state} END`;

const updateEnded = prepared(
  (queries, values: { id: number; endedAt: number; bytesSent: number; state: string }) =>
    queries
      .updateTable('retrieval')
      .set({ ended_at: values.endedAt, bytes_sent: values.bytesSent, state: toEndState(values.state) })
      .where('id', '=', values.id)
      .where('state', '=', 'open')
      .returning(['mailbox_id', 'name', 'participant_id', 'range_start', 'coding']),
);

export function endRetrieval(
  context: Context,
  id: number,
  end: { bytesSent: number; isWhole: boolean },
): Promise<void> {
  const endedAt = context.clock.now();
  const record = async (queries: Queries) => {
    const state = end.isWhole ? 'sent' : 'interrupted';
    const [row] = await updateEnded(queries, { id, endedAt, bytesSent: end.bytesSent, state });
    if (row === undefined) return;
    await appendEvent(queries, context, {
      subject: 'retrieval',
      subjectId: id,
      kind: 'ended',
      at: endedAt,
      body: { bytesSent: end.bytesSent, state },
    });
    // A transfer that broke off completes nothing, even when all its bytes were handed over: see `Transfers`.
    if (end.isWhole && (row.range_start === null || (await isSentInPieces(queries, row)))) {
      await markRetrieved(queries, row, endedAt);
    }
  };
  return context.database.write(record, { isPatient: true });
}

interface Ended {
  mailbox_id: number;
  name: string;
  participant_id: number;
}

/** Whether this reader's identity transfers together hold the whole file: a broken download that was resumed. */
async function isSentInPieces(queries: Queries, ended: Ended & { coding: string }): Promise<boolean> {
  if (ended.coding !== 'identity') return false;
  const rows = await queries
    .selectFrom('retrieval')
    .innerJoin('mailbox_file', (join) =>
      join
        .onRef('mailbox_file.mailbox_id', '=', 'retrieval.mailbox_id')
        .onRef('mailbox_file.name', '=', 'retrieval.name'),
    )
    .innerJoin('file', 'file.id', 'mailbox_file.file_id')
    .select(['retrieval.range_start', 'retrieval.bytes_sent', 'retrieval.state', 'file.bytes'])
    .where('retrieval.mailbox_id', '=', ended.mailbox_id)
    .where('retrieval.name', '=', ended.name)
    .where('retrieval.participant_id', '=', ended.participant_id)
    .where('retrieval.coding', '=', 'identity')
    .where('retrieval.bytes_sent', '>', 0)
    .orderBy('retrieval.id', 'desc')
    .limit(maxPieces)
    .execute();
  // Of a transfer that broke off, what is known to have arrived ends where the reader went on, later, to ask for more.
  const askedLater: number[] = [];
  const ranges = rows.map(({ range_start, bytes_sent, state }) => {
    const start = range_start ?? 0;
    const sentEnd = start + (bytes_sent ?? 0);
    const end =
      state === 'interrupted' ? Math.max(start, ...askedLater.filter((at) => at <= sentEnd)) : sentEnd;
    askedLater.push(start);
    return { start, end };
  });
  return isCovered(ranges, rows[0]?.bytes ?? Number.POSITIVE_INFINITY);
}

const updateFirstRetrieved = prepared(
  (queries, values: { mailboxId: number; name: string; at: number; participantId: number }) =>
    queries
      .updateTable('mailbox_file')
      .set({ first_retrieved_at: values.at })
      .where('mailbox_id', '=', values.mailboxId)
      .where('name', '=', values.name)
      .where('first_retrieved_at', 'is', null)
      .where('mailbox_id', 'in', (eb) =>
        eb.selectFrom('mailbox').select('id').where('owner_id', '=', values.participantId),
      ),
);

/** Staff look at files too; only the owner's retrieval counts as the file's. */
async function markRetrieved(queries: Queries, ended: Ended, at: Instant): Promise<void> {
  await updateFirstRetrieved(queries, {
    mailboxId: ended.mailbox_id,
    name: ended.name,
    participantId: ended.participant_id,
    at,
  });
}

export function interruptRetrievals(context: Context, deadInstances: readonly string[]): Promise<number> {
  if (deadInstances.length === 0) return Promise.resolve(0);
  return context.database.write(async (queries) => {
    const endedAt = context.clock.now();
    const rows = await queries
      .updateTable('retrieval')
      .set({ state: toEndState('interrupted'), ended_at: endedAt })
      .where('state', '=', 'open')
      .where('instance', 'in', [...deadInstances])
      .returning('id')
      .execute();
    for (const { id } of rows) {
      await appendEvent(queries, context, {
        subject: 'retrieval',
        subjectId: id,
        kind: 'ended',
        at: endedAt,
        body: { bytesSent: null, state: 'interrupted' },
      });
    }
    return rows.length;
  });
}

export async function listRetrievals(
  context: Context,
  mailboxId: number,
  page: { name: FileName | undefined; before: number | undefined; limit: number },
): Promise<{ retrievals: Retrieval[]; hasMore: boolean }> {
  let query = context.database.read
    .selectFrom('retrieval')
    .innerJoin('mailbox', 'mailbox.id', 'retrieval.mailbox_id')
    .innerJoin('participant', 'participant.id', 'retrieval.participant_id')
    .selectAll('retrieval')
    .select(['mailbox.name as mailbox', 'participant.name as participant'])
    .select((eb) =>
      eb
        .selectFrom('event')
        .select((inner) => inner.fn.max('event.at').as('at'))
        .where('event.subject', '=', 'retrieval')
        .whereRef('event.subject_id', '=', 'retrieval.id')
        .where('event.kind', '=', 'digest-mismatch')
        .as('mismatched_at'),
    )
    .where('retrieval.mailbox_id', '=', mailboxId)
    .orderBy('retrieval.id', 'desc')
    .limit(page.limit + 1);
  if (page.name !== undefined) query = query.where('retrieval.name', '=', page.name);
  if (page.before !== undefined) query = query.where('retrieval.id', '<', page.before);
  const rows = await query.execute();
  const retrievals = rows.slice(0, page.limit).map((row) => ({
    id: row.id,
    mailbox: row.mailbox as MailboxName,
    name: row.name as FileName,
    participant: row.participant as ParticipantName,
    credential: row.credential,
    address: row.address,
    coding: row.coding as 'identity' | Coding,
    rangeStart: row.range_start,
    rangeEnd: row.range_end,
    openedAt: row.opened_at,
    endedAt: row.ended_at,
    bytesSent: row.bytes_sent,
    state: row.state as RetrievalState,
    mismatchedAt: row.mismatched_at,
  }));
  return { retrievals, hasMore: rows.length > page.limit };
}
