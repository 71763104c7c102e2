import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createBallast } from '../../../storage/disk/ballast.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

const bytes = 3_000_000;

test('fills to its size, gives the room back once, and fills again', async () => {
  const path = join(makeTemporaryFolder(), 'ballast');
  const ballast = createBallast(path, bytes);
  expect(await ballast.release()).toBe(false);
  expect(await ballast.fill()).toBe(true);
  expect(statSync(path)).toMatchObject({ size: bytes });
  expect(statSync(path).blocks * 512).toBeGreaterThanOrEqual(bytes);
  expect(await ballast.fill()).toBe(true);
  expect(await ballast.release()).toBe(true);
  expect(existsSync(path)).toBe(false);
  expect(await ballast.release()).toBe(false);
  expect(await ballast.fill()).toBe(true);
});

test('one that was cut by a crash is filled anew', async () => {
  const path = join(makeTemporaryFolder(), 'ballast');
  writeFileSync(path, 'cut');
  expect(await createBallast(path, bytes).fill()).toBe(true);
  expect(statSync(path).size).toBe(bytes);
});

test('of no bytes it is full at once and has nothing to give but its name', async () => {
  const path = join(makeTemporaryFolder(), 'ballast');
  expect(await createBallast(path, 0).fill()).toBe(true);
});

const disk = mountSmallDisk(2 << 20);

test.skipIf(disk === undefined)('does not keep half a ballast on a disk without room', async () => {
  const path = join(disk ?? '', 'ballast');
  expect(await createBallast(path, 4 << 20).fill()).toBe(false);
  expect(existsSync(path)).toBe(false);
  expect(await createBallast(path, 1 << 20).fill()).toBe(true);
});
