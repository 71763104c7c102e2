import { beforeEach, describe, expect, test } from 'vitest';
import type { FileName } from '../../storage/model/file-name.ts';
import type { Sha256 } from '../../storage/model/sha256.ts';
import { instanceTimeoutMs } from '../../storage/ports/instances.ts';
import { addParties, getName, type Parties, toSha256 } from '../support/parties.ts';
import type { TestStore } from '../support/store.ts';
import { storeDrivers } from './drivers.ts';

const size = 1_000;
const right = toSha256('x'.repeat(size));
const wrong = toSha256('something else');

describe.each(storeDrivers)('receipts on $name', ({ open }) => {
  let store: TestStore;
  let parties: Parties;
  let name: FileName;

  beforeEach(async () => {
    store = await open();
    parties = await addParties(store);
    name = getName((await parties.post({ content: 'x'.repeat(size) })).posting, parties.espBox);
    return () => store.expectSound();
  });

  const begin = (participant = parties.esp, by = store.catalogue) =>
    by.retrievals.openRetrieval({
      mailboxId: parties.espBox.id,
      name,
      participant,
      credential: 'key one',
      address: '192.0.2.7',
      coding: 'identity',
      range: undefined,
    });
  const end = (id: number, bytesSent = size) =>
    store.catalogue.retrievals.endRetrieval(id, { bytesSent, isWhole: bytesSent === size });
  const retrieve = async (bytesSent = size, participant = parties.esp) => {
    const id = await begin(participant);
    await end(id, bytesSent);
    return id;
  };
  const acknowledge = (sha256: Sha256, reader = parties.esp) =>
    store.catalogue.retrievals.acknowledge(reader, parties.espBox.id, name, sha256);
  const states = async () => {
    const page = { name: undefined, before: undefined, limit: 100 };
    const { retrievals } = await store.catalogue.retrievals.listRetrievals(parties.espBox.id, page);
    return retrievals.map(({ state }) => state).reverse();
  };
  const acknowledgedAt = async () => {
    const page = { after: undefined, limit: 1 };
    return (await store.catalogue.mailboxes.listFiles(parties.espBox.id, page)).files[0]?.acknowledgedAt;
  };

  test('the right digest acknowledges, at that instant', async () => {
    await retrieve();
    store.clock.advance(1_000);
    expect(await acknowledge(right)).toBe(true);
    expect(await states()).toEqual(['acknowledged']);
    expect(await acknowledgedAt()).toBe(store.clock.now());
  });

  test('a wrong digest acknowledges nothing; the right one afterwards does', async () => {
    await retrieve();
    expect(await acknowledge(wrong)).toBe(false);
    expect(await states()).toEqual(['sent']);
    expect(await acknowledgedAt()).toBeNull();
    const page = { name: undefined, before: undefined, limit: 1 };
    const { retrievals } = await store.catalogue.retrievals.listRetrievals(parties.espBox.id, page);
    expect(retrievals).toMatchObject([{ mismatchedAt: store.clock.now() }]);
    expect(await acknowledge(right)).toBe(true);
    expect(await states()).toEqual(['acknowledged']);
  });

  test('given twice, the first instant holds', async () => {
    await retrieve();
    await acknowledge(right);
    const at = await acknowledgedAt();
    store.clock.advance(1_000);
    expect(await acknowledge(right)).toBe(true);
    expect(await acknowledgedAt()).toBe(at);
    await retrieve();
    expect(await states()).toEqual(['acknowledged', 'sent']);
  });

  test('of one who never retrieved the file is a conflict, whatever others did', async () => {
    await retrieve(size, parties.staff);
    for (const sha256 of [right, wrong]) {
      await expect(acknowledge(sha256)).rejects.toMatchObject({ code: 'conflict' });
    }
    expect(await states()).toEqual(['sent']);
    expect(await acknowledgedAt()).toBeNull();
  });

  test('holds for all of this reader’s ended retrievals, so for the pieces of a resumed download', async () => {
    await retrieve(400);
    await retrieve(600);
    await retrieve(size, parties.staff);
    await begin();
    await acknowledge(right);
    expect(await states()).toEqual(['acknowledged', 'acknowledged', 'sent', 'open']);
  });

  test('of staff does not make the file acknowledged, only their own retrieval', async () => {
    await retrieve();
    await retrieve(size, parties.staff);
    expect(await acknowledge(right, parties.staff)).toBe(true);
    expect(await states()).toEqual(['sent', 'acknowledged']);
    expect(await acknowledgedAt()).toBeNull();
  });

  describe('that overtakes the record of the end', () => {
    test('holds as soon as the end is on record, with what was sent', async () => {
      const id = await begin();
      expect(await acknowledge(right)).toBe(true);
      expect(await states()).toEqual(['open']);
      expect(await acknowledgedAt()).toBe(store.clock.now());
      store.clock.advance(5);
      await end(id);
      const page = { name: undefined, before: undefined, limit: 1 };
      const { retrievals } = await store.catalogue.retrievals.listRetrievals(parties.espBox.id, page);
      expect(retrievals).toMatchObject([
        { state: 'acknowledged', bytesSent: size, endedAt: store.clock.now() },
      ]);
    });

    test('holds although the process died before it recorded the end', async () => {
      const other = await store.openAgain('server');
      await begin(parties.esp, other.catalogue);
      await acknowledge(right);
      store.clock.advance(instanceTimeoutMs + 1);
      const dead = await store.catalogue.instances.listDeadInstances(store.clock.now());
      expect(await store.catalogue.retrievals.interruptRetrievals(dead)).toBe(1);
      expect(await states()).toEqual(['acknowledged']);
    });

    test('with a wrong digest holds for nothing', async () => {
      const id = await begin();
      expect(await acknowledge(wrong)).toBe(false);
      await end(id);
      expect(await states()).toEqual(['sent']);
    });
  });
});
