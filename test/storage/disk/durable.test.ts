import { mkdirSync, rmSync } from 'node:fs';
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
/** How long the trace was when each of these was done. */
const done = vi.hoisted(() => new Map<string, number>());

vi.mock('node:fs', async (importOriginal) => {
  const { promisify } = await import('node:util');
  const real = await importOriginal<typeof import('node:fs')>();
  const name = (path: unknown) => String(path).replace(/^.*\/(?=[^/]+$)/, '');
  const ofDescriptor = (descriptor: unknown) => name(real.readlinkSync(`/proc/self/fd/${descriptor}`));
  /** The function, for `promisify` alone, with its arguments noted; descriptors as the files that they are of. */
  const traced = (act: string, call: object, toNote: (one: unknown, other: unknown) => string) => {
    const promised = promisify(call as () => void) as (...args: unknown[]) => Promise<unknown>;
    const noting = (...args: unknown[]) => {
      const step = `${act} ${toNote(args[0], args[1])}`;
      trace.push(step);
      return promised(...args).finally(() => done.set(step, trace.length));
    };
    return Object.assign(() => undefined, { [promisify.custom]: noting });
  };
  return {
    ...real,
    mkdir: traced('mkdir', real.mkdir, name),
    open: traced('open', real.open, (path, flags) => `${name(path)} ${flags}`),
    writev: traced('writev', real.writev, ofDescriptor),
    fsync: traced('sync', real.fsync, ofDescriptor),
    link: traced('link', real.link, (from, to) => `${name(from)} ${name(to)}`),
    unlink: traced('unlink', real.unlink, name),
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

test('whoever waits for a folder while it is synced shares the next sync, which sees what each has done', async () => {
  await writeFile(files, newKey(), Buffer.from('x'));
  trace.length = 0;
  const keys = Array.from({ length: 16 }, newKey);
  await Promise.all(
    keys.map(async (key) => {
      await writeFile(files, key, Buffer.from('x'));
      const begunLater = trace.slice(done.get(`unlink ${basename(key)}.part`));
      expect(begunLater).toContain(`sync ${day}`);
    }),
  );
  const syncs = trace.filter((step) => step === `sync ${day}`);
  expect(syncs.length).toBeLessThan(16);
});
