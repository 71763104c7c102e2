import { expect } from 'vitest';
import type { Refusal } from '../../storage/ports/postings.ts';
import { type Posted, type PostFileDeps, type PostRequest, postFile } from '../../storage/post-file.ts';
import { listAll } from '../contract/file-store-acts.ts';
import { addParties, type Parties } from '../support/parties.ts';
import { createTestStore, type TestStore } from '../support/store.ts';

export interface Input {
  readonly request?: Partial<PostRequest>;
  readonly expected?: Partial<Parameters<typeof postFile>[3]>;
  readonly deps?: Partial<PostFileDeps>;
}

export interface PostFileSetup {
  readonly store: TestStore;
  readonly parties: Parties;
  /** Posts a body as staff to the ESP's mailbox, unless told otherwise. */
  post(body: AsyncIterable<Uint8Array> | string | Uint8Array, input?: Input): Promise<Posted>;
  listRefusals(): Promise<Refusal[]>;
  /** Fails unless the store is sound and holds so many files, so many postings, and no half-received source. */
  expectHolds(files: number, postings?: number): Promise<void>;
}

export async function setUpPostFile(): Promise<PostFileSetup> {
  const store = await createTestStore();
  const parties = await addParties(store);
  const { catalogue, files } = store;
  const { postings, instances } = catalogue;
  return {
    store,
    parties,
    post(body, { request, expected, deps } = {}) {
      const limits = { maxBytes: 1 << 28, reserveBytes: 0 };
      const usual = { ...usualRequest, postedBy: parties.staff, mailboxes: [parties.espBox] };
      return postFile(
        { ...store, limits, ...deps },
        { ...usual, ...request },
        typeof body === 'string' || body instanceof Uint8Array ? toChunks([body]) : body,
        { bytes: undefined, sha256: undefined, ...expected },
      );
    },
    listRefusals: () => postings.listRefusals(parties.staff, 100),
    async expectHolds(count, posted = count) {
      await store.expectSound();
      expect(await listAll(files, 'on-line')).toHaveLength(count);
      expect(await postings.listOpenSources([instances.instance])).toEqual([]);
      const page = await postings.listPostings(parties.staff, { before: undefined, limit: 1_000 });
      expect(page.postings).toHaveLength(posted);
    },
  };
}

const usualRequest = {
  originalName: 'day.dat',
  format: undefined,
  profile: undefined,
  isComplete: true,
  corrects: null,
  reasonCode: null,
  note: '',
  isoAccount: null,
  idempotency: null,
} as const;

/** A body; `afterwards` ends it, be it by an error. */
export async function* toChunks(
  chunks: Iterable<string | Uint8Array>,
  afterwards: () => void = () => undefined,
): AsyncIterable<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk);
  afterwards();
}

/** One strict CMEP record of three quarter hours. */
export function toCmepRecord({ meter = 'MTR1', unit = 'KWH', flag = '', receiver = 'ESP' } = {}): string {
  const head = `MEPMD01,19970819,MDMA,,${receiver},,202611190930,${meter},OK,E,${unit},1.0,00000015,3`;
  const triplets = ['202611190815', '202611190830', '202611190845'].map((stamp) => `${stamp},${flag},1.5`);
  return `${head},${triplets.join(',')}\r\n`;
}
