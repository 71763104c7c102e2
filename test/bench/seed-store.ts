import { X509Certificate } from 'node:crypto';
import { Readable } from 'node:stream';
import Sqlite from 'better-sqlite3';
import type { StorageConfig } from '../../storage/config.ts';
import { parseMailboxName, parseParticipantName, type Role } from '../../storage/model/mailbox.ts';
import { parseSha256 } from '../../storage/model/sha256.ts';
import { toDayNumber } from '../../storage/model/time.ts';
import { createStore, openStore, type Store } from '../../storage/open.ts';
import { systemClock } from '../../storage/ports/clock.ts';
import type { Mailbox } from '../../storage/ports/mailboxes.ts';
import { postFile } from '../../storage/post-file.ts';
import type { BenchCertificate, Workspace } from './workspace.ts';

export const mailboxes = 200;
const listedCounts = [100, 10_000, 1_000_000] as const;

export interface Seeded {
  readonly smallPath: string;
  readonly bigName: string;
  readonly listingPaths: Readonly<Record<number, string>>;
}

/**
 * Makes a store as a running MDMA would have it: participants by certificate, 200 mailboxes that all got the big file,
 * one with the small file, and one mailbox for each of `listedCounts`.
 */
export async function seedStore(config: StorageConfig, workspace: Workspace): Promise<Seeded> {
  await createStore(config, systemClock);
  const store = await openStore(config, { program: 'ops', clock: systemClock });
  try {
    // `other` lists a mailbox of the reader's while 200 slow readers are served.
    await register(store, 'reader', 'participant', workspace.certificates.reader);
    await register(store, 'other', 'staff', workspace.certificates.other);
    await register(store, 'staff', 'staff', workspace.certificates.staff);
    const all: Mailbox[] = [];
    for (let index = 0; index < mailboxes; index++) all.push(await addMailbox(store, toMailboxName(index)));
    const small = await addMailbox(store, 'small');
    const bigName = await post(store, workspace.big, all);
    const listingPaths: Record<number, string> = {};
    for (const count of listedCounts) {
      const mailbox = await addMailbox(store, `listed-${count}`);
      await post(store, workspace.small, [mailbox]);
      fillMailbox(config.databaseFile, mailbox.id, count);
      listingPaths[count] = `/mailboxes/${mailbox.name}/?limit=100`;
    }
    // Last, so that it is the first to be compressed: the newest are.
    const smallName = await post(store, workspace.small, [small]);
    return { smallPath: `/mailboxes/small/${smallName}`, bigName, listingPaths };
  } finally {
    await store.close();
  }
}

export function toMailboxName(index: number): string {
  return `esp-${index}`;
}

async function register(
  store: Store,
  name: string,
  role: Role,
  certificate: BenchCertificate,
): Promise<void> {
  const { participants } = store.catalogue;
  const participant = parseParticipantName(name);
  await participants.addParticipant({ name: participant, title: name, role });
  const { validFromDate, validToDate, subject } = new X509Certificate(certificate.certificatePem);
  await participants.registerCertificate({
    participant,
    fingerprint: parseSha256(certificate.fingerprint),
    subject,
    validFromAt: validFromDate.getTime(),
    validToAt: validToDate.getTime(),
  });
}

function addMailbox(store: Store, name: string): Promise<Mailbox> {
  return store.catalogue.mailboxes.addMailbox({
    name: parseMailboxName(name),
    owner: parseParticipantName('reader'),
    zone: 'America/Los_Angeles',
    profile: 'strict',
    onLineDays: 5,
    allowsRaw: false,
    demandsMapping: false,
    levels: {},
    receivers: [],
  });
}

async function post(store: Store, body: Buffer, to: readonly Mailbox[]): Promise<string> {
  const staff = await store.catalogue.participants.findParticipant(parseParticipantName('staff'));
  if (staff === undefined) throw new Error('staff is not registered');
  const { posting } = await postFile(
    { ...store, clock: systemClock, limits: { maxBytes: body.length, reserveBytes: 0 } },
    {
      postedBy: staff,
      mailboxes: to,
      originalName: '',
      format: 'cmep',
      profile: undefined,
      isComplete: true,
      corrects: null,
      reasonCode: null,
      note: '',
      isoAccount: null,
      idempotency: null,
    },
    Readable.from(toChunks(body)),
    { bytes: body.length, sha256: undefined },
  );
  const [first] = posting.files;
  if (first === undefined) throw new Error('the posting gave no name');
  return first.name;
}

function* toChunks(body: Buffer): Iterable<Buffer> {
  for (let at = 0; at < body.length; at += 1 << 20) yield body.subarray(at, at + (1 << 20));
}

/** Copies a mailbox's only file under minutes that have passed, until there are `count`: rows only, straight to SQL. */
function fillMailbox(databaseFile: string, mailboxId: number, count: number): void {
  const db = new Sqlite(databaseFile, { fileMustExist: true });
  try {
    const insert = db.prepare(`
      INSERT INTO mailbox_file
      SELECT mailbox_id, ?, transaction_number, file_id, records, posted_at, changed_at, leaves_at, NULL, NULL, NULL
      FROM mailbox_file WHERE mailbox_id = ? AND name = (SELECT max(name) FROM mailbox_file WHERE mailbox_id = ?)`);
    const firstMinute = toDayNumber(2020, 1, 1) * 24 * 60;
    db.transaction(() => {
      for (let at = 0; at < count - 1; at++) insert.run(toName(firstMinute + at), mailboxId, mailboxId);
    })();
  } finally {
    db.close();
  }
}

function toName(minute: number): string {
  return `${new Date(minute * 60_000).toISOString().replace(/[-T:]/g, '').slice(0, 12)}.dat`;
}
