import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer, toSample } from '../server/test-server.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

/** People’s own programs, with nothing of ours: list, fetch, resume, mirror again without fetching twice (MBX-10). */
const run = promisify(execFile);
let server: TestServer;
let directory: string;
const names: string[] = [];
const bodies = [toSample(1, 30_000), toSample(2, 500_000), toSample(3, 2_000_000)];

function isThere(program: string): boolean {
  const isFound = (process.env.PATH ?? '')
    .split(':')
    .some((folder) => existsSync(path.join(folder, program)));
  if (!isFound) console.warn(`SKIPPED: ${program} is not installed, so it was not tried with the server`);
  return isFound;
}

beforeAll(async () => {
  server = await startTestServer();
  for (const body of bodies) names.push((await server.post(body)).files[0].name);
  directory = `${server.origin}/mailboxes/esp-one/`;
});

const paths = () => {
  const { authority, 'esp-one': own, staff } = server.certificates;
  return { authority: authority.certificatePath, own, staff };
};

async function countRetrievals(): Promise<number> {
  const { json } = await server.callJson('staff', 'GET', '/mailboxes/esp-one/retrievals?limit=1000');
  return json.retrievals.length;
}

function expectMirrored(folder: string): void {
  expect(readdirSync(folder).filter((name) => name.endsWith('.dat'))).toEqual(names);
  for (const [at, name] of names.entries()) {
    expect(readFileSync(path.join(folder, name)).equals(bodies[at] ?? Buffer.alloc(0)), name).toBe(true);
  }
}

describe.runIf(isThere('curl'))('curl', () => {
  const curl = async (args: string[], who: 'own' | 'staff' = 'own') => {
    const { certificatePath, keyPath } = paths()[who];
    const given = [
      '--silent',
      '--show-error',
      '--cacert',
      paths().authority,
      '--cert',
      certificatePath,
      '--key',
      keyPath,
    ];
    return (await run('curl', [...given, ...args])).stdout;
  };

  test('lists, one name a line', async () => {
    expect(await curl(['-H', 'Accept: text/plain', directory])).toBe(
      names.map((name) => `${name}\n`).join(''),
    );
  });

  test('fetches, also compressed, and resumes what broke off', async () => {
    const file = path.join(makeTemporaryFolder(), 'file.dat');
    await curl(['--compressed', '-o', file, directory + names[1]]);
    expect(readFileSync(file).equals(bodies[1] ?? Buffer.alloc(0))).toBe(true);
    truncateSync(file, 100_000);
    await curl(['-C', '-', '-o', file, directory + names[1]]);
    expect(readFileSync(file).equals(bodies[1] ?? Buffer.alloc(0))).toBe(true);
  });

  test('does not fetch again what has not changed', async () => {
    const folder = makeTemporaryFolder();
    const [file, etag] = [path.join(folder, 'file.dat'), path.join(folder, 'etag')];
    const args = [
      '--etag-save',
      etag,
      '--etag-compare',
      etag,
      '-o',
      file,
      '-w',
      '%{http_code}',
      directory + names[0],
    ];
    expect(await curl(args)).toBe('200');
    expect(await curl(args)).toBe('304');
  });

  test('acknowledges', async () => {
    const sha256 = createHash('sha256')
      .update(bodies[0] ?? '')
      .digest('hex');
    const args = ['-X', 'PUT', '-H', 'Content-Type: application/json', '-d', JSON.stringify({ sha256 })];
    expect(JSON.parse(await curl([...args, `${directory}${names[0]}/receipt`]))).toEqual({
      name: names[0],
      state: 'acknowledged',
    });
  });

  test('posts: the file as it is, and as a form; large ones after 100-continue', async () => {
    const file = path.join(makeTemporaryFolder(), 'day.cmep');
    writeFileSync(file, toSample(10, 3_000_000));
    const raw = await curl(
      ['--data-binary', `@${file}`, `${server.origin}/postings?mailbox=udc-one`],
      'staff',
    );
    expect(JSON.parse(raw)).toMatchObject({ bytes: statSync(file).size });
    const form = ['-F', 'mailbox=udc-one', '-F', `file=@${file}`, `${server.origin}/postings`];
    expect(JSON.parse(await curl(form, 'staff'))).toMatchObject({ originalName: 'day.cmep' });
    const streamed = ['-T', file, '-X', 'POST', '-H', 'Transfer-Encoding: chunked'];
    const chunked = await curl([...streamed, `${server.origin}/postings?mailbox=udc-one`], 'staff');
    expect(JSON.parse(chunked)).toMatchObject({ bytes: statSync(file).size });
  });
});

