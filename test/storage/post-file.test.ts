import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { omarCsvLayouts } from '../../storage/formats/omar-csv/columns.ts';
import { toOmarCsv } from '../../storage/formats/omar-csv/to-omar-csv.ts';
import type { Posted } from '../../storage/post-file.ts';
import { toCmepChunks, toCmepFile } from '../bench/cmep-data.ts';
import { readAll } from '../contract/file-store-acts.ts';
import { listDeadReadingSets } from '../support/dead-reading-sets.ts';
import { getName, type Parties, toSha256 } from '../support/parties.ts';
import { startProcess } from '../support/process.ts';
import type { TestStore } from '../support/store.ts';
import { type PostFileSetup, setUpPostFile, toChunks, toCmepRecord } from './post-file-setup.ts';

let setup: PostFileSetup;
let store: TestStore;
let parties: Parties;

beforeEach(async () => {
  setup = await setUpPostFile();
  ({ store, parties } = setup);
});

const readPosted = async ({ posting }: Posted) => {
  const { root, key } = await store.catalogue.postings.getSource(posting.transaction);
  return readAll(store.files, root, key);
};

test('a file is in the mailboxes byte for byte, with what was found in it', async () => {
  const body = toCmepFile(200_000, 1);
  const posted = await setup.post(body, {
    request: { mailboxes: [parties.espBox, parties.udcBox], originalName: 'day.cmep', note: 'as agreed' },
    expected: { bytes: body.length, sha256: toSha256(body) },
  });
  expect(posted).toMatchObject({
    isReplay: false,
    faults: [],
    posting: {
      postedBy: 'staff',
      originalName: 'day.cmep',
      format: 'cmep',
      profile: 'strict',
      bytes: body.length,
      sha256: toSha256(body),
      note: 'as agreed',
      summary: { bytes: body.length, records: posted.posting.summary.readingSets, raw: 0 },
    },
  });
  expect(posted.posting.files).toHaveLength(2);
  expect((await readPosted(posted)).equals(body)).toBe(true);
  for (const mailbox of [parties.espBox, parties.udcBox]) {
    const found = await store.catalogue.mailboxes.findFile(mailbox.id, getName(posted.posting, mailbox));
    expect(found).toMatchObject({ sha256: toSha256(body), bytes: body.length });
  }
  await setup.expectHolds(1);
});

test.each([1, 7, 4_095, 4_096, 4_097, 65_536])('chunks of %i bytes make no difference', async (size) => {
  const body = toCmepFile(20_000, 1);
  const chunks = Array.from({ length: Math.ceil(body.length / size) }, (_, at) =>
    body.subarray(at * size, (at + 1) * size),
  );
  const posted = await setup.post(toChunks(chunks));
  const whole = await setup.post(body);
  expect((await readPosted(posted)).equals(body)).toBe(true);
  expect(posted.posting.summary).toEqual(whole.posting.summary);
  await setup.expectHolds(2);
});

test('warnings come with the answer and refuse nothing', async () => {
  const { faults } = await setup.post(toCmepRecord().replaceAll('\r\n', '\n'));
  expect(faults.length).toBeGreaterThan(0);
  expect(faults.every(({ level }) => level !== 'error')).toBe(true);
  await setup.expectHolds(1);
});

