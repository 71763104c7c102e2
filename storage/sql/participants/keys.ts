import { MdmaError } from '../../model/errors.ts';
import type { ParticipantName } from '../../model/mailbox.ts';
import type { Sha256 } from '../../model/sha256.ts';
import type { Instant } from '../../model/time.ts';
import type { ApiKeyEntry, Participant } from '../../ports/participants.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import { prepared } from '../prepared.ts';
import { getParticipant, toParticipant } from './participants.ts';

export function issueKey(
  context: Context,
  input: {
    participant: ParticipantName;
    id: string;
    secretSha256: Sha256;
    label: string;
    expiresAt: Instant | null;
  },
): Promise<void> {
  const { id, label, expiresAt } = input;
  return context.database.write(async (queries) => {
    const owner = await getParticipant(queries, input.participant);
    const taken = await queries.selectFrom('api_key').select('id').where('id', '=', id).execute();
    if (taken.length > 0)
      throw new MdmaError('conflict', `Cannot issue key "${id}": there is one of that id`);
    await queries
      .insertInto('api_key')
      .values({
        id,
        participant_id: owner.id,
        secret_sha256: input.secretSha256,
        label,
        issued_at: context.clock.now(),
        expires_at: expiresAt,
        revoked_at: null,
      })
      .execute();
    await appendEvent(queries, context, {
      subject: 'participant',
      subjectId: owner.id,
      kind: 'key-issued',
      body: { id, label, expiresAt },
    });
  });
}

export function revokeKey(context: Context, id: string): Promise<void> {
  return context.database.write(async (queries) => {
    const row = await queries
      .selectFrom('api_key')
      .select(['participant_id', 'revoked_at'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw new MdmaError('not-found', `Cannot revoke key "${id}": there is none`);
    if (row.revoked_at !== null) return;
    await queries
      .updateTable('api_key')
      .set({ revoked_at: context.clock.now() })
      .where('id', '=', id)
      .execute();
    await appendEvent(queries, context, {
      subject: 'participant',
      subjectId: row.participant_id,
      kind: 'key-revoked',
      body: { id },
    });
  });
}

export async function listKeys(context: Context): Promise<ApiKeyEntry[]> {
  const rows = await context.database.read
    .selectFrom('api_key')
    .innerJoin('participant', 'participant.id', 'api_key.participant_id')
    .selectAll('api_key')
    .select('participant.name')
    .orderBy('participant.name')
    .orderBy('api_key.issued_at')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    participant: row.name as ParticipantName,
    label: row.label,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  }));
}

/** On the way of every request with a key; see `selectOwner` in `certificates.ts`. */
const selectKey = prepared((queries, values: { id: string; now: number }) =>
  queries
    .selectFrom('api_key')
    .select(['participant_id', 'secret_sha256'])
    .where('id', '=', values.id)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', values.now)])),
);

const selectParticipant = prepared((queries, values: { id: number }) =>
  queries.selectFrom('participant').select(['id', 'name', 'title', 'role']).where('id', '=', values.id),
);

export async function findByKey(
  context: Context,
  id: string,
  now: Instant,
): Promise<{ participant: Participant; secretSha256: Sha256 } | undefined> {
  const { read } = context.database;
  const [key] = await selectKey(read, { id, now });
  if (key === undefined) return undefined;
  const [owner] = await selectParticipant(read, { id: key.participant_id });
  return owner && { participant: toParticipant(owner), secretSha256: key.secret_sha256 as Sha256 };
}
