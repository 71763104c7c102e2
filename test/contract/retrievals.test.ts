import { beforeEach, describe, expect, test } from 'vitest';
import type { FileName } from '../../storage/model/file-name.ts';
import type { Store } from '../../storage/open.ts';
import { instanceTimeoutMs } from '../../storage/ports/instances.ts';
import type { Participant } from '../../storage/ports/participants.ts';
import type { RetrievalOpening } from '../../storage/ports/retrievals.ts';
import { addParties, getName, type Parties } from '../support/parties.ts';
import type { TestStore } from '../support/store.ts';
import { storeDrivers } from './drivers.ts';

const size = 1_000;

describe.each(storeDrivers)('retrievals on $name (ruling 13, invariant 6)', ({ open }) => {
  let store: TestStore;
  let parties: Parties;
  let name: FileName;

  beforeEach(async () => {
    store = await open();
    parties = await addParties(store);
    name = getName((await parties.post({ content: 'x'.repeat(size) })).posting, parties.espBox);
    return () => store.expectSound();
  });

  const begin = (over: Partial<RetrievalOpening> = {}, by: Store = store) =>
    by.catalogue.retrievals.openRetrieval({
      mailboxId: parties.espBox.id,
      name,
      participant: parties.esp,
      credential: 'certificate 0f3a',
      address: '192.0.2.7',
      coding: 'identity',
      range: undefined,
      ...over,
    });
  const end = (id: number, bytesSent: number, isWhole: boolean) =>
    store.catalogue.retrievals.endRetrieval(id, { bytesSent, isWhole });
  const retrieve = async (range: [number, number] | undefined, bytesSent: number, over = {}) => {
    const id = await begin({ range: range && { start: range[0], end: range[1] }, ...over });
    await end(id, bytesSent, bytesSent === (range ? range[1] - range[0] : size));
    return id;
  };
  const list = async (page: object = {}) => {
    const whole = { name: undefined, before: undefined, limit: 100, ...page };
    return store.catalogue.retrievals.listRetrievals(parties.espBox.id, whole);
  };
  const states = async () => (await list()).retrievals.map(({ state }) => state);
  const firstRetrievedAt = async () => {
    const { files } = await store.catalogue.mailboxes.listFiles(parties.espBox.id, {
      after: undefined,
      limit: 1,
    });
    return files[0]?.firstRetrievedAt;
  };

  test('an end that nobody waited for is on record when the program has closed its store', async () => {
    const other = await store.openAgain('server');
    const id = await begin({}, other);
    const ended = other.catalogue.retrievals.endRetrieval(id, { bytesSent: size, isWhole: true });
    await other.close();
    expect(await states()).toEqual(['sent']);
    await ended;
  });

  test('is on record, open, before its first byte, in every process', async () => {
    const range = { start: 10, end: 20 };
    const id = await begin({ range, coding: 'identity' });
    const elsewhere = await store.openAgain('ops');
    const page = { name: undefined, before: undefined, limit: 9 };
    const { retrievals } = await elsewhere.catalogue.retrievals.listRetrievals(parties.espBox.id, page);
    expect(retrievals).toEqual([
      {
        id,
        mailbox: 'esp-one',
        name,
        participant: 'esp-one',
        credential: 'certificate 0f3a',
        address: '192.0.2.7',
        coding: 'identity',
        rangeStart: 10,
        rangeEnd: 20,
        openedAt: store.clock.now(),
        endedAt: null,
        bytesSent: null,
        state: 'open',
        mismatchedAt: null,
      },
    ]);
  });

  test('ends as sent or as interrupted, with what was sent, once', async () => {
    const [whole, cut] = [await begin(), await begin()];
    store.clock.advance(250);
    const endedAt = store.clock.now();
    await end(whole, size, true);
    await end(cut, 8, false);
    store.clock.advance(250);
    await end(whole, 1, false);
    await end(cut, size, true);
    expect((await list()).retrievals).toMatchObject([
      { id: cut, state: 'interrupted', bytesSent: 8, endedAt },
      { id: whole, state: 'sent', bytesSent: size, endedAt },
    ]);
  });

  test('lists newest first, page by page, of one file if asked', async () => {
    const other = getName((await parties.post()).posting, parties.espBox);
    const ids: number[] = [];
    for (const each of [name, other, name, name]) ids.unshift(await begin({ name: each }));
    const first = await list({ limit: 3 });
    expect(first.hasMore).toBe(true);
    const rest = await list({ before: first.retrievals.at(-1)?.id, limit: 3 });
    expect(rest.hasMore).toBe(false);
    expect([...first.retrievals, ...rest.retrievals].map(({ id }) => id)).toEqual(ids);
    expect((await list({ name: other })).retrievals.map(({ id }) => id)).toEqual([ids[2]]);
    for (const id of ids) await end(id, 0, false);
  });

  describe('a file is retrieved', () => {
    test('when it was sent whole to its owner, at that instant, once', async () => {
      expect(await firstRetrievedAt()).toBeNull();
      store.clock.advance(1_000);
      await retrieve(undefined, size);
      const at = store.clock.now();
      store.clock.advance(1_000);
      await retrieve(undefined, size);
      expect(await firstRetrievedAt()).toBe(at);
    });

    test('in any coding', async () => {
      const id = await begin({ coding: 'zstd' });
      await end(id, 77, true);
      expect(await firstRetrievedAt()).toBe(store.clock.now());
    });

    test.each<
      [string, readonly (readonly [range: [number, number] | undefined, bytesSent: number])[], boolean]
    >([
      ['not when it was cut', [[undefined, 8]], false],
      ['not when it was cut before its last byte', [[undefined, size - 1]], false],
      [
        'when what was cut was resumed to the end',
        [
          [undefined, 400],
          [[400, size], 600],
        ],
        true,
      ],
      [
        'when it came in ranges, in whatever order',
        [
          [[700, size], 300],
          [[0, 400], 400],
          [[300, 700], 400],
        ],
        true,
      ],
      [
        'not when one byte is missing between',
        [
          [undefined, 400],
          [[401, size], 599],
        ],
        false,
      ],
      [
        'not when the resumed part was cut as well',
        [
          [undefined, 400],
          [[400, size], 599],
        ],
        false,
      ],
      ['not when only its end came', [[[400, size], 600]], false],
      [
        'not when one part came twice',
        [
          [[0, 500], 500],
          [[0, 500], 500],
        ],
        false,
      ],
    ])('%s', async (_name, pieces, isRetrieved) => {
      for (const [range, bytesSent] of pieces) await retrieve(range, bytesSent);
      expect(await firstRetrievedAt()).toBe(isRetrieved ? store.clock.now() : null);
    });

    test('not by what a dead transfer handed over and nobody asked for again, though a tail was fetched before', async () => {
      const tail = await begin({ range: { start: 900, end: size } });
      await end(tail, 100, true);
      const dead = await begin();
      await end(dead, 950, false);
      const first = await begin({ range: { start: 0, end: 10 } });
      await end(first, 10, true);
      expect(await firstRetrievedAt()).toBeNull();
      const resumed = await begin({ range: { start: 500, end: size } });
      await end(resumed, 500, true);
      expect(await firstRetrievedAt()).toBe(store.clock.now());
    });

    test('not by pieces of different codings, nor of different readers', async () => {
      await retrieve([0, 400], 400);
      const coded = await begin({ coding: 'gzip' });
      await end(coded, 600, false);
      await retrieve([400, size], 600, { participant: parties.staff });
      expect(await firstRetrievedAt()).toBeNull();
    });

    test('not by a look of staff', async () => {
      await retrieve(undefined, size, { participant: parties.staff });
      expect(await firstRetrievedAt()).toBeNull();
      expect(await states()).toEqual(['sent']);
    });

    test('in its own mailbox only, where one posting is in two', async () => {
      const { posting } = await parties.post({
        mailboxes: [parties.espBox, parties.udcBox],
        content: 'y'.repeat(size),
      });
      await retrieve(undefined, size, { name: getName(posting, parties.espBox) });
      const page = { after: undefined, limit: 9 };
      const { files } = await store.catalogue.mailboxes.listFiles(parties.udcBox.id, page);
      expect(files.map((file) => file.firstRetrievedAt)).toEqual([null]);
    });
  });

  describe('what a dead process left open', () => {
    const interrupt = async (by: Store = store) => {
      const dead = await by.catalogue.instances.listDeadInstances(store.clock.now());
      return by.catalogue.retrievals.interruptRetrievals(dead);
    };

    test('reads interrupted once its instance is dead, and not before', async () => {
      const elsewhere = await store.openAgain('server');
      await begin({}, elsewhere);
      await begin();
      expect(await interrupt()).toBe(0);
      store.clock.advance(instanceTimeoutMs + 1);
      await store.catalogue.instances.heartbeat();
      expect(await interrupt()).toBe(1);
      expect((await list()).retrievals).toMatchObject([
        { state: 'open' },
        { state: 'interrupted', bytesSent: null, endedAt: store.clock.now() },
      ]);
      expect(await interrupt()).toBe(0);
    });

    test('reads interrupted at once when its process ended orderly', async () => {
      const elsewhere = await store.openAgain('server');
      await begin({}, elsewhere);
      await elsewhere.close();
      expect(await interrupt()).toBe(1);
      expect(await interrupt()).toBe(0);
    });

    test('stays open while its process shows that it lives', async () => {
      const elsewhere: Participant[] = [parties.esp];
      const other = await store.openAgain('server');
      for (const participant of elsewhere) await begin({ participant }, other);
      for (let beats = 0; beats < 5; beats += 1) {
        store.clock.advance(instanceTimeoutMs - 1);
        await other.catalogue.instances.heartbeat();
        expect(await interrupt()).toBe(0);
      }
      expect(await states()).toEqual(['open']);
    });

    test('stays interrupted although its process comes back and ends it', async () => {
      const other = await store.openAgain('server');
      const id = await begin({}, other);
      store.clock.advance(instanceTimeoutMs + 1);
      await interrupt();
      await other.catalogue.retrievals.endRetrieval(id, { bytesSent: size, isWhole: true });
      expect(await states()).toEqual(['interrupted']);
      expect(await firstRetrievedAt()).toBeNull();
    });

    test('does not count towards the whole, because nobody knows how much was sent', async () => {
      const other = await store.openAgain('server');
      await begin({}, other);
      store.clock.advance(instanceTimeoutMs + 1);
      await interrupt();
      await retrieve([400, size], 600);
      expect(await firstRetrievedAt()).toBeNull();
    });
  });
});
