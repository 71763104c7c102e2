import { mkdirSync, rmSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { openDiskFileStore } from '../../../storage/disk/file-store.ts';
import type { FileStore } from '../../../storage/ports/file-store.ts';
import { toFileKey } from '../../../storage/ports/file-store.ts';
import { newId } from '../../contract/drivers.ts';
import { writeFile } from '../../contract/file-store-acts.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

/** What was asked of the file system, in order; everything is really done. */
const trace = vi.hoisted((): string[] => []);

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs/promises')>();
  const name = (path: unknown) => String(path).replace(/^.*\/(?=[^/]+$)/, '');
  const traced = (handle: FileHandle, path: string) =>
    new Proxy(handle, {
      get(target, method) {
        const value = Reflect.get(target, method);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (['writev', 'sync'].includes(String(method))) trace.push(`${String(method)} ${path}`);
          return value.apply(target, args);
        };
      },
    });
  return {
    ...real,
    mkdir: (path: string, options: object) => {
      trace.push(`mkdir ${name(path)}`);
      return real.mkdir(path, options);
    },
    open: async (path: string, flags: string, mode?: number) => {
      trace.push(`open ${name(path)} ${flags}`);
      return traced(await real.open(path, flags, mode), name(path));
    },
    link: (from: string, to: string) => {
      trace.push(`link ${name(from)} ${name(to)}`);
      return real.link(from, to);
    },
    unlink: (path: string) => {
      trace.push(`unlink ${name(path)}`);
      return real.unlink(path);
    },
  };
});

let folder: string;
let files: FileStore;

beforeEach(async () => {
  folder = makeTemporaryFolder();
  const folders = { 'on-line': join(folder, 'files'), archive: join(folder, 'archive') };
  for (const each of Object.values(folders)) mkdirSync(each);
  files = await openDiskFileStore(folders);
  trace.length = 0;
});

const day = '20261120';
const newKey = () => toFileKey(Date.UTC(2026, 10, 20), newId());

test('a file is durable before it has its name, and its name before finish resolves', async () => {
  const [first, second] = [newKey(), newKey()];
  await writeFile(files, first, Buffer.from('first of the day'));
  await writeFile(files, second, Buffer.from('second'));
  const steps = (key: string) => [
    `open ${basename(key)}.part wx`,
    `writev ${basename(key)}.part`,
    `sync ${basename(key)}.part`,
    `link ${basename(key)}.part ${basename(key)}`,
    `unlink ${basename(key)}.part`,
    `open ${day} r`,
    `sync ${day}`,
  ];
  const ofTheFolder = [`mkdir ${day}`, 'open files r', 'sync files'];
  expect(trace).toEqual([...ofTheFolder, ...steps(first), ...steps(second)]);
});

test("a day's folder is durable before any file in it is begun, also for the writer that did not make it", async () => {
  await Promise.all(Array.from({ length: 8 }, () => writeFile(files, newKey(), Buffer.from('x'))));
  const firstBegun = trace.findIndex((step) => step.endsWith('.part wx'));
  expect(trace.slice(0, firstBegun)).toEqual([`mkdir ${day}`, 'open files r', 'sync files']);
});

test("a folder of another process's making is synced as well", async () => {
  mkdirSync(join(folder, 'files', day));
  await writeFile(files, newKey(), Buffer.from('x'));
  expect(trace.slice(0, 3)).toEqual([`mkdir ${day}`, 'open files r', 'sync files']);
});

test("a day's folder that was taken away is made again; a root is not", async () => {
  await writeFile(files, newKey(), Buffer.from('x'));
  rmSync(join(folder, 'files', day), { recursive: true });
  await writeFile(files, newKey(), Buffer.from('y'));
  rmSync(join(folder, 'files'), { recursive: true });
  await expect(writeFile(files, newKey(), Buffer.from('z'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a removal is durable before it resolves', async () => {
  const key = newKey();
  await writeFile(files, key, Buffer.from('x'));
  trace.length = 0;
  await files.remove('on-line', key);
  expect(trace).toEqual([`unlink ${basename(key)}`, `open ${day} r`, `sync ${day}`]);
});
