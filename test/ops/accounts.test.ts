import { createHash, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseMailboxName } from '../../storage/model/mailbox.ts';
import { dayMs } from '../../storage/model/time.ts';
import type { Store } from '../../storage/open.ts';
import { getTestCertificates, issueTestCertificate } from '../support/certificates.ts';
import { createTestClock, createTestStore, type TestStore } from '../support/store.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { runMdma } from './run-mdma.ts';

const cwd = makeTemporaryFolder();
let store: TestStore;
let catalogue: Store['catalogue'];

beforeAll(async () => {
  store = await createTestStore(createTestClock(Date.now()));
  catalogue = store.catalogue;
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ storage: store.config }));
  await mdma('participant', 'add', 'esp-one', '--title', 'First Energy Services');
});

const mdma = (...args: string[]) => runMdma(args, { cwd, clock: store.clock });

describe('participant', () => {
  test('adds and lists', async () => {
    expect(await mdma('participant', 'add', 'staff', '--title', 'Staff', '--role', 'staff')).toMatchObject({
      code: 0,
      stdout: 'Added staff staff.\n',
      stderr: '',
    });
    expect((await mdma('participant', 'list')).stdout).toMatch(
      /^NAME {5}ROLE {9}TITLE {18}MAILBOXES\nesp-one {2}participant {2}First Energy Services {2}-\n/,
    );
    expect((await mdma('participant', 'list', '--json')).json()).toMatchObject([
      { name: 'esp-one' },
      { name: 'staff' },
    ]);
  });

  test.each([
    [['add', 'esp-one', '--title', 'Again'], 1, /taken|exists|already/],
    [['add', '../etc', '--title', 'x'], 2, /participant is "..\/etc", expected 1 to 32 of/],
    [['add', 'x'], 2, /required option '--title <text>' not specified/],
    [['add', 'x', '--title', 'x', '--role', 'king'], 2, /Allowed choices are participant, staff, program/],
    [['nonsense'], 2, /unknown command 'nonsense'/],
  ])('%s ends with status %i', async (args, code, stderr) => {
    const ran = await mdma('participant', ...args);
    expect(ran.code).toBe(code);
    expect(ran.stderr).toMatch(stderr);
    expect(ran.stdout).toBe('');
  });
});

describe('certificate', () => {
  test('registers PEM and DER, lists, and revokes by the fingerprint that openssl prints', async () => {
    const { 'esp-one': pem } = await getTestCertificates();
    const other = await issueTestCertificate({ commonName: 'esp-one' });
    const { raw } = new X509Certificate(other.certificatePem);
    writeFileSync(path.join(cwd, 'other.der'), raw);
    for (const file of [pem.certificatePath, 'other.der']) {
      expect((await mdma('certificate', 'register', file, '--participant', 'esp-one')).code).toBe(0);
    }
    const now = store.clock.now();
    expect(await catalogue.participants.findByCertificate(other.fingerprint, now)).toMatchObject({
      name: 'esp-one',
    });

    const { fingerprint256 } = new X509Certificate(other.certificatePem);
    const revoked = await mdma('certificate', 'revoke', fingerprint256, '--json');
    expect(revoked.json()).toEqual({ fingerprint: other.fingerprint });
    expect(await catalogue.participants.findByCertificate(other.fingerprint, now)).toBeUndefined();
    const { stdout } = await mdma('certificate', 'list');
    expect(stdout).toMatch(new RegExp(`esp-one +revoked .* CN=esp-one +${other.fingerprint}\n`));
    expect(stdout).toMatch(new RegExp(`esp-one +good .* ${pem.fingerprint}\n`));
  });

  test('refuses what is no certificate, what has ended and what is unknown', async () => {
    writeFileSync(path.join(cwd, 'key.pem'), 'not a certificate');
    const wrong = await mdma('certificate', 'register', 'key.pem', '--participant', 'esp-one');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('key.pem is not a file with an X.509 certificate');
    const ended = await issueTestCertificate({ commonName: 'old', now: Date.now() - 9 * dayMs });
    writeFileSync(path.join(cwd, 'old.crt'), ended.certificatePem);
    const late = await mdma('certificate', 'register', 'old.crt', '--participant', 'esp-one');
    expect(late).toMatchObject({ code: 1, stderr: expect.stringContaining('it ended on') });
    expect((await mdma('certificate', 'register', 'nowhere.crt', '--participant', 'esp-one')).stderr).toMatch(
      /ENOENT/,
    );
    expect(await mdma('certificate', 'revoke', 'a'.repeat(64))).toMatchObject({ code: 1 });
    expect(await mdma('certificate', 'revoke', 'abc')).toMatchObject({ code: 2 });
  });
});

