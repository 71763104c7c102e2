import { beforeEach, describe, expect, test } from 'vitest';
import { openDiskFileStore } from '../../storage/disk/file-store.ts';
import type { ErrorCode } from '../../storage/model/errors.ts';
import type { Transaction } from '../../storage/model/transaction.ts';
import type { Catalogue } from '../../storage/ports/catalogue.ts';
import type { FileStore } from '../../storage/ports/file-store.ts';
import { toCmepChunks, toCmepFile } from '../bench/cmep-data.ts';
import { listAll } from '../contract/file-store-acts.ts';
import { type Parties, toSha256 } from '../support/parties.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import type { TestStore } from '../support/store.ts';
import { toMdefRecords } from './formats/mdef/build-mdef.ts';
import { type Input, type PostFileSetup, setUpPostFile, toChunks, toCmepRecord } from './post-file-setup.ts';

let setup: PostFileSetup;
let store: TestStore;
let parties: Parties;

beforeEach(async () => {
  setup = await setUpPostFile();
  ({ store, parties } = setup);
});

/** Fails unless the post is refused so and nothing of it is kept. */
async function expectRefused(code: ErrorCode, body: Parameters<PostFileSetup['post']>[0], input: Input = {}) {
  const error = await setup.post(body, input).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'MdmaError', code });
  await setup.expectHolds(0);
  return error as Error & { members: Record<string, unknown> };
}

const good = toCmepRecord();
const large = toCmepFile(6 << 20, 1);
const broken = toCmepRecord({ meter: 'MTR9', unit: 'KWX' });

describe('a file that was read to its end and refused stays on record, and nothing else of it', () => {
  test('with every fault’s line, field and reason', async () => {
    const body = good + broken + toCmepRecord({ meter: 'MTR3' }) + toCmepRecord({ meter: 'MTR4', flag: 'Q' });
    const error = await expectRefused('refused-file', body, { request: { originalName: 'bad.cmep' } });
    const { faults, faultCounts } = error.members as {
      faults: object[];
      faultCounts: Record<string, number>;
    };
    expect(faults).toContainEqual(
      expect.objectContaining({ level: 'error', line: 2, field: 'Units', text: 'KWX' }),
    );
    expect(faults).toContainEqual(expect.objectContaining({ level: 'error', line: 4 }));
    expect(error.message).toMatch(/^Cannot accept the file: .* line 2: /);
    expect(await setup.listRefusals()).toEqual([
      {
        id: expect.any(Number),
        refusedBy: 'staff',
        refusedAt: store.clock.now(),
        originalName: 'bad.cmep',
        bytes: body.length,
        sha256: toSha256(body),
        reason: error.message,
        faultCounts,
      },
    ]);
  });

  test('naming the profile that its beginning fits, which nobody uses unasked', async () => {
    const error = await expectRefused('refused-file', toCmepRecord({ flag: 'R0' }));
    expect(error.message).toMatch(/Profile sensus-rni may be meant: .*strict finds E_FLAG in line 1\.$/);
    const asMeant = { request: { profile: 'sensus-rni' } };
    const named = await expectRefused('refused-file', broken, asMeant);
    expect(named.message).not.toContain('may be meant');
  });

  test.each<[string, ErrorCode, string, Input]>([
    ['faulty', 'refused-file', broken, {}],
    ['of no format', 'unknown-format', 'What is this?\r\n', {}],
    ['a web page', 'unknown-format', '<!DOCTYPE html><html></html>', {}],
    ['empty', 'unknown-format', '', {}],
    ['empty, though its format is named', 'refused-file', '', { request: { format: 'cmep' } }],
    ['of another format than named', 'unknown-format', good, { request: { format: 'omar-csv' } }],
    [
      'of another format than its name says',
      'unknown-format',
      good,
      { request: { originalName: 'day.mde' } },
    ],
    ['cut in its last record', 'refused-file', good + good.slice(0, 60), {}],
    ['of another digest', 'digest-mismatch', good, { expected: { sha256: toSha256('another') } }],
    ['of an unknown dialect', 'invalid-request', good, { request: { profile: 'nonsense' } }],
  ])('%s', async (_name, code, body, input) => {
    const error = await expectRefused(code, body, input);
    expect(await setup.listRefusals()).toMatchObject([
      { bytes: body.length, sha256: toSha256(body), reason: error.message },
    ]);
  });

  test('raw, for a mailbox that takes validated data only, which it names', async () => {
    const agreed = await parties.addMailbox('agreed', parties.udc, { allowsRaw: true });
    const error = await expectRefused('refused-file', good + toCmepRecord({ meter: 'MTR2', flag: 'R' }), {
      request: { mailboxes: [agreed, parties.espBox] },
    });
    expect(error.message).toMatch(
      /3 raw and 0 missing of 6 readings, for validated data only: mailbox esp-one$/,
    );
    expect(await setup.listRefusals()).toHaveLength(1);
  });

  test('with values missing, for a mailbox that takes validated data only', async () => {
    const missing = toCmepRecord({ meter: 'MTR2' }).replace(',,1.5', ',N,');
    const error = await expectRefused('refused-file', good + missing);
    expect(error.message).toMatch(
      /0 raw and 1 missing of 6 readings, for validated data only: mailbox esp-one$/,
    );
  });

  test('raw, for the ISO', async () => {
    const raw = Buffer.concat(toMdefRecords([{ values: [1, 2, 3, 4], status: 'RE' }]));
    const request = {
      mailboxes: [],
      originalName: 'day.mde',
      isoAccount: { name: 'sc-one', way: 'omar' },
    } as const;
    const error = await expectRefused('refused-file', raw, { request });
    expect(error.message).toMatch(
      /4 raw and 0 missing of 4 readings, for validated data only: ISO account sc-one$/,
    );
  });

  test.each([
    ['at its beginning', () => Buffer.concat([Buffer.from(broken), large])],
    ['at its end', () => Buffer.concat([large, Buffer.from(broken)])],
  ])('large and faulty %s', async (_name, toBody) => {
    const body = toBody();
    await expectRefused('refused-file', body);
    expect(await setup.listRefusals()).toMatchObject([{ bytes: body.length, sha256: toSha256(body) }]);
  });

  test('large and of no format: its bytes are not even written', async () => {
    let isWritten = false;
    const files: FileStore = {
      ...store.files,
      async create(key) {
        const writer = await store.files.create(key);
        return {
          ...writer,
          write(chunk) {
            isWritten = true;
            return writer.write(chunk);
          },
        };
      },
    };
    const body = Buffer.alloc(5 << 20, 'nonsense\r\n');
    await expectRefused('unknown-format', body, { deps: { files } });
    expect(isWritten).toBe(false);
    expect(await setup.listRefusals()).toMatchObject([{ bytes: body.length, sha256: toSha256(body) }]);
  });
});

