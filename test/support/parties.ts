import { createHash } from 'node:crypto';
import type { ReadingSet, Summary } from '../../storage/formats/format.ts';
import {
  type MailboxName,
  parseMailboxName,
  parseParticipantName,
  type Role,
} from '../../storage/model/mailbox.ts';
import type { Sha256 } from '../../storage/model/sha256.ts';
import type { Store } from '../../storage/open.ts';
import { toFileKey } from '../../storage/ports/file-store.ts';
import type { Mailbox } from '../../storage/ports/mailboxes.ts';
import type { Participant } from '../../storage/ports/participants.ts';
import type { DurableFile, Posting, PostingOrder } from '../../storage/ports/postings.ts';
import type { TestClock } from './store.ts';

export interface PostInput extends Partial<PostingOrder> {
  /** What is posted; other bytes at every call unless given. */
  readonly content?: string;
  readonly sets?: readonly ReadingSet[];
  /** An open source instead of `sets`, with so many reading sets. */
  readonly source?: { readonly id: number; readonly readingSets: number };
  /** The store that posts, where it is opened more than once. */
  readonly by?: Store;
}

/** A store with those in it whom nearly every test needs, and short ways to what they do. */
export interface Parties {
  readonly staff: Participant;
  readonly program: Participant;
  readonly esp: Participant;
  readonly udc: Participant;
  /** Mailboxes of the two, of their names. */
  readonly espBox: Mailbox;
  readonly udcBox: Mailbox;
  addParticipant(name: string, role?: Role): Promise<Participant>;
  addMailbox(name: string, owner: Participant, input?: Partial<Mailbox>): Promise<Mailbox>;
  /** Makes bytes durable, with no row. */
  keep(content: string, by?: Store): Promise<DurableFile>;
  /** Posts as staff to the ESP's mailbox, unless told otherwise; bytes that become no posting are removed. */
  post(input?: PostInput): Promise<{ posting: Posting; isReplay: boolean; file: DurableFile }>;
}

export async function addParties(store: Store & { readonly clock: TestClock }): Promise<Parties> {
  const { participants, mailboxes } = store.catalogue;
  const addParticipant = (name: string, role: Role = 'participant') =>
    participants.addParticipant({ name: parseParticipantName(name), title: `Title of ${name}`, role });
  const addMailbox = (name: string, owner: Participant, input: Partial<Mailbox> = {}) =>
    mailboxes.addMailbox({
      name: parseMailboxName(name),
      owner: owner.name,
      zone: 'America/Los_Angeles',
      profile: 'strict',
      onLineDays: 5,
      allowsRaw: false,
      levels: {},
      receivers: [],
      ...input,
    });
  const staff = await addParticipant('staff', 'staff');
  const esp = await addParticipant('esp-one');
  const udc = await addParticipant('udc-one');
  const espBox = await addMailbox('esp-one', esp);

  async function keep(content: string, by: Store = store): Promise<DurableFile> {
    const key = toFileKey(store.clock.now(), by.newId());
    const bytes = Buffer.from(content);
    const writer = await by.files.create(key);
    await writer.write(bytes);
    await writer.finish();
    return { key, sha256: toSha256(bytes), bytes: bytes.length };
  }

  return {
    staff,
    esp,
    udc,
    espBox,
    program: await addParticipant('program', 'program'),
    udcBox: await addMailbox('udc-one', udc),
    addParticipant,
    addMailbox,
    keep,
    async post({ content, sets = [], source, by = store, ...order } = {}) {
      const file = await keep(content ?? `posted ${store.newId()}`, by);
      const readingSets = source?.readingSets ?? sets.length;
      const summary = { ...toSummary(file.bytes, sets), readingSets };
      const scanned = { summary, sourceId: source?.id, sets };
      const whole = { ...usualOrder, postedBy: staff, mailboxes: [espBox], ...order };
      let isAdded = false;
      try {
        const { posting, isReplay } = await by.catalogue.postings.commitPosting(whole, file, scanned);
        isAdded = !isReplay;
        return { posting, isReplay, file };
      } finally {
        if (!isAdded) await by.files.remove('on-line', file.key);
      }
    },
  };
}

const usualOrder = {
  originalName: 'day.dat',
  format: 'cmep',
  profile: 'strict',
  isComplete: true,
  corrects: null,
  reasonCode: null,
  note: '',
  isoAccount: null,
  idempotency: null,
} as const;

export function toSha256(bytes: string | Uint8Array): Sha256 {
  return createHash('sha256').update(bytes).digest('hex') as Sha256;
}

/** The name of the file that a posting put into a mailbox. */
export function getName({ files }: Posting, mailbox: { name: MailboxName }) {
  const file = files.find((each) => each.mailbox === mailbox.name);
  if (file === undefined) throw new Error(`Cannot find a file of the posting in mailbox ${mailbox.name}`);
  return file.name;
}

/** A meter's quarter hours of the day from 2026-11-19T08:00Z on. */
export function toReadingSet(set: Partial<ReadingSet> = {}): ReadingSet {
  return {
    line: 1,
    byteStart: 0,
    byteEnd: 1,
    sender: 'MDMA',
    receiver: 'ESP',
    account: '',
    senderAccount: '',
    receiverAccount: '',
    sdp: '',
    meter: 'M1',
    commodity: 'E',
    unit: 'KWH',
    channel: '',
    measure: 'interval',
    purpose: 'OK',
    multiplier: '1',
    intervalMinutes: 15,
    periodStartAt: Date.UTC(2026, 10, 19, 8),
    periodEndAt: Date.UTC(2026, 10, 20, 8),
    readings: 96,
    estimated: 0,
    adjusted: 0,
    raw: 0,
    missing: 0,
    createdAt: null,
    externalReference: '',
    correctsReference: '',
    reason: '',
    ...set,
  };
}

export function toSummary(bytes: number, sets: readonly ReadingSet[]): Summary {
  return {
    format: 'cmep',
    profile: 'strict',
    bytes,
    records: Math.max(1, sets.length),
    readingSets: sets.length,
    meters: new Set(sets.map(({ meter }) => meter)).size,
    units: {},
    firstAt: null,
    lastAt: null,
    readings: 0,
    estimated: 0,
    adjusted: 0,
    raw: 0,
    missing: 0,
    estimatedShare: 0,
    rawShare: 0,
    accounts: 1,
    estimatedAccounts: 0,
    estimatedAccountShare: 0,
    senders: [],
    receivers: [],
  };
}
