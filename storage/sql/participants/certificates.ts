import { MdmaError } from '../../model/errors.ts';
import type { ParticipantName } from '../../model/mailbox.ts';
import type { Sha256 } from '../../model/sha256.ts';
import type { Instant } from '../../model/time.ts';
import type { CertificateEntry, Participant } from '../../ports/participants.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import { prepared } from '../prepared.ts';
import { getParticipant, toParticipant } from './participants.ts';

export function registerCertificate(
  context: Context,
  input: {
    participant: ParticipantName;
    fingerprint: Sha256;
    subject: string;
    validFromAt: Instant;
    validToAt: Instant;
  },
): Promise<void> {
  const { fingerprint, subject } = input;
  return context.database.write(async (queries) => {
    const owner = await getParticipant(queries, input.participant);
    const known = await queries
      .selectFrom('certificate')
      .select('fingerprint')
      .where('fingerprint', '=', fingerprint)
      .execute();
    if (known.length > 0) {
      throw new MdmaError('conflict', `Cannot register certificate ${fingerprint}: it is registered already`);
    }
    const registeredAt = context.clock.now();
    await queries
      .insertInto('certificate')
      .values({
        fingerprint,
        participant_id: owner.id,
        subject,
        valid_from_at: input.validFromAt,
        valid_to_at: input.validToAt,
        registered_at: registeredAt,
        revoked_at: null,
      })
      .execute();
    await appendEvent(queries, context, {
      subject: 'participant',
      subjectId: owner.id,
      kind: 'certificate-registered',
      body: { fingerprint, subject, validFromAt: input.validFromAt, validToAt: input.validToAt },
    });
  });
}

export function revokeCertificate(context: Context, fingerprint: Sha256): Promise<void> {
  return context.database.write(async (queries) => {
    const row = await queries
      .selectFrom('certificate')
      .select(['participant_id', 'revoked_at'])
      .where('fingerprint', '=', fingerprint)
      .executeTakeFirst();
    if (row === undefined) {
      throw new MdmaError('not-found', `Cannot revoke certificate ${fingerprint}: it is not registered`);
    }
    if (row.revoked_at !== null) return;
    const revokedAt = context.clock.now();
    await queries
      .updateTable('certificate')
      .set({ revoked_at: revokedAt })
      .where('fingerprint', '=', fingerprint)
      .execute();
    await appendEvent(queries, context, {
      subject: 'participant',
      subjectId: row.participant_id,
      kind: 'certificate-revoked',
      body: { fingerprint },
    });
  });
}

export async function listCertificates(context: Context): Promise<CertificateEntry[]> {
  const rows = await context.database.read
    .selectFrom('certificate')
    .innerJoin('participant', 'participant.id', 'certificate.participant_id')
    .selectAll('certificate')
    .select('participant.name')
    .orderBy('participant.name')
    .orderBy('certificate.registered_at')
    .execute();
  return rows.map((row) => ({
    fingerprint: row.fingerprint as Sha256,
    participant: row.name as ParticipantName,
    subject: row.subject,
    validFromAt: row.valid_from_at,
    validToAt: row.valid_to_at,
    registeredAt: row.registered_at,
    revokedAt: row.revoked_at,
  }));
}

/** On the way of every request; a join of the two tables takes SQLite eight times as long. */
const selectOwner = prepared((queries, values: { fingerprint: string; now: number }) =>
  queries
    .selectFrom('participant')
    .select(['id', 'name', 'title', 'role'])
    .where('id', '=', (eb) =>
      eb
        .selectFrom('certificate')
        .select('participant_id')
        .where('fingerprint', '=', values.fingerprint)
        .where('revoked_at', 'is', null)
        .where('valid_from_at', '<=', values.now)
        .where('valid_to_at', '>', values.now),
    ),
);

export async function findByCertificate(
  context: Context,
  fingerprint: Sha256,
  now: Instant,
): Promise<Participant | undefined> {
  const [row] = await selectOwner(context.database.read, { fingerprint, now });
  return row && toParticipant(row);
}