describe.runIf(isThere('wget'))('wget', () => {
  const mirror = async (folder: string) => {
    const { certificatePath, keyPath } = paths().own;
    const certificates = [`--ca-certificate=${paths().authority}`, `--certificate=${certificatePath}`];
    const how = [
      '--mirror',
      '--no-parent',
      '--no-host-directories',
      '--cut-dirs=2',
      '--accept=*.dat',
      '--no-verbose',
    ];
    await run('wget', [...certificates, `--private-key=${keyPath}`, ...how, '-P', folder, directory]);
  };

  test('mirrors, and mirrors again without fetching twice', async () => {
    const folder = makeTemporaryFolder();
    await mirror(folder);
    expectMirrored(folder);
    const before = await countRetrievals();
    await mirror(folder);
    expectMirrored(folder);
    expect(await countRetrievals()).toBe(before);
  });

  test('resumes what broke off', async () => {
    const folder = makeTemporaryFolder();
    const { certificatePath, keyPath } = paths().own;
    const file = path.join(folder, names[2] ?? '');
    writeFileSync(file, (bodies[2] ?? Buffer.alloc(0)).subarray(0, 700_000));
    const certificates = [`--ca-certificate=${paths().authority}`, `--certificate=${certificatePath}`];
    await run('wget', [
      ...certificates,
      `--private-key=${keyPath}`,
      '-c',
      '-q',
      '-P',
      folder,
      directory + names[2],
    ]);
    expect(readFileSync(file).equals(bodies[2] ?? Buffer.alloc(0))).toBe(true);
    const { json } = await server.callJson('esp-one', 'GET', '/mailboxes/esp-one/retrievals');
    expect(json.retrievals[0].range).toEqual({ start: 700_000, end: bodies[2]?.length });
  });
});

describe.runIf(isThere('rclone'))('rclone', () => {
  const rclone = async (...args: string[]) => {
    const { certificatePath, keyPath } = paths().own;
    const certificates = [
      '--ca-cert',
      paths().authority,
      '--client-cert',
      certificatePath,
      '--client-key',
      keyPath,
    ];
    const { stdout } = await run('rclone', [
      ...certificates,
      '--config',
      '',
      '--http-url',
      directory,
      ...args,
    ]);
    return stdout;
  };

  test('lists, with sizes', async () => {
    const lines = (await rclone('ls', ':http:')).trim().split('\n').sort();
    expect(lines.map((line) => line.trim().split(' '))).toEqual(
      expect.arrayContaining(names.map((name, at) => [String(bodies[at]?.length), name])),
    );
    expect(lines).toHaveLength(names.length);
  });

  test('mirrors, and mirrors again without fetching twice', async () => {
    const folder = makeTemporaryFolder();
    await rclone('sync', ':http:', folder);
    expectMirrored(folder);
    const before = await countRetrievals();
    await rclone('sync', ':http:', folder);
    expect(await countRetrievals()).toBe(before);
  });
});

test('every transfer was whole, and is on record so', async () => {
  await expect
    .poll(
      async () => {
        const { json } = await server.callJson('staff', 'GET', '/mailboxes/esp-one/retrievals?limit=1000');
        return new Set(json.retrievals.map(({ state }: { state: string }) => state));
      },
      { timeout: 10_000 },
    )
    .toEqual(new Set(['sent', 'acknowledged']));
  await server.store.expectSound();
});