describe('format and dialect', () => {
  const [layout] = omarCsvLayouts;
  if (layout === undefined) throw new Error('there is no OMAR CSV layout');
  const row = { resourceId: 'R1', measurementType: 'LOAD', unit: 'KWH', intervalMinutes: 15, value: '1.5' };
  const csv = toOmarCsv([{ ...row, endAt: Date.UTC(2026, 10, 19, 8, 15), isEstimated: false }], layout);

  test('the ISO’s own formats pass through to the account that is named', async () => {
    const other = await parties.addMailbox('other', parties.esp, { profile: 'sensus-rni' });
    const request = {
      originalName: 'x.csv',
      isoAccount: { name: 'sc-one', way: 'omar' },
      mailboxes: [parties.espBox, other],
    } as const;
    const posted = await setup.post(csv, { request });
    expect(posted.posting).toMatchObject({ format: 'omar-csv', profile: layout.name });
    expect(posted.posting.forwardings).toMatchObject([{ account: 'sc-one', way: 'omar', state: 'due' }]);
    expect((await readPosted(posted)).equals(csv)).toBe(true);
    await setup.expectHolds(1);
  });

  test('a dialect that is named is the one, for every format', async () => {
    const profile = omarCsvLayouts.at(-1)?.name ?? '';
    const refused = setup.post(csv, { request: { originalName: 'x.csv', profile: 'strict' } });
    await expect(refused).rejects.toMatchObject({ code: 'invalid-request' });
    const { posting } = await setup.post(toCmepRecord(), { request: { profile: 'sensus-rni' } });
    expect(posting.profile).toBe('sensus-rni');
    expect(profile).not.toBe('');
  });

  test('CMEP is read in the dialect on which the mailboxes agree, else strictly', async () => {
    const rni = await parties.addMailbox('rni', parties.esp, { profile: 'sensus-rni' });
    const rniToo = await parties.addMailbox('rni-too', parties.udc, { profile: 'sensus-rni' });
    const profileOf = async (mailboxes: (typeof rni)[]) =>
      (await setup.post(toCmepRecord(), { request: { mailboxes } })).posting.profile;
    expect(await profileOf([rni, rniToo])).toBe('sensus-rni');
    expect(await profileOf([])).toBe('strict');
    const mixed = setup.post(toCmepRecord(), { request: { mailboxes: [rni, parties.espBox] } });
    await expect(mixed).rejects.toMatchObject({
      code: 'invalid-request',
      faults: [expect.objectContaining({ at: 'profile', expected: 'one of sensus-rni, strict' })],
    });
    await setup.expectHolds(2);
  });

  test('raw data goes to mailboxes that allow it, and to none', async () => {
    const raw = toCmepRecord({ flag: 'R' });
    const agreed = await parties.addMailbox('agreed', parties.esp, { allowsRaw: true });
    for (const mailboxes of [[agreed], []]) {
      const { posting } = await setup.post(raw, { request: { mailboxes } });
      expect(posting.summary).toMatchObject({ raw: 3, rawShare: 1 });
    }
    await setup.expectHolds(2);
  });
});

describe('an idempotency key', () => {
  const idempotency = { key: 'once', parametersText: 'mailbox=esp-one' };

  test('answers the same request with the first posting and keeps no bytes of the second', async () => {
    const first = await setup.post(toCmepRecord(), { request: { idempotency } });
    const second = await setup.post(toCmepRecord(), { request: { idempotency } });
    expect(second).toMatchObject({ isReplay: true, posting: first.posting });
    await setup.expectHolds(1);
  });

  test('makes one posting of many at the same moment', async () => {
    const posts = Array.from({ length: 8 }, () => setup.post(toCmepRecord(), { request: { idempotency } }));
    const done = await Promise.all(posts);
    expect(done.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
    expect(new Set(done.map(({ posting }) => posting.transaction)).size).toBe(1);
    await setup.expectHolds(1);
  });

  test('keeps no source of a large replay', async () => {
    const large = () => toChunks(toCmepChunks(6 << 20, 1));
    const first = await setup.post(large(), { request: { idempotency } });
    expect(first.posting.summary.readingSets).toBeGreaterThan(4_000);
    expect(await setup.post(large(), { request: { idempotency } })).toMatchObject({ isReplay: true });
    await setup.expectHolds(1);
  });

  test.each([
    ['another body', toCmepRecord({ meter: 'MTR2' }), idempotency],
    ['other parameters', toCmepRecord(), { ...idempotency, parametersText: 'mailbox=udc-one' }],
  ])('with %s is a mismatch that keeps nothing', async (_name, body, other) => {
    await setup.post(toCmepRecord(), { request: { idempotency } });
    const attempt = setup.post(body, { request: { idempotency: other } });
    await expect(attempt).rejects.toMatchObject({ code: 'idempotency-mismatch' });
    await setup.expectHolds(1);
  });
});

describe('a large file', () => {
  test('hands its reading sets over on the way, and is a posting like any other', async () => {
    const bytes = 8 << 20;
    const posted = await setup.post(toChunks(toCmepChunks(bytes, 1)));
    const { summary, transaction } = posted.posting;
    expect(summary.readingSets).toBeGreaterThan(5_000);
    expect((await readPosted(posted)).equals(toCmepFile(bytes, 1))).toBe(true);
    await setup.post(toCmepFile(bytes, 1), { request: { corrects: transaction, reasonCode: 'verified' } });
    const dead = listDeadReadingSets(store, transaction);
    expect(dead.size).toBe(summary.readingSets);
    await setup.expectHolds(2);
  });

  test('takes no more memory the larger it is', async () => {
    const program = fileURLToPath(new URL('../support/post-large.ts', import.meta.url));
    const measure = async (mebibytes: number) => {
      const started = startProcess([program, JSON.stringify(store.config), String(mebibytes << 20)]);
      const record = await started.waitForRecord((each) => 'maxRssMiB' in each, 60_000);
      expect(await started.exited).toEqual({ code: 0, signal: null });
      return Number(record.maxRssMiB);
    };
    const [small, large] = [await measure(16), await measure(64)];
    expect(large).toBeLessThan(250);
    expect(large - small).toBeLessThan(40);
    await setup.expectHolds(2);
  }, 90_000);
});
