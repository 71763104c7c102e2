import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import type { FileStore } from '../../storage/ports/file-store.ts';
import { toCmepFile } from '../bench/cmep-data.ts';
import { emptyJournal, Filler } from '../support/filler.ts';
import { createServerWorld, type ServerWorld } from '../support/server-world.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import type { WorldServer } from '../support/world-server.ts';

const mebibyte = 2 ** 20;
/** As the defaults are: the reserve holds the ballast, and the ballast more than the journal of the catalogue grows to. */
const ballastBytes = 6 * mebibyte;
const reserveBytes = 8 * mebibyte;
const earlier = toCmepFile(100_000, 9_000_000);
const body = toCmepFile(100_000, 1);

interface SmallWorld {
  readonly world: ServerWorld;
  readonly server: WorldServer;
  readonly filler: Filler;
  readonly ballast: string;
  /** Downloads the file that was posted before, whole. */
  retrieve(): Promise<void>;
  /** Fails unless the mailbox, the staff's list and the disk hold the file that was posted before and no other. */
  expectOnlyEarlier(): Promise<void>;
}

async function createSmallWorld(
  settings: { ballastBytes: number; limits: { reserveBytes: number } },
  diskBytes = 40 * mebibyte,
): Promise<SmallWorld | undefined> {
  const folder = mountSmallDisk(diskBytes);
  if (folder === undefined) return undefined;
  const world = await createServerWorld({ folder, ...settings });
  const server = await world.start();
  const { files } = (await server.post(earlier)).json();
  const [{ href }] = files;
  return {
    world,
    server,
    filler: new Filler(folder),
    ballast: path.join(folder, 'catalogue.sqlite-ballast'),
    async retrieve() {
      const answer = await server.call('esp-one', 'GET', href);
      expect([answer.status, answer.body.equals(earlier)]).toEqual([200, true]);
    },
    async expectOnlyEarlier() {
      const sha256 = createHash('sha256').update(earlier).digest('hex');
      expect((await server.list()).map((file) => file.sha256)).toEqual([sha256]);
      expect((await server.call('staff', 'GET', '/postings')).json().postings).toHaveLength(1);
      const entries = readdirSync(world.filesFolder, { recursive: true, withFileTypes: true });
      expect(entries.filter((entry) => entry.isFile())).toHaveLength(1);
    },
  };
}

function expectNoRoom(answer: Awaited<ReturnType<WorldServer['call']>>): void {
  expect([answer.status, answer.headers['content-type']]).toEqual([
    507,
    expect.stringContaining('problem+json'),
  ]);
  expect(answer.json()).toMatchObject({ type: 'urn:mdma:problem:storage-full', status: 507 });
}

/** A body without a declared length, of which the second part comes when the test says so. */
function sendInParts(first: Buffer, second: Buffer): { body: Readable; goOn: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  async function* parts() {
    yield first;
    await promise;
    yield second;
  }
  return { body: Readable.from(parts()), goOn: resolve };
}

/** With room again, posts work again; and the store is sound, with nothing left over. */
async function expectRecovered({ world, server, filler }: SmallWorld): Promise<void> {
  filler.remove();
  expect((await server.post(body)).status).toBe(201);
  expect(await server.list()).toHaveLength(2);
  expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(await world.expectSound()).toBe(0);
}

const settings = { ballastBytes, limits: { reserveBytes } };

test('on a full disk posts are refused with nothing kept, and downloads go on, on record', async ({
  skip,
}) => {
  const small = await createSmallWorld(settings);
  if (small === undefined) return skip();
  const { world, server, filler, ballast } = small;
  filler.fill(0);
  expectNoRoom(await server.post(body));
  expectNoRoom(await server.post(body, 'a-key'));
  expectNoRoom(await server.post(Readable.from([body])));
  expect(statSync(ballast).size).toBe(ballastBytes);

  let retrieved = 0;
  for (; existsSync(ballast) && retrieved < 2_000; retrieved += 10)
    await Promise.all(Array.from({ length: 10 }, small.retrieve));
  expect(existsSync(ballast)).toBe(false);
  await Promise.all(Array.from({ length: 10 }, small.retrieve));
  expectNoRoom(await server.post(body));
  await small.expectOnlyEarlier();
  await vi.waitFor(async () => {
    const states = (await world.listRetrievals()).map(({ state }) => state);
    expect(states).toEqual(Array.from({ length: retrieved + 10 }, () => 'sent'));
  }, 10_000);

  await expectRecovered(small);
  const again = await world.start();
  expect(statSync(ballast).size).toBe(ballastBytes);
  expect((await again.post(body, 'a-key')).status).toBe(201);
});

describe('a body whose length is not known before', () => {
  test('that fills the disk to the reserve is refused; the ballast stays', async ({ skip }) => {
    const small = await createSmallWorld(settings);
    if (small === undefined) return skip();
    small.filler.fill(reserveBytes + 2 * mebibyte);
    expectNoRoom(await small.server.post(Readable.from([toCmepFile(6_000_000, 1)])));
    await small.expectOnlyEarlier();
    expect(statSync(small.ballast).size).toBe(ballastBytes);
    await expectRecovered(small);
  });

  test('and that is overtaken by a full disk is refused with nothing kept; downloads go on', async ({
    skip,
  }) => {
    const small = await createSmallWorld(settings);
    if (small === undefined) return skip();
    const { world, server, filler } = small;
    const { body: parts, goOn } = sendInParts(toCmepFile(3_000_000, 1), toCmepFile(9_000_000, 500_000));
    const answer = server.post(parts);
    await world.waitForPartial();
    filler.fill(0);
    await small.retrieve();
    goOn();
    expectNoRoom(await answer);
    await small.expectOnlyEarlier();
    await small.retrieve();
    await expectRecovered(small);
  });
});

test('a posting that the catalogue has no room for leaves nothing behind', async ({ skip }) => {
  const small = await createSmallWorld({ ballastBytes: 0, limits: { reserveBytes: 0 } });
  if (small === undefined) return skip();
  const { world, filler } = small;
  const { files } = world.store;
  const full: FileStore = {
    ...files,
    async create(key) {
      const writer = await files.create(key);
      const finish = async () => {
        await writer.finish();
        emptyJournal(world.databaseFile);
        filler.fill(0);
      };
      return { ...writer, finish };
    },
  };
  await expect(world.keep(toCmepFile(3_400_000, 1), full)).rejects.toMatchObject({ code: 'storage-full' });
  await small.expectOnlyEarlier();
  const { postings, instances } = world.store.catalogue;
  expect(await postings.listOpenSources([instances.instance])).toEqual([]);
  filler.remove();
});
