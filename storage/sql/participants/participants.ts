import { MdmaError } from '../../model/errors.ts';
import type { MailboxName, ParticipantName, Role } from '../../model/mailbox.ts';
import type { Participant } from '../../ports/participants.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import type { Queries } from '../queries.ts';

interface Row {
  id: number;
  name: string;
  title: string;
  role: string;
}

export function toParticipant(row: Row): Participant {
  return { id: row.id, name: row.name as ParticipantName, title: row.title, role: row.role as Role };
}

export function addParticipant(
  context: Context,
  input: { name: ParticipantName; title: string; role: Role },
): Promise<Participant> {
  return context.database.write(async (queries) => {
    const taken = await queries
      .selectFrom('participant')
      .select('id')
      .where('name', '=', input.name)
      .execute();
    if (taken.length > 0) {
      throw new MdmaError('conflict', `Cannot add participant "${input.name}": the name is taken`);
    }
    const row = await queries
      .insertInto('participant')
      .values({ ...input, created_at: context.clock.now() })
      .returning(['id', 'name', 'title', 'role'])
      .executeTakeFirstOrThrow();
    await appendEvent(queries, context, {
      subject: 'participant',
      subjectId: row.id,
      kind: 'added',
      body: { name: row.name, title: row.title, role: row.role },
    });
    return toParticipant(row);
  });
}

export async function listParticipants(
  context: Context,
): Promise<(Participant & { mailboxes: MailboxName[] })[]> {
  const { read } = context.database;
  const rows = await read.selectFrom('participant').selectAll().orderBy('name').execute();
  const mailboxes = await read.selectFrom('mailbox').select(['name', 'owner_id']).orderBy('name').execute();
  return rows.map((row) => ({
    ...toParticipant(row),
    mailboxes: mailboxes.filter(({ owner_id }) => owner_id === row.id).map(({ name }) => name as MailboxName),
  }));
}

export async function findParticipant(
  queries: Queries,
  name: ParticipantName,
): Promise<Participant | undefined> {
  const row = await queries.selectFrom('participant').selectAll().where('name', '=', name).executeTakeFirst();
  return row && toParticipant(row);
}

export async function getParticipant(queries: Queries, name: ParticipantName): Promise<Participant> {
  const participant = await findParticipant(queries, name);
  if (participant === undefined) {
    throw new MdmaError('not-found', `Cannot find participant "${name}": there is none of that name`);
  }
  return participant;
}