describe('a body that did not arrive as announced leaves nothing at all', () => {
  test.each<[string, ErrorCode, Buffer, Input]>([
    ['shorter', 'invalid-request', Buffer.from(good), { expected: { bytes: good.length + 1 } }],
    ['longer', 'invalid-request', Buffer.from(good), { expected: { bytes: good.length - 1 } }],
    ['large and shorter', 'invalid-request', large, { expected: { bytes: large.length + 1 } }],
    ['empty though announced', 'invalid-request', Buffer.alloc(0), { expected: { bytes: 1 } }],
    ['too large, announced', 'too-large', Buffer.from(good), { expected: { bytes: 1 << 29 } }],
    [
      'too large, not announced',
      'too-large',
      large,
      { deps: { limits: { maxBytes: 5 << 20, reserveBytes: 0 } } },
    ],
  ])('%s', async (_name, code, body, input) => {
    await expectRefused(code, body, input);
    expect(await setup.listRefusals()).toEqual([]);
  });

  test('as large as allowed is not too large', async () => {
    await setup.post(good, { deps: { limits: { maxBytes: good.length, reserveBytes: 0 } } });
    await setup.expectHolds(1);
  });

  test('reading stops where the limit is passed', async () => {
    let given = 0;
    let isClosed = false;
    async function* endless() {
      try {
        for (;;) {
          given += 1;
          yield Buffer.from(good);
        }
      } finally {
        isClosed = true;
      }
    }
    await expectRefused('too-large', endless(), {
      deps: { limits: { maxBytes: 10 * good.length, reserveBytes: 0 } },
    });
    expect([given, isClosed]).toEqual([11, true]);
  });

  test.each([
    ['before its first byte', []],
    ['within the first record', [good.slice(0, 50)]],
    ['after whole records', [good]],
    ['after many', [...toCmepChunks(6 << 20, 1)]],
  ])('broken off %s: the error is the body’s own', async (_name, chunks) => {
    const failure = new Error('the line broke');
    const body = toChunks(chunks, () => {
      throw failure;
    });
    await expect(setup.post(body)).rejects.toBe(failure);
    await setup.expectHolds(0);
    expect(await setup.listRefusals()).toEqual([]);
  });
});

describe('what the store cannot take leaves nothing', () => {
  test('no room beyond the reserve', async () => {
    const free = await store.files.freeBytes();
    const withReserve = (reserveBytes: number) => ({ deps: { limits: { maxBytes: 1 << 30, reserveBytes } } });
    await expectRefused('storage-full', good, withReserve(free * 2));
    await expectRefused('storage-full', good, { ...withReserve(free - 1_000), expected: { bytes: 1 << 29 } });
    expect(await setup.listRefusals()).toEqual([]);
    await setup.post(good, withReserve(0));
    await setup.expectHolds(1);
  });

  const disk = mountSmallDisk(2 << 20);
  test.skipIf(disk === undefined)('a disk that fills up on the way', async () => {
    const files = await openDiskFileStore({ 'on-line': disk ?? '', archive: store.config.archiveFolder });
    await expectRefused('storage-full', large, { deps: { files } });
    expect(await listAll(files, 'on-line')).toEqual([]);
    await setup.post(good, { deps: { files } });
    expect(await listAll(files, 'on-line')).toHaveLength(1);
  });

  test('a correction of what is not there', async () => {
    const request = { corrects: 999 as Transaction, reasonCode: 'misread' } as const;
    await expectRefused('not-found', good, { request });
    await expectRefused('not-found', large, { request });
  });
});

describe('when an answer is lost', () => {
  /** The catalogue, whose commit does what it should, or does not, and then fails. */
  const failing = (isDone: boolean): Catalogue => ({
    ...store.catalogue,
    postings: {
      ...store.catalogue.postings,
      async commitPosting(...args) {
        if (isDone) await store.catalogue.postings.commitPosting(...args);
        throw new Error('the answer was lost');
      },
    },
  });

  test.each([good, large])('bytes of a commit that did not happen are removed', async (body) => {
    await expect(setup.post(body, { deps: { catalogue: failing(false) } })).rejects.toThrow(
      'the answer was lost',
    );
    await setup.expectHolds(0);
  });

  test.each([good, large])('bytes of a commit that did happen stay', async (body) => {
    await expect(setup.post(body, { deps: { catalogue: failing(true) } })).rejects.toThrow(
      'the answer was lost',
    );
    await setup.expectHolds(1);
  });
});
