import type { CheckLevels } from '../../formats/checks/check-levels.ts';
import { MdmaError } from '../../model/errors.ts';
import type { MailboxName, ParticipantName } from '../../model/mailbox.ts';
import type { Mailbox, MailboxChange } from '../../ports/mailboxes.ts';
import type { Participant } from '../../ports/participants.ts';
import { appendEvent, toCanonicalJson } from '../append-event.ts';
import type { Context } from '../context.ts';
import { getParticipant } from '../participants/participants.ts';
import { prepared } from '../prepared.ts';
import type { Queries } from '../queries.ts';

interface Row {
  id: number;
  name: string;
  owner: string;
  zone: string;
  profile: string;
  on_line_days: number;
  allows_raw: number;
  levels: string;
  receivers: string;
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
    levels: JSON.parse(row.levels) as CheckLevels,
    receivers: JSON.parse(row.receivers) as string[],
    demandsMapping: row.demands_mapping === 1,
  };
}

/** What may change, as columns. */
function toColumns(mailbox: Required<MailboxChange>) {
  const { profile, onLineDays, allowsRaw, demandsMapping, levels, receivers } = mailbox;
  return {
    profile,
    on_line_days: onLineDays,
    allows_raw: allowsRaw ? 1 : 0,
    demands_mapping: demandsMapping ? 1 : 0,
    levels: toCanonicalJson(levels),
    receivers: toCanonicalJson(receivers),
  };
}

export function addMailbox(context: Context, input: Omit<Mailbox, 'id'>): Promise<Mailbox> {
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
        ...toColumns(input),
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

export function changeMailbox(context: Context, name: MailboxName, change: MailboxChange): Promise<Mailbox> {
  return context.database.write(async (queries) => {
    const [row] = await selectNamed(queries, { name });
    if (row === undefined) throw toUnknown([name]);
    const before = toMailbox(row);
    const after = { ...before, ...change };
    const changed = Object.entries(change).filter(
      ([key, value]) => toCanonicalJson(before[key as keyof MailboxChange]) !== toCanonicalJson(value),
    );
    if (changed.length === 0) return before;
    await queries.updateTable('mailbox').set(toColumns(after)).where('id', '=', before.id).execute();
    await appendEvent(queries, context, {
      subject: 'mailbox',
      subjectId: before.id,
      kind: 'changed',
      body: Object.fromEntries(changed),
    });
    return after;
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
  'mailbox.levels',
  'mailbox.receivers',
  'mailbox.demands_mapping',
] as const;

export async function listMailboxes(
  context: Context,
  reader: Participant,
  {
    after,
    limit = Number.POSITIVE_INFINITY,
  }: { after?: MailboxName | undefined; limit?: number | undefined } = {},
): Promise<{ mailboxes: Mailbox[]; hasMore: boolean }> {
  let query = context.database.read
    .selectFrom('mailbox')
    .innerJoin('participant', 'participant.id', 'mailbox.owner_id')
    .select(columns)
    .orderBy('mailbox.name');
  if (Number.isFinite(limit)) query = query.limit(limit + 1);
  if (reader.role !== 'staff') query = query.where('mailbox.owner_id', '=', reader.id);
  if (after !== undefined) query = query.where('mailbox.name', '>', after);
  const rows = await query.execute();
  return { mailboxes: rows.slice(0, limit).map(toMailbox), hasMore: rows.length > limit };
}

/** The owner's name by a subquery of its own, which costs SQLite an eighth of a join. */
function selectWithOwner(queries: Queries) {
  return queries
    .selectFrom('mailbox')
    .select(['id', 'name', 'zone', 'profile', 'on_line_days', 'allows_raw', 'demands_mapping'])
    .select(['levels', 'receivers'])
    .select((eb) =>
      eb
        .selectFrom('participant')
        .select('participant.name')
        .whereRef('participant.id', '=', 'mailbox.owner_id')
        .$asScalar()
        .$notNull()
        .as('owner'),
    );
}

/** On the way of every request to a mailbox. One query for "not yours" and "not there" (ruling 18). */
const selectVisible = prepared((queries, values: { name: string; reader: number; isStaff: number }) =>
  selectWithOwner(queries)
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

const selectNamed = prepared((queries, values: { name: string }) =>
  selectWithOwner(queries).where('name', '=', values.name),
);

export async function getMailboxes(context: Context, names: readonly MailboxName[]): Promise<Mailbox[]> {
  const { read } = context.database;
  const found = await Promise.all([...names].sort().map((name) => selectNamed(read, { name })));
  const rows = found.flat();
  const unknown = names.filter((name) => !rows.some((row) => row.name === name));
  if (unknown.length > 0) throw toUnknown(unknown);
  return rows.map(toMailbox);
}

function toUnknown(names: readonly MailboxName[]): MdmaError {
  const message = `Cannot find mailbox "${names.join('", "')}": there is none of that name`;
  return new MdmaError('not-found', message, {
    faults: names.map((value) => ({ at: 'mailbox', value, expected: 'the name of a mailbox' })),
  });
}
