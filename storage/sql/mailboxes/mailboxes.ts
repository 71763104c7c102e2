import { MdmaError } from '../../model/errors.ts';
import type { MailboxName, ParticipantName } from '../../model/mailbox.ts';
import type { Mailbox, Mailboxes } from '../../ports/mailboxes.ts';
import type { Participant } from '../../ports/participants.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import { getParticipant } from '../participants/participants.ts';
import { prepared } from '../prepared.ts';

interface Row {
  id: number;
  name: string;
  owner: string;
  zone: string;
  profile: string;
  on_line_days: number;
  allows_raw: number;
  demands_mapping: number;
}

function toMailbox(row: Row): Mailbox {
  return {
    id: row.id,
    name: row.name as MailboxName,
    owner: row.owner as ParticipantName,
    zone: row.zone,
    profile: row.profile,
    onLineDays: row.on_line_days,
    allowsRaw: row.allows_raw === 1,
    demandsMapping: row.demands_mapping === 1,
  };
}

export function addMailbox(
  context: Context,
  { demandsMapping = false, ...rest }: Parameters<Mailboxes['addMailbox']>[0],
): Promise<Mailbox> {
  const input = { ...rest, demandsMapping };
  return context.database.write(async (queries) => {
    const owner = await getParticipant(queries, input.owner);
    const taken = await queries.selectFrom('mailbox').select('id').where('name', '=', input.name).execute();
    if (taken.length > 0) {
      throw new MdmaError('conflict', `Cannot add mailbox "${input.name}": the name is taken`);
    }
    const { id } = await queries
      .insertInto('mailbox')
      .values({
        name: input.name,
        owner_id: owner.id,
        zone: input.zone,
        profile: input.profile,
        on_line_days: input.onLineDays,
        allows_raw: input.allowsRaw ? 1 : 0,
        demands_mapping: input.demandsMapping ? 1 : 0,
        created_at: context.clock.now(),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await appendEvent(queries, context, {
      subject: 'mailbox',
      subjectId: id,
      kind: 'added',
      body: { ...input },
    });
    return { ...input, id };
  });
}

const columns = [
  'mailbox.id',
  'mailbox.name',
  'participant.name as owner',
  'mailbox.zone',
  'mailbox.profile',
  'mailbox.on_line_days',
  'mailbox.allows_raw',
  'mailbox.demands_mapping',
] as const;

export async function listMailboxes(context: Context, reader: Participant): Promise<Mailbox[]> {
  let query = context.database.read
    .selectFrom('mailbox')
    .innerJoin('participant', 'participant.id', 'mailbox.owner_id')
    .select(columns)
    .orderBy('mailbox.name');
  if (reader.role !== 'staff') query = query.where('mailbox.owner_id', '=', reader.id);
  return (await query.execute()).map(toMailbox);
}

/** On the way of every request to a mailbox. One query for "not yours" and "not there" (ruling 18). */
const selectVisible = prepared((queries, values: { name: string; reader: number; isStaff: number }) =>
  queries
    .selectFrom('mailbox')
    .select(['id', 'name', 'zone', 'profile', 'on_line_days', 'allows_raw', 'demands_mapping'])
    .select((eb) =>
      eb
        .selectFrom('participant')
        .select('participant.name')
        .whereRef('participant.id', '=', 'mailbox.owner_id')
        .$asScalar()
        .$notNull()
        .as('owner'),
    )
    .where('name', '=', values.name)
    .where((eb) => eb.or([eb('owner_id', '=', values.reader), eb(eb.val(values.isStaff), '=', 1)])),
);

export async function findMailbox(
  context: Context,
  reader: Participant,
  name: MailboxName,
): Promise<Mailbox | undefined> {
  const isStaff = reader.role === 'staff' ? 1 : 0;
  const [row] = await selectVisible(context.database.read, { name, reader: reader.id, isStaff });
  return row && toMailbox(row);
}

export async function getMailboxes(context: Context, names: readonly MailboxName[]): Promise<Mailbox[]> {
  if (names.length === 0) return [];
  const rows = await context.database.read
    .selectFrom('mailbox')
    .innerJoin('participant', 'participant.id', 'mailbox.owner_id')
    .select(columns)
    .where('mailbox.name', 'in', [...names])
    .orderBy('mailbox.name')
    .execute();
  const unknown = names.filter((name) => !rows.some((row) => row.name === name));
  if (unknown.length > 0) {
    throw new MdmaError(
      'not-found',
      `Cannot find mailbox "${unknown.join('", "')}": there is none of that name`,
      {
        faults: unknown.map((value) => ({ at: 'mailbox', value, expected: 'the name of a mailbox' })),
      },
    );
  }
  return rows.map(toMailbox);
}
