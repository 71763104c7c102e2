import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { codeFiles } from '../../../server/jobs/codings.ts';
import { check } from '../../../storage/check.ts';
import { parseFileName } from '../../../storage/model/file-name.ts';
import { parseMailboxName } from '../../../storage/model/mailbox.ts';
import { parseFileKey } from '../../../storage/ports/file-store.ts';
import { startTestServer, type TestServer, toSample } from '../test-server.ts';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});

function run(changes: Partial<Parameters<typeof codeFiles>[0]> = {}): Promise<number> {
  const { catalogue, files, clock } = server.store;
  return codeFiles({
    retention: catalogue.retention,
    instances: catalogue.instances,
    files,
    clock,
    isQuiet: () => true,
    whenQuiet: () => Promise.resolve(),
    reserveBytes: 0,
    signal: new AbortController().signal,
    ...changes,
  });
}

async function findFile(name: string) {
  const { mailboxes } = server.store.catalogue;
  const [mailbox] = await mailboxes.getMailboxes([parseMailboxName('esp-one')]);
  return mailboxes.findFile(mailbox?.id ?? 0, parseFileName(name));
}

const listFiles = () =>
  readdirSync(server.store.config.filesFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

describe('compressing', () => {
  test('keeps both codings, each with its own digest, once', async () => {
    const [{ name }] = (await server.post(toSample(1, 3_000_000))).files;
    expect(await run()).toBe(1);
    const file = await findFile(name);
    expect(file?.codings.map(({ coding }) => coding).sort()).toEqual(['gzip', 'zstd']);
    for (const { key, sha256, bytes } of file?.codings ?? []) {
      const stored = await server.store.files.open('on-line', key);
      const whole = Buffer.alloc(bytes + 1);
      expect(await stored.read(whole, 0)).toBe(bytes);
      await stored.close();
      expect(createHash('sha256').update(whole.subarray(0, bytes)).digest('hex')).toBe(sha256);
    }
    expect(await run()).toBe(0);
    await server.store.expectSound();
  });

  test('gives up a large file when the server stops, and leaves nothing of it', async () => {
    await server.post(toSample(1, 3_000_000));
    const stopping = new AbortController();
    let pieces = 0;
    const whenQuiet = async () => {
      pieces += 1;
      if (pieces === 3) stopping.abort();
    };
    expect(await run({ whenQuiet, signal: stopping.signal })).toBe(0);
    expect(pieces).toBe(3);
    expect(listFiles()).toHaveLength(1);
    await server.store.expectSound();
    expect(await run()).toBe(1);
  });

  test('goes past a file whose bytes are missing, which stays for check to tell', async () => {
    const [older] = (await server.post(toSample(31, 100_000))).files;
    const [lost] = (await server.post(toSample(32, 100_000))).files;
    const { key } = (await findFile(lost.name)) ?? {};
    await server.store.files.remove('on-line', parseFileKey(key ?? ''));
    expect(await run()).toBe(2);
    expect((await findFile(older.name))?.codings).toHaveLength(2);
    expect((await findFile(lost.name))?.codings).toEqual([]);
    const findings = await check(server.store, { graceMs: 0, isQuick: true });
    expect(findings.map(({ subject }) => subject)).toEqual([expect.stringContaining(`${key}`)]);
  });

  test('keeps none that does not pay, and does not try again', async () => {
    const key = parseFileKey(`20261121/${'ab'.repeat(16)}`);
    const noise = Buffer.concat(
      Array.from({ length: 100 }, (_, at) => createHash('sha512').update(String(at)).digest()),
    );
    const writer = await server.store.files.create(key);
    await writer.write(noise);
    await writer.finish();
    const recorded: unknown[] = [];
    const retention = {
      listFilesToCode: async () => [
        { id: 7, key, root: 'on-line' as const, bytes: noise.length, codings: [] },
      ],
      recordCodings: async (...given: unknown[]) => {
        recorded.push(given);
        return true;
      },
    };
    expect(await run({ retention })).toBe(1);
    expect(recorded).toEqual([[7, []]]);
    expect(listFiles()).toHaveLength(1);
  });

  test('waits for posts, before a file and within one', async () => {
    await server.post(toSample(2, 3_000_000));
    expect(await run({ isQuiet: () => false })).toBe(0);
    let waits = 0;
    const whenQuiet = async () => {
      waits += 1;
    };
    expect(await run({ whenQuiet })).toBe(1);
    expect(waits).toBeGreaterThanOrEqual(6);
  });

  test('does nothing without room', async () => {
    await server.post(toSample(3));
    expect(await run({ reserveBytes: Number.MAX_SAFE_INTEGER })).toBe(0);
    expect(listFiles()).toHaveLength(1);
  });

  test('gives up a file that cannot be written, and leaves nothing of it', async () => {
    await server.post(toSample(6, 1_000_000));
    const { files } = server.store;
    const create: typeof files.create = async (key) => ({
      ...(await files.create(key)),
      write: () => Promise.reject(new Error('disk fell out')),
    });
    await expect(run({ files: { ...files, create } })).rejects.toThrow('disk fell out');
    expect(listFiles()).toHaveLength(1);
    expect(await run()).toBe(1);
  });

  test('starts anew over what a killed run left', async () => {
    const [{ name }] = (await server.post(toSample(4))).files;
    const file = await findFile(name);
    const left = await server.store.files.create(parseFileKey(`${file?.key}.zstd`));
    await left.write(Buffer.from('half'));
    await left.finish();
    expect(await run()).toBe(1);
    await server.store.expectSound();
  });

  test('leaves nothing behind when the file was archived or coded by another meanwhile', async () => {
    await server.post(toSample(5));
    const { retention } = server.store.catalogue;
    const gone = { listFilesToCode: retention.listFilesToCode, recordCodings: async () => false };
    await run({ retention: gone });
    expect(listFiles()).toHaveLength(1);
  });
});
