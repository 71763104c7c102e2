import { MdmaError } from '../../model/errors.ts';
import type { FileName } from '../../model/file-name.ts';
import type { Sha256 } from '../../model/sha256.ts';
import type { Participant } from '../../ports/participants.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import type { Queries } from '../queries.ts';

interface Receipt {
  readonly reader: Participant;
  readonly mailboxId: number;
  readonly name: FileName;
}

export function acknowledge(
  context: Context,
  reader: Participant,
  mailboxId: number,
  name: FileName,
  sha256: Sha256,
): Promise<boolean> {
  const receipt = { reader, mailboxId, name };
  return context.database.write(async (queries) => {
    const latest = await findLatest(queries, receipt);
    if (latest === undefined) {
      throw new MdmaError('conflict', `Cannot acknowledge "${name}": you have not retrieved it`);
    }
    const at = context.clock.now();
    const body = { sha256, by: reader.name };
    const isRight = latest.sha256 === sha256;
    const kind = isRight ? 'acknowledged' : 'digest-mismatch';
    for (const subjectId of isRight ? await listMeant(queries, receipt) : [latest.id]) {
      await appendEvent(queries, context, { subject: 'retrieval', subjectId, kind, at, body });
    }
    if (isRight) await markAcknowledged(queries, receipt, at);
    return isRight;
  });
}

/** The reader's newest retrieval of the file, with the digest that is right. */
function findLatest(queries: Queries, { reader, mailboxId, name }: Receipt) {
  return queries
    .selectFrom('retrieval')
    .innerJoin('mailbox_file', (join) =>
      join
        .onRef('mailbox_file.mailbox_id', '=', 'retrieval.mailbox_id')
        .onRef('mailbox_file.name', '=', 'retrieval.name'),
    )
    .innerJoin('file', 'file.id', 'mailbox_file.file_id')
    .select(['retrieval.id', 'file.sha256'])
    .where('retrieval.mailbox_id', '=', mailboxId)
    .where('retrieval.name', '=', name)
    .where('retrieval.participant_id', '=', reader.id)
    .orderBy('retrieval.id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/**
 * The retrievals that a right digest speaks of: the ended ones, which become acknowledged. A receipt may overtake the
 * record of the end; where none has ended yet it speaks of the open ones, which become acknowledged when they end.
 */
async function listMeant(queries: Queries, { reader, mailboxId, name }: Receipt): Promise<number[]> {
  const ended = await queries
    .updateTable('retrieval')
    .set({ state: 'acknowledged' })
    .where('mailbox_id', '=', mailboxId)
    .where('name', '=', name)
    .where('participant_id', '=', reader.id)
    .where('state', 'in', ['sent', 'interrupted'])
    .returning('id')
    .execute();
  if (ended.length > 0) return ended.map(({ id }) => id);
  const others = await queries
    .selectFrom('retrieval')
    .select(['id', 'state'])
    .where('mailbox_id', '=', mailboxId)
    .where('name', '=', name)
    .where('participant_id', '=', reader.id)
    .execute();
  return others.some(({ state }) => state === 'acknowledged') ? [] : others.map(({ id }) => id);
}

/** Only the owner's word makes the file acknowledged; staff look at files too. */
async function markAcknowledged(
  queries: Queries,
  { reader, mailboxId, name }: Receipt,
  at: number,
): Promise<void> {
  await queries
    .updateTable('mailbox_file')
    .set({ acknowledged_at: at })
    .where('mailbox_id', '=', mailboxId)
    .where('name', '=', name)
    .where('acknowledged_at', 'is', null)
    .where('mailbox_id', 'in', (eb) =>
      eb.selectFrom('mailbox').select('id').where('owner_id', '=', reader.id),
    )
    .execute();
}
