import { statfsSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { check } from '../../../storage/check.ts';
import { parseParticipantName } from '../../../storage/model/mailbox.ts';
import { createStore, openStore } from '../../../storage/open.ts';
import { atEnd } from '../../support/cleanup.ts';
import { addParties, getName, toReadingSet } from '../../support/parties.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';
import { createTestClock, toStorageConfig } from '../../support/store.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const disk = mountSmallDisk(8 << 20);

/** A store whose catalogue lies on a small disk; its files lie elsewhere. */
async function open() {
  const clock = createTestClock();
  const config = {
    ...toStorageConfig(makeTemporaryFolder()),
    databaseFile: join(disk ?? '', 'catalogue.sqlite'),
  };
  await createStore(config, clock);
  const store = await openStore(config, { program: 'server', clock });
  atEnd(() => store.close());
  const expectSound = async () => {
    const all = { ...store, clock: { now: () => Number.MAX_SAFE_INTEGER } };
    expect(await check(all, { graceMs: 0, isQuick: false })).toEqual([]);
  };
  return {
    ...store,
    clock,
    config,
    expectSound,
    openAgain: () => openStore(config, { program: 'server', clock }),
  };
}

/** Takes what room is left; gives back how to return some of it, and all. */
function fillUp() {
  const path = join(disk ?? '', 'filler');
  const { bavail, bsize } = statfsSync(disk ?? '');
  const bytes = bavail * bsize;
  writeFileSync(path, new Uint8Array(bytes));
  return {
    freeSome: (freed: number) => truncateSync(path, bytes - freed),
    freeRoom: () => unlinkSync(path),
  };
}

test.skipIf(disk === undefined)('a full disk of the catalogue', async () => {
  const store = await open();
  const parties = await addParties(store);
  await parties.post();
  expect(await store.ballast.fill()).toBe(true);
  const { freeSome, freeRoom } = fillUp();
  const { postings } = store.catalogue;
  const listed = async () =>
    (await postings.listPostings(parties.staff, { before: undefined, limit: 999 })).postings;

  // The ballast gives way, so that records of downloads go on for a while; then posts are refused.
  let posted = 1;
  const name = getName((await listed())[0] ?? (await parties.post()).posting, parties.espBox);
  const openRetrieval = () =>
    store.catalogue.retrievals.openRetrieval({
      mailboxId: parties.espBox.id,
      name,
      participant: parties.esp,
      credential: 'key one',
      address: '192.0.2.7',
      coding: 'identity',
      range: undefined,
    });
  const sets = Array.from({ length: 500 }, (_, at) => toReadingSet({ meter: `M${at}` }));
  let refusal: unknown;
  while (refusal === undefined && posted < 200) {
    try {
      await parties.post({ sets });
      posted += 1;
    } catch (error) {
      refusal = error;
    }
  }
  expect(refusal).toMatchObject({ code: 'storage-full' });
  expect(posted).toBeGreaterThan(1);
  expect(await store.ballast.release()).toBe(false);

  // Enough for the records of two downloads, not for thousands of rows.
  freeSome(128 << 10);
  // Of those that wait for the same commit what fits is kept, and of what does not nothing.
  const sourceId = await postings.openSource();
  const many = Array.from({ length: 5_000 }, (_, at) => toReadingSet({ meter: `M${at}` }));
  const together = [openRetrieval(), postings.addReadingSets(sourceId, 0, many), openRetrieval()];
  const [first, tooLarge, last] = await Promise.allSettled(together);
  expect(tooLarge).toMatchObject({ status: 'rejected', reason: { code: 'storage-full' } });
  expect([first?.status, last?.status]).toEqual(['fulfilled', 'fulfilled']);
  expect(await listed()).toHaveLength(posted);
  await store.expectSound();

  // With room again everything goes on, and another process sees the same.
  freeRoom();
  await postings.addReadingSets(sourceId, 0, many);
  await postings.dropSource(sourceId);
  await parties.post({ sets });
  await openRetrieval();
  const again = await store.openAgain();
  expect(await again.catalogue.participants.findParticipant(parseParticipantName('esp-one'))).toEqual(
    parties.esp,
  );
  expect(await listed()).toHaveLength(posted + 1);
  await again.close();
  await store.expectSound();
});
