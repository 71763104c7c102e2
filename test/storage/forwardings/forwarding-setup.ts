import { createHash } from 'node:crypto';
import type { FormatName, ReadingSet, Summary } from '../../../storage/formats/format.ts';
import { parseParticipantName } from '../../../storage/model/mailbox.ts';
import type { Sha256 } from '../../../storage/model/sha256.ts';
import { hourMs } from '../../../storage/model/time.ts';
import type { Transaction } from '../../../storage/model/transaction.ts';
import { toFileKey } from '../../../storage/ports/file-store.ts';
import type { ClaimedForwarding, Forwardings, Part } from '../../../storage/ports/forwardings.ts';
import type { DurableFile, Posting } from '../../../storage/ports/postings.ts';
import type { Resource } from '../../../storage/ports/resources.ts';
import { createTestStore, type TestStore } from '../../support/store.ts';

export const account = 'sc-one';

/** 2026-11-19, a day that the mappings of these tests cover. */
export const periodStartAt = Date.UTC(2026, 10, 19, 8);

/** A part in layout `gmt`. */
export function toPartText(resourceId = 'R_1'): string {
  const header = 'RESOURCE_ID,MEASUREMENT_TYPE,UOM,INTERVAL_MINUTES,INTERVAL_END_GMT,VALUE,QUALITY';
  return `${header}\r\n${resourceId},LOAD,KWH,60,2026-11-19T10:00:00Z,1.000,\r\n`;
}

interface PostInput {
  readonly sets?: readonly Partial<ReadingSet>[];
  readonly format?: FormatName;
  readonly corrects?: Transaction;
  /** Account of a pass-through. */
  readonly isoAccount?: string;
}

export interface ForwardingSetup {
  readonly store: TestStore;
  readonly forwardings: Forwardings;
  post(input?: PostInput): Promise<Posting>;
  /** Maps a meter's KWH to the account from a day on. */
  map(
    meter: string,
    to?: { account?: string; effectiveFrom?: string; effectiveTo?: string },
  ): Promise<Resource>;
  /** A stored file, for a part or a page. */
  keep(text: string): Promise<DurableFile>;
  /** Claims what is due to the account, for a minute; fails when nothing is. */
  claim(): Promise<ClaimedForwarding>;
  /** Claims it and gives it one part. */
  prepare(text?: string): Promise<{ forwarding: ClaimedForwarding; part: Part }>;
  /** Puts the sending of a part on record, its deadline now unless said; gives the submission's id. */
  beginSending(
    forwarding: { readonly id: number },
    part: Pick<Part, 'id'>,
    deadlineAt?: number,
  ): Promise<number>;
}

/** A store with staff in it, and short ways to bring forwardings to where a test begins. */
export async function setUpForwardings(): Promise<ForwardingSetup> {
  const store = await createTestStore();
  const { catalogue, clock } = store;
  const { forwardings } = catalogue;
  const staff = await catalogue.participants.addParticipant({
    name: parseParticipantName('staff'),
    title: 'Staff',
    role: 'staff',
  });

  async function keep(text: string): Promise<DurableFile> {
    const key = toFileKey(clock.now(), store.newId());
    const bytes = Buffer.from(text);
    const writer = await store.files.create(key);
    await writer.write(bytes);
    await writer.finish();
    return { key, sha256: createHash('sha256').update(bytes).digest('hex') as Sha256, bytes: bytes.length };
  }

  async function post({
    sets = [],
    format = 'cmep',
    corrects,
    isoAccount,
  }: PostInput = {}): Promise<Posting> {
    const { posting } = await catalogue.postings.commitPosting(
      {
        postedBy: staff,
        mailboxes: [],
        originalName: '',
        format,
        profile: 'strict',
        isComplete: true,
        corrects: corrects ?? null,
        reasonCode: corrects === undefined ? null : 'misread',
        note: '',
        isoAccount: isoAccount === undefined ? null : { name: isoAccount, way: 'omar' },
        idempotency: null,
      },
      await keep(`posted ${store.newId()}`),
      { summary: toSummary(format, sets.length), sourceId: undefined, sets: sets.map(toReadingSet) },
    );
    return posting;
  }

  async function claim(): Promise<ClaimedForwarding> {
    const claimed = await forwardings.claimForwarding(account, 'omar', clock.now() + 60_000);
    if (claimed === undefined) throw new Error('Cannot claim: nothing is due');
    return claimed;
  }

  return {
    store,
    forwardings,
    post,
    map: (meter, to = {}) =>
      catalogue.resources.mapResource({
        meter,
        unit: 'KWH',
        resourceId: `R_${meter}`,
        measurementType: 'LOAD',
        account: to.account ?? account,
        way: 'omar',
        effectiveFrom: to.effectiveFrom ?? '2026-01-01',
        effectiveTo: to.effectiveTo ?? null,
      }),
    keep,
    claim,
    async prepare(text = toPartText()) {
      const { id } = await claim();
      const parts = [{ number: 1, file: await keep(text), extension: 'csv' as const, records: 1 }];
      await forwardings.recordParts(id, parts, {}, { state: 'prepared', reason: '', dueAt: clock.now() });
      const forwarding = await claim();
      const [part] = forwarding.parts;
      if (part === undefined) throw new Error('Cannot prepare: the part is not there');
      return { forwarding, part };
    },
    async beginSending({ id }, part, deadlineAt = clock.now()) {
      const isoName = `${id}-${part.id}-1.csv`;
      const leaseUntilAt = clock.now() + 60_000;
      const intent = { partId: part.id, attempt: 1, isoName, deadlineAt, leaseUntilAt };
      return (await forwardings.recordIntent(id, intent)).id;
    },
  };
}

function toReadingSet(set: Partial<ReadingSet>, index: number): ReadingSet {
  return {
    line: index + 1,
    byteStart: 0,
    byteEnd: 1,
    sender: '',
    receiver: '',
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
    intervalMinutes: 60,
    periodStartAt,
    periodEndAt: periodStartAt + 24 * hourMs,
    readings: 24,
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

function toSummary(format: FormatName, readingSets: number): Summary {
  return {
    format,
    profile: 'strict',
    bytes: 1,
    records: 1,
    readingSets,
    meters: 1,
    units: { KWH: 1 },
    firstAt: null,
    lastAt: null,
    readings: 24,
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
