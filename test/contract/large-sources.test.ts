import { beforeEach, describe, expect, test } from 'vitest';
import { listDeadReadingSets } from '../support/dead-reading-sets.ts';
import { addParties, type Parties, toReadingSet } from '../support/parties.ts';
import type { TestStore } from '../support/store.ts';
import { storeDrivers } from './drivers.ts';

const toSets = (count: number, prefix = 'M') =>
  Array.from({ length: count }, (_, at) => toReadingSet({ meter: `${prefix}${at}`, line: at + 1 }));

describe.each(storeDrivers)('sources with very many reading sets on $name', ({ open }) => {
  let store: TestStore;
  let parties: Parties;

  beforeEach(async () => {
    store = await open();
    parties = await addParties(store);
    return () => store.expectSound();
  });

  const listPostings = async () =>
    (await store.catalogue.postings.listPostings(parties.staff, { before: undefined, limit: 10 })).postings;

  test('are nowhere visible before they are committed, then whole', async () => {
    const { postings, mailboxes } = store.catalogue;
    const sourceId = await postings.openSource();
    for (const first of [0, 1_000, 2_000]) {
      await postings.addReadingSets(sourceId, first, toSets(3_000).slice(first, first + 1_000));
    }
    expect(await listPostings()).toEqual([]);
    const page = { after: undefined, limit: 10 };
    expect((await mailboxes.listFiles(parties.espBox.id, page)).files).toEqual([]);
    await store.expectSound();

    const { posting } = await parties.post({ source: { id: sourceId, readingSets: 3_000 } });
    expect(await listPostings()).toEqual([posting]);
    expect((await mailboxes.listFiles(parties.espBox.id, page)).files).toHaveLength(1);
    const sets = [toReadingSet({ meter: 'M0' }), toReadingSet({ meter: 'M2999' })];
    await parties.post({ corrects: posting.transaction, reasonCode: 'misread', sets });
    const dead = listDeadReadingSets(store, posting.transaction);
    expect(dead).toEqual(new Set([0, 2_999]));
  });

  test('one source makes one posting', async () => {
    const sourceId = await store.catalogue.postings.openSource();
    await parties.post({ source: { id: sourceId, readingSets: 0 } });
    await expect(parties.post({ source: { id: sourceId, readingSets: 0 } })).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(await listPostings()).toHaveLength(1);
  });

  test('one that was taken back makes none, and is gone with all its reading sets', async () => {
    const { postings, instances } = store.catalogue;
    const sourceId = await postings.openSource();
    await postings.addReadingSets(sourceId, 0, toSets(12_000));
    expect(await postings.listOpenSources([instances.instance])).toEqual([sourceId]);
    await postings.dropSource(sourceId);
    await postings.dropSource(sourceId);
    expect(await postings.listOpenSources([instances.instance])).toEqual([]);
    await expect(parties.post({ source: { id: sourceId, readingSets: 0 } })).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(await listPostings()).toEqual([]);
  });

  test('one that is posted cannot be taken back', async () => {
    const { postings, instances } = store.catalogue;
    const sourceId = await postings.openSource();
    await postings.addReadingSets(sourceId, 0, toSets(10));
    const { posting } = await parties.post({ source: { id: sourceId, readingSets: 10 } });
    await postings.dropSource(sourceId);
    expect(await postings.listOpenSources([instances.instance])).toEqual([]);
    await parties.post({ corrects: posting.transaction, reasonCode: 'misread', sets: toSets(10) });
    expect(listDeadReadingSets(store, posting.transaction).size).toBe(10);
  });

  test('those of other instances are told apart', async () => {
    const elsewhere = await store.openAgain('server');
    const mine = await store.catalogue.postings.openSource();
    const theirs = await elsewhere.catalogue.postings.openSource();
    const list = store.catalogue.postings.listOpenSources;
    const [own, other] = [store, elsewhere].map(({ catalogue }) => catalogue.instances.instance);
    expect(await list([])).toEqual([]);
    expect(await list([other ?? ''])).toEqual([theirs]);
    expect((await list([own ?? '', other ?? ''])).sort()).toEqual([mine, theirs]);
  });
});
