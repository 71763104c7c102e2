import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { startTestServer, type TestServer, toSample } from '../server/test-server.ts';
import { header, toChanged } from '../storage/formats/x12/build-x12.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { runMdma } from './run-mdma.ts';

const cwd = makeTemporaryFolder();
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  const { authority, staff } = server.certificates;
  const client = {
    url: server.origin,
    authorityFile: authority.certificatePath,
    certificateFile: staff.certificatePath,
    keyFile: staff.keyPath,
  };
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ storage: server.store.config, client }));
  for (const seed of [1, 2, 3]) writeFileSync(path.join(cwd, `${seed}.dat`), toSample(seed));
});

const mdma = (...args: string[]) => runMdma(args, { cwd, clock: server.store.clock });

test('posts over HTTPS as whom the configuration names, byte for byte', async () => {
  const ran = await mdma('post', '1.dat', '--mailbox', 'esp-one', '--mailbox', 'udc-one', '--json');
  expect(ran.code, ran.stderr).toBe(0);
  const posted = ran.json() as { transaction: number; files: { href: string }[] };
  expect(posted).toMatchObject({ isReplay: false, files: [{ mailbox: 'esp-one' }, { mailbox: 'udc-one' }] });
  const { body } = await server.call('esp-one', 'GET', posted.files[0]?.href ?? '');
  expect(body.equals(readFileSync(path.join(cwd, '1.dat')))).toBe(true);
  const { json } = await server.callJson('staff', 'GET', `/postings/${posted.transaction}`);
  expect(json).toMatchObject({ postedBy: 'staff', originalName: '1.dat' });
});

test('shows an idempotency key before it posts, and with it posts only once', async () => {
  const first = await mdma('post', '2.dat', '--mailbox', 'esp-one');
  const [, key = ''] = /^Idempotency key ([0-9a-f]{32}):/.exec(first.stderr) ?? [];
  const again = await mdma('post', '2.dat', '--mailbox', 'esp-one', '--idempotency-key', key);
  expect(again.code).toBe(0);
  expect(again.stdout).toBe(first.stdout.replace('Posted as', 'Was posted already as'));
  const other = await mdma('post', '3.dat', '--mailbox', 'esp-one', '--idempotency-key', key);
  expect(other).toMatchObject({ code: 1, stdout: '' });
});

test('a correction carries its reason', async () => {
  const args = ['--corrects', '1', '--reason', 'misread', '--note', 'dial 4'];
  const ran = await mdma('post', '3.dat', '--mailbox', 'esp-one', ...args, '--json');
  const { transaction } = ran.json() as { transaction: number };
  const { json } = await server.callJson('staff', 'GET', `/postings/${transaction}`);
  expect(json).toMatchObject({ corrects: 1, reasonCode: 'misread', note: 'dial 4' });
});

test('an 867 is read by the settings of its partner', async () => {
  const [bpt = ''] = header;
  const cancel = toChanged({ [bpt]: `${bpt.replace('*00*', '*01*')}*EARLIER` });
  writeFileSync(path.join(cwd, 'cancel.edi'), cancel);
  const post = (...args: string[]) => mdma('post', 'cancel.edi', '--mailbox', 'esp-one', ...args);
  expect((await post()).stderr).toContain('A set of purpose 01 names in REF*59 what it is about.');
  const ran = await post('--profile', 'california:super-off=46:bpt09', '--json');
  expect(ran.code, ran.stderr).toBe(0);
  const { transaction } = ran.json() as { transaction: number };
  const { json } = await server.callJson('staff', 'GET', `/postings/${transaction}`);
  expect(json).toMatchObject({ format: 'x12-867', profile: 'california:super-off=46:bpt09' });
  expect(await post('--profile', 'california:bpt9')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Expected a setting: bpt09, super-off=CODE'),
  });
  expect((await post('--profile', 'ohio')).stderr).toMatch(/Expected one of strict, .*california/);
});

test('a refused file is refused in the words of the server, line by line', async () => {
  writeFileSync(path.join(cwd, 'wrong.dat'), 'MEPMD01,19970819,what\r\n');
  const ran = await mdma('post', 'wrong.dat', '--mailbox', 'esp-one');
  expect(ran).toMatchObject({ code: 1, stdout: '' });
  expect(ran.stderr).toMatch(/mdma: Cannot post .*wrong\.dat: .*\n(.*\n)* {2}line 1/);
});

test('who may not post is told so, and nothing is posted', async () => {
  const { 'esp-one': esp, authority } = server.certificates;
  const as = ['--url', server.origin, '--authority', authority.certificatePath];
  const own = ['--certificate', esp.certificatePath, '--key', esp.keyPath];
  const before = await mdma('postings', '--json');
  expect(await mdma('post', '1.dat', '--mailbox', 'esp-one', ...as, ...own)).toMatchObject({
    code: 1,
    stdout: '',
  });
  expect((await mdma('postings', '--json')).stdout).toBe(before.stdout);
});

test('without an answer it says that the outcome is not known', async () => {
  const ran = await mdma('post', '1.dat', '--mailbox', 'esp-one', '--url', 'https://localhost:1');
  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(/Cannot tell whether .*1\.dat was posted: .*; try again with the same key/);
  expect(await mdma('post', 'nowhere.dat', '--mailbox', 'esp-one')).toMatchObject({
    code: 2,
    stderr: 'mdma: Cannot read nowhere.dat: there is no such file\n',
  });
});
