import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { catalogueName, ManifestWriter, manifestName, unfinishedName } from '../../ops/backup/manifest.ts';
import { restoreBackup } from '../../ops/backup/restore-backup.ts';
import { digestFile } from '../../ops/digest-file.ts';
import { toPlaces } from '../../ops/quick-start/places.ts';
import { prepareFolder } from '../../ops/quick-start/prepare-folder.ts';
import { openStore } from '../../storage/open.ts';
import { systemClock } from '../../storage/ports/clock.ts';
import { createOlderDatabase } from '../support/older-store.ts';
import { createTestClock, toStorageConfig } from '../support/store.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

test('a backup that an older program made is restored, and what had not ended is on hold', async () => {
  const folder = makeTemporaryFolder();
  const catalogueFile = path.join(folder, catalogueName);
  createOlderDatabase(catalogueFile, [1, 2]).close();
  const manifest = await ManifestWriter.create(folder);
  await manifest.add({ kind: 'mdma-backup', version: 1, madeAt: 1 });
  await manifest.end(await digestFile(catalogueFile));
  renameSync(path.join(folder, unfinishedName), path.join(folder, manifestName));

  const clock = createTestClock();
  const storage = toStorageConfig(path.join(makeTemporaryFolder(), 'restored'));
  const restored = await restoreBackup({ folder, storage, clock, by: 'tester', onProgress: () => undefined });
  expect(restored.held).toEqual([1, 2]);
  const store = await openStore(storage, { program: 'server', clock });
  expect(await store.catalogue.forwardings.findForwarding(2)).toMatchObject({ state: 'due', isHeld: true });
  await store.close();
});

test('the quick start goes on with the folder of an older program', async () => {
  const places = toPlaces(path.join(makeTemporaryFolder(), 'quick-start'));
  const context = {
    stdin: [] as never,
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    clock: systemClock,
    cwd: places.folder,
    startedBy: 'tester',
    random: randomBytes,
    setExitCode: () => undefined,
  };
  expect(await prepareFolder(places, context)).toMatchObject({ isNew: true });
  rmSync(places.dataFolder, { recursive: true });
  const storage = toStorageConfig(places.dataFolder);
  for (const made of [storage.filesFolder, storage.archiveFolder]) mkdirSync(made, { recursive: true });
  createOlderDatabase(storage.databaseFile, [1]).close();
  expect(await prepareFolder(places, context)).toMatchObject({ isNew: false });
  const store = await openStore(storage, { program: 'server', clock: systemClock });
  expect(await store.catalogue.forwardings.findForwarding(1)).toMatchObject({ state: 'due' });
  await store.close();
});
