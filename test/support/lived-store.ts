import type { FileName } from '../../storage/model/file-name.ts';
import type { DurableFile } from '../../storage/ports/postings.ts';
import { addParties, getName, type Parties, toReadingSet, toSha256 } from './parties.ts';
import { createTestStore, type TestStore } from './store.ts';

export interface LivedStore {
  readonly store: TestStore;
  readonly parties: Parties;
  /** The first posted file, in both mailboxes, retrieved and acknowledged by the ESP, and corrected since. */
  readonly file: DurableFile;
  /** Its name in the ESP's mailbox. */
  readonly name: FileName;
}

/** A store in which most things happened once. */
export async function createLivedStore(): Promise<LivedStore> {
  const store = await createTestStore();
  const parties = await addParties(store);
  const { participants, postings, retrievals } = store.catalogue;
  const { esp, staff, espBox, udcBox, post } = parties;
  const fingerprint = toSha256('c');
  const validity = { validFromAt: 0, validToAt: Number.MAX_SAFE_INTEGER };
  await participants.registerCertificate({ participant: esp.name, fingerprint, subject: '', ...validity });
  const secretSha256 = toSha256('s');
  await participants.issueKey({ participant: esp.name, id: 'k', secretSha256, label: '', expiresAt: null });
  const { posting, file } = await post({ sets: [toReadingSet()], mailboxes: [espBox, udcBox] });
  const name = getName(posting, espBox);
  await post({ corrects: posting.transaction, reasonCode: 'misread' });
  const refused = { bytes: 1, sha256: toSha256('r'), reason: '', scan: undefined };
  await postings.recordRefusal({ postedBy: staff, originalName: '' }, refused);
  const opening = { mailboxId: espBox.id, name, participant: esp, credential: 'key k', address: '::1' };
  const id = await retrievals.openRetrieval({ ...opening, coding: 'identity', range: undefined });
  await retrievals.endRetrieval(id, { bytesSent: file.bytes, isWhole: true });
  await retrievals.acknowledge(esp, espBox.id, name, file.sha256);
  return { store, parties, file, name };
}
