import { beforeEach, describe, expect, test } from 'vitest';
import { addParties, type Parties, type PostInput, toReadingSet, toSha256 } from '../support/parties.ts';
import type { TestStore } from '../support/store.ts';
import { storeDrivers } from './drivers.ts';

const idempotency = { key: 'nightly-2026-11-20', requestSha256: toSha256('request') };

describe.each(storeDrivers)('idempotency keys on $name (ruling 20)', ({ open }) => {
  let store: TestStore;
  let parties: Parties;

  beforeEach(async () => {
    store = await open();
    parties = await addParties(store);
    return () => store.expectSound();
  });

  const post = (input: PostInput = {}) => parties.post({ idempotency, ...input });

  const countPostings = async () =>
    (await store.catalogue.postings.listPostings(parties.staff, { before: undefined, limit: 100 })).postings
      .length;

  test('the same request again is answered with the first posting, and nothing is added', async () => {
    const first = await post({ sets: [toReadingSet()], mailboxes: [parties.espBox, parties.udcBox] });
    store.clock.advance(3_600_000);
    const again = await post({ sets: [toReadingSet()], mailboxes: [parties.espBox, parties.udcBox] });
    expect(first.isReplay).toBe(false);
    expect(again).toMatchObject({ isReplay: true, posting: first.posting });
    expect(await countPostings()).toBe(1);
    const { files } = await store.catalogue.mailboxes.listFiles(parties.espBox.id, {
      after: undefined,
      limit: 10,
    });
    expect(files).toHaveLength(1);
  });

  test('of many at the same moment, in two processes, one posts and the others are answered with it', async () => {
    const elsewhere = await store.openAgain('server');
    const done = await Promise.all(
      Array.from({ length: 20 }, (_, at) => post({ by: at % 2 ? store : elsewhere })),
    );
    expect(done.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
    expect(new Set(done.map(({ posting }) => posting.transaction)).size).toBe(1);
    expect(await countPostings()).toBe(1);
  });

  test('another request under the same key is a mismatch that names the first, and adds nothing', async () => {
    const { posting } = await post();
    const other = { ...idempotency, requestSha256: toSha256('another request') };
    await expect(post({ idempotency: other })).rejects.toMatchObject({
      code: 'idempotency-mismatch',
      message: expect.stringContaining(`transaction ${posting.transaction}`),
    });
    expect(await countPostings()).toBe(1);
  });

  test('a key belongs to its poster; another key is another posting', async () => {
    const first = await post();
    const ofProgram = await post({ postedBy: parties.program });
    const otherKey = await post({ idempotency: { ...idempotency, key: 'nightly-2026-11-21' } });
    const transactions = [first, ofProgram, otherKey].map(({ posting }) => posting.transaction);
    expect(new Set(transactions).size).toBe(3);
  });

  test('a key whose posting failed was not used', async () => {
    const corrects = 999 as NonNullable<PostInput['corrects']>;
    await expect(post({ corrects, reasonCode: 'misread' })).rejects.toMatchObject({ code: 'not-found' });
    expect(await post()).toMatchObject({ isReplay: false });
  });

  test('the replay tells of what has happened since', async () => {
    const { posting } = await post();
    const correction = await parties.post({ corrects: posting.transaction, reasonCode: 'gap-fill' });
    expect((await post()).posting.correctedBy).toEqual([correction.posting.transaction]);
  });
});