describe('key', () => {
  test('is shown once, kept as a digest, and revoked by its id', async () => {
    const issued = await mdma(
      'key',
      'issue',
      '--participant',
      'esp-one',
      '--label',
      'nightly',
      '--days',
      '2',
    );
    const [, id = '', secret = ''] =
      /^Authorization: Bearer ([0-9a-f]{16})\.([\w-]{43})\n$/.exec(issued.stdout) ?? [];
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    const now = store.clock.now();
    const found = await catalogue.participants.findByKey(id, now);
    expect(found?.secretSha256).toBe(createHash('sha256').update(secret).digest('hex'));
    expect(await catalogue.participants.findByKey(id, now + 3 * dayMs)).toBeUndefined();
    for (const listed of [await mdma('key', 'list'), await mdma('key', 'list', '--json')]) {
      expect(listed.stdout).toContain(id);
      expect(listed.stdout).not.toContain(secret);
    }
    expect((await mdma('key', 'revoke', id)).code).toBe(0);
    expect(await catalogue.participants.findByKey(id, now)).toBeUndefined();
    expect((await mdma('key', 'list')).stdout).toMatch(new RegExp(`${id}  esp-one +revoked`));
  });

  test('is not issued to nobody, nor for no time', async () => {
    expect(await mdma('key', 'issue', '--participant', 'nobody', '--label', 'x')).toMatchObject({
      code: 1,
      stdout: '',
    });
    const days = await mdma('key', 'issue', '--participant', 'esp-one', '--label', 'x', '--days', '0');
    expect(days).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Expected a whole number from 1'),
    });
  });
});

describe('mailbox', () => {
  test('adds and lists', async () => {
    const added = await mdma(
      'mailbox',
      'add',
      'esp-one',
      '--owner',
      'esp-one',
      '--on-line-days',
      '10',
      '--json',
    );
    expect(added.json()).toMatchObject({
      name: 'esp-one',
      zone: 'America/Los_Angeles',
      profile: 'strict',
      onLineDays: 10,
    });
    expect((await mdma('mailbox', 'list')).stdout).toMatch(
      /esp-one +esp-one +America\/Los_Angeles +strict +10 +refused +counted +- +-\n/,
    );
  });

  test('sets what may change, and shows it', async () => {
    const set = (...options: string[]) => mdma('mailbox', 'set', 'esp-one', ...options);
    const changed = await set(
      '--level',
      'C_GAP=error',
      '--level',
      'C_SPACING=off',
      '--receiver',
      '123456789',
    );
    expect(changed).toMatchObject({ code: 0, stderr: '' });
    expect(changed.stdout).toBe(
      'Mailbox esp-one: profile strict, 10 days on line, raw data refused, unmapped readings counted, levels C_GAP=error C_SPACING=off, receivers 123456789.\n',
    );
    expect((await mdma('mailbox', 'list')).stdout).toMatch(
      /esp-one .* refused +counted +C_GAP=error C_SPACING=off +123456789\n/,
    );
    const again = await set('--level', 'C_GAP=default', '--any-receiver', '--allow-raw', '--json');
    expect(again.json()).toMatchObject({ levels: { C_SPACING: 'off' }, receivers: [], allowsRaw: true });
    expect((await set('--no-allow-raw', '--on-line-days', '4', '--profile', 'smartsynch')).stdout).toMatch(
      /profile smartsynch, 4 days on line, raw data refused/,
    );
    expect((await mdma('mailbox', 'set', 'nothing', '--allow-raw')).code).toBe(1);
  });

  test.each([
    [
      ['--level', 'C_NOTHING=error'],
      /--level is "C_NOTHING=error", expected CODE=LEVEL with one of C_DUPLICATE/,
    ],
    [['--level', 'E_UNITS=off'], /--level is "E_UNITS=off"/],
    [['--level', 'C_GAP=fatal'], /one of error, warning, note, off, default/],
    [['--level', 'C_GAP'], /--level is "C_GAP"/],
    [['--receiver', ' '], /--receiver is " ", expected 1 to 80 printable characters/],
    [['--receiver', 'a', '--any-receiver'], /expected nothing beside --any-receiver/],
    [['--on-line-days', '2'], /expected at least 3/],
    [['--zone', 'UTC'], /unknown option '--zone'/],
  ])('set refuses %j', async (options, stderr) => {
    const before = await catalogue.mailboxes.getMailboxes([parseMailboxName('esp-one')]);
    const ran = await mdma('mailbox', 'set', 'esp-one', ...options);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(stderr);
    expect(await catalogue.mailboxes.getMailboxes([parseMailboxName('esp-one')])).toEqual(before);
  });

  test.each([
    ['--on-line-days', '2', /--on-line-days is "2", expected at least 3/],
    ['--zone', 'Mars/Olympus', /--zone is "Mars\/Olympus", expected a time zone/],
    ['--profile', 'lenient', /Expected strict, sensus-rni, smartsynch/],
  ])('refuses %s %s', async (option, value, stderr) => {
    const ran = await mdma('mailbox', 'add', 'other', '--owner', 'esp-one', option, value);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(stderr);
  });
});
