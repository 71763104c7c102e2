import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createStore, openStore } from '../../storage/open.ts';
import { createTestClock, createTestStore, toStorageConfig } from '../support/store.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const clock = createTestClock();
const run = { program: 'ops', clock } as const;

test('a store is made once; making it again changes nothing', async () => {
  const config = toStorageConfig(join(makeTemporaryFolder(), 'new', 'place'));
  expect(await createStore(config, clock)).toEqual({ isNew: true, migrations: [] });
  const store = await openStore(config, run);
  await store.catalogue.instances.takeLease('kept', clock.now() + 1);
  await store.close();
  expect(await createStore(config, clock)).toEqual({ isNew: false, migrations: [] });
  const again = await openStore(config, run);
  expect(await again.catalogue.instances.takeLease('kept', clock.now() + 1)).toBe(false);
  await again.close();
});

test('opening makes nothing: what is missing is named, with the command that mends it', async () => {
  const folder = makeTemporaryFolder();
  const config = toStorageConfig(folder);
  await expect(openStore(config, run)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/catalogue\.sqlite.*files.*archive.*"mdma init"/),
  });
  expect(readdirSync(folder)).toEqual([]);
});

test.each(['databaseFile', 'filesFolder', 'archiveFolder'] as const)(
  'does not open without its %s',
  async (place) => {
    const { config, close } = await createTestStore();
    await close();
    rmSync(config[place], { recursive: true });
    await expect(openStore(config, run)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(`${config[place]} is missing`),
    });
    expect(existsSync(config[place])).toBe(false);
  },
);

test.each([
  ['older', 'DELETE FROM migration WHERE version = 1', /older.*mdma init/],
  ['newer', 'INSERT INTO migration (version) VALUES (9999)', /newer.*newer program/],
])('does not open with a schema that is %s', async (_, change, message) => {
  const { config, close } = await createTestStore();
  await close();
  const db = new Sqlite(config.databaseFile);
  db.exec(change);
  db.close();
  await expect(openStore(config, run)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(message),
  });
});

test('a file that is no database is not opened', async () => {
  const config = toStorageConfig(makeTemporaryFolder());
  mkdirSync(config.filesFolder);
  mkdirSync(config.archiveFolder);
  mkdirSync(config.databaseFile);
  await expect(openStore(config, run)).rejects.toThrow();
});

test('ids are new at each call and fit a file key', async () => {
  const { newId } = await createTestStore();
  const ids = Array.from({ length: 100 }, newId);
  expect(new Set(ids).size).toBe(100);
  expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
});
