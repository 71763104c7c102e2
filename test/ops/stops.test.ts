import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { WorkKind } from '../../storage/model/forwarding.ts';
import { parseSha256 } from '../../storage/model/sha256.ts';
import { toFileKey } from '../../storage/ports/file-store.ts';
import { createTestClock, createTestStore, type TestStore } from '../support/store.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { runMdma } from './run-mdma.ts';

const mappingFile = new URL('../../bridge/mris/messages/default-mapping.yaml', import.meta.url);
const kept = new URL('../bridge/mris/kept/', import.meta.url);
const program = fileURLToPath(new URL('../../ops/mdma.ts', import.meta.url));
const clock = createTestClock();
const cwd = makeTemporaryFolder();
const mdma = (...args: string[]) => runMdma(args, { cwd, clock });
/** Not UTF-8: what is decoded on the way is damaged. */
const page = Buffer.from([0x3c, 0x70, 0x3e, 0xe9, 0x00, 0xff, 0x0d, 0x0a]);
let store: TestStore;

beforeAll(async () => {
  store = await createTestStore(clock);
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ storage: store.config }));
});

async function stopWork(
  account: string,
  kind: WorkKind,
  bytes = page,
  head = { httpStatus: 200, contentType: 'text/html' },
): Promise<void> {
  const key = toFileKey(clock.now(), store.newId());
  const writer = await store.files.create(key);
  await writer.write(bytes);
  await writer.finish();
  const sha256 = parseSha256(createHash('sha256').update(bytes).digest('hex'));
  await store.catalogue.forwardings.keepPage({
    account,
    kind,
    fingerprint: `${account} ${kind}`,
    why: 'HTTP 200: no table with the columns fileId, status',
    head,
    file: { key, sha256, bytes: bytes.length },
  });
}

test('stops are listed, with account, work, time, place and reason', async () => {
  expect((await mdma('stops')).stdout).toBe('Nothing stands still.\n');
  await stopWork('sc-one', 'upload');
  await stopWork('sc-two', 'status');
  const { code, stdout } = await mdma('stops');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ID {2}ACCOUNT {2}STOPPED WORK {2}PAGE KEPT +BYTES {2}FILE +WHY\n/);
  expect(stdout).toMatch(
    /\n 1 {2}sc-one +upload +2026-11-20 14:30:00Z +8 {2}20261120\/\w+ {2}HTTP 200: no table with .*\n 2 {2}sc-two /,
  );
  expect((await mdma('stops', '--account', 'sc-two', '--json')).json()).toMatchObject([
    { id: 2, account: 'sc-two', kind: 'status', keptAt: '2026-11-20T14:30:00.000Z', file: { bytes: 8 } },
  ]);
});

test('the kept page comes out byte for byte', async () => {
  const args = [program, 'stops', 'page', '1', '--config', path.join(cwd, 'mdma.yaml')];
  const { stdout } = await promisify(execFile)(process.execPath, args, { encoding: 'buffer' });
  expect(stdout).toEqual(page);
});

test('a stop is released once, with a reason and a name on record', async () => {
  expect(await mdma('stops', 'release', '1')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("required option '--reason <text>' not specified"),
  });
  expect(await mdma('stops', 'release', '1', '--reason', 'two\nlines')).toMatchObject({ code: 2 });
  expect(await mdma('stops', 'release', '1', '--reason', ' ')).toMatchObject({ code: 2 });
  expect(await store.catalogue.forwardings.listStops('sc-one')).toHaveLength(1);

  await stopWork('sc-one', 'errors');
  expect(await mdma('stops', 'release', '1', '--reason', 'an announcement')).toMatchObject({
    code: 0,
    stdout:
      'Released stop 1: upload work of account sc-one.\n1 more of this account: mdma stops --account sc-one\n',
  });
  expect((await mdma('stops', 'release', '3', '--reason', 'the same', '--json')).json()).toMatchObject({
    id: 3,
    stillStopped: 0,
  });
  for (const command of [
    ['release', '1', '--reason', 'again'],
    ['page', '1'],
    ['page', '99'],
  ]) {
    expect(await mdma('stops', ...command)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^mdma: Cannot find stop \d+: nothing of that number stands still\n$/),
    });
  }
  expect(listReleases()).toEqual([
    { account: 'sc-one', kind: 'upload', by: 'operator tester', reason: 'an announcement' },
    { account: 'sc-one', kind: 'errors', by: 'operator tester', reason: 'the same' },
  ]);
  await store.expectSound();
});

function listReleases(): unknown[] {
  const database = new Database(store.config.databaseFile, { readonly: true });
  const select = "SELECT body FROM event WHERE subject = 'kept-page' AND kind = 'released' ORDER BY sequence";
  const bodies = database.prepare(select).pluck().all() as string[];
  database.close();
  return bodies.map((body) => JSON.parse(body));
}

test('what was released stops again at the same page', async () => {
  const known = { account: 'sc-one', kind: 'upload', fingerprint: 'sc-one upload' } as const;
  expect(await store.catalogue.forwardings.stopAgain(known)).toBe(true);
  expect((await mdma('stops', '--account', 'sc-one')).stdout).toMatch(/\n 1 {2}sc-one {3}upload /);
});

test('an answer of MRI-S that was kept is read again, by the mapping file that the account has now', async () => {
  const words = readFileSync(mappingFile, 'utf8');
  const mapping = path.join(cwd, 'mapping.yaml');
  const account = {
    ...{ name: 'sc-mris', scId: 'SC1', environment: 'map-stage', way: 'mris', mappingFile: mapping },
    certificate: { certificateFile: path.join(cwd, 'a.crt'), keyFile: path.join(cwd, 'a.key') },
  };
  writeFileSync(
    path.join(cwd, 'mdma.yaml'),
    stringify({ storage: store.config, iso: { accounts: [account] } }),
  );
  const { head, reading } = JSON.parse(readFileSync(new URL('batch-plain.json', kept), 'utf8'));
  await stopWork('sc-mris', 'batch', readFileSync(new URL('batch-plain.page', kept)), head);
  const [stop] = await store.catalogue.forwardings.listStops('sc-mris');
  const replay = () => mdma('stops', 'replay', String(stop?.id), '--json');

  writeFileSync(mapping, words.replaceAll('BatchStatus', 'BatchState'));
  const before = await replay();
  expect(before).toMatchObject({ code: 1 });
  expect(before.json()).toEqual({ why: 'no batch id' });
  writeFileSync(mapping, words);
  const after = await replay();
  expect(after).toMatchObject({ code: 0 });
  expect(after.json()).toEqual(reading);

  const database = new Database(store.config.databaseFile);
  database.prepare('UPDATE kept_page SET http_status = NULL, content_type = NULL').run();
  database.close();
  expect(await replay()).toMatchObject({ code: 1, stdout: expect.stringContaining('kept before') });
});
