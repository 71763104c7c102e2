import { beforeEach, describe, expect, test } from 'vitest';
import type { FaultLevel, ScanResult } from '../../storage/formats/format.ts';
import type { Transaction } from '../../storage/model/transaction.ts';
import type { Posting } from '../../storage/ports/postings.ts';
import { addParties, getName, type Parties, toReadingSet, toSha256, toSummary } from '../support/parties.ts';
import type { TestStore } from '../support/store.ts';
import { storeDrivers } from './drivers.ts';

const noTransaction = 999 as Transaction;

describe.each(storeDrivers)('postings on $name', ({ open }) => {
  let store: TestStore;
  let parties: Parties;

  beforeEach(async () => {
    store = await open();
    parties = await addParties(store);
    return () => store.expectSound();
  });

  const find = (posting: Posting, reader = parties.staff) =>
    store.catalogue.postings.findPosting(reader, posting.transaction);

  test('a posting is what was ordered, for everybody at once, here and in another process', async () => {
    const { staff, espBox, udcBox, post } = parties;
    const { posting, file, isReplay } = await post({
      mailboxes: [espBox, udcBox],
      sets: [toReadingSet(), toReadingSet({ meter: 'M2' })],
      originalName: 'Nov 20.dat',
      isComplete: false,
      note: 'the second half',
    });
    expect(isReplay).toBe(false);
    expect(posting).toEqual({
      transaction: posting.transaction,
      postedAt: store.clock.now(),
      postedBy: staff.name,
      originalName: 'Nov 20.dat',
      format: 'cmep',
      profile: 'strict',
      bytes: file.bytes,
      sha256: file.sha256,
      summary: toSummary(file.bytes, [toReadingSet(), toReadingSet({ meter: 'M2' })]),
      isComplete: false,
      corrects: null,
      correctedBy: [],
      reasonCode: null,
      note: 'the second half',
      files: [
        { mailbox: 'esp-one', name: '202611200630.dat' },
        { mailbox: 'udc-one', name: '202611200630.dat' },
      ],
      forwardings: [],
    });
    const elsewhere = await store.openAgain('bridge');
    expect(await elsewhere.catalogue.postings.findPosting(staff, posting.transaction)).toEqual(posting);
    for (const mailbox of [espBox, udcBox]) {
      const found = await elsewhere.catalogue.mailboxes.findFile(mailbox.id, getName(posting, mailbox));
      expect(found).toMatchObject(file);
    }
  });

  test('transactions rise in the order of posting', async () => {
    const made: number[] = [];
    for (let count = 0; count < 5; count += 1) made.push((await parties.post()).posting.transaction);
    expect(made.every((transaction, at) => at === 0 || transaction > (made[at - 1] ?? 0))).toBe(true);
  });

  test('staff see every posting, a program its own, a participant none', async () => {
    const { staff, program, esp, post, addParticipant } = parties;
    const other = await addParticipant('other-program', 'program');
    const [byStaff, byProgram] = [(await post()).posting, (await post({ postedBy: program })).posting];
    for (const posting of [byStaff, byProgram]) expect(await find(posting, staff)).toEqual(posting);
    expect(await find(byProgram, program)).toEqual(byProgram);
    expect(await find(byStaff, program)).toBeUndefined();
    for (const stranger of [esp, other]) expect(await find(byProgram, stranger)).toBeUndefined();
    const list = async (reader: typeof staff) =>
      (await store.catalogue.postings.listPostings(reader, { before: undefined, limit: 10 })).postings;
    expect(await list(staff)).toEqual([byProgram, byStaff]);
    expect(await list(program)).toEqual([byProgram]);
    for (const stranger of [esp, other]) expect(await list(stranger)).toEqual([]);
  });

  test('lists page by page, newest first, and says when there is no more', async () => {
    const made: Posting[] = [];
    for (let count = 0; count < 5; count += 1) made.unshift((await parties.post()).posting);
    const seen: Posting[] = [];
    for (let hasMore = true, before: Transaction | undefined; hasMore; before = seen.at(-1)?.transaction) {
      const page = await store.catalogue.postings.listPostings(parties.staff, { before, limit: 2 });
      seen.push(...page.postings);
      hasMore = page.hasMore;
    }
    expect(seen).toEqual(made);
  });

  test('gives the source of a posting to convert, and nothing for one that is not there', async () => {
    const { posting, file } = await parties.post({ originalName: 'x.dat' });
    expect(await store.catalogue.postings.getSource(posting.transaction)).toEqual({
      isDeleted: false,
      ...file,
      format: 'cmep',
      profile: 'strict',
      originalName: 'x.dat',
      root: 'on-line',
    });
    const attempt = store.catalogue.postings.getSource(noTransaction);
    await expect(attempt).rejects.toMatchObject({ code: 'not-found' });
    expect(await store.catalogue.postings.findPosting(parties.staff, noTransaction)).toBeUndefined();
  });

  test('numbers that are skipped never come, whether there was a posting before or not', async () => {
    const { skipTransactions } = store.catalogue.postings;
    const last = await skipTransactions(1_000);
    const { posting } = await parties.post();
    expect(posting.transaction).toBe(last + 1);
    expect(await skipTransactions(10)).toBe(posting.transaction + 10);
    expect((await parties.post()).posting.transaction).toBe(posting.transaction + 11);
  });

  test('a job that fails in a shared commit takes nothing of the others with it', async () => {
    const { post, esp, espBox, staff } = parties;
    const bad = () => post({ corrects: noTransaction, reasonCode: 'misread' });
    const ends = await Promise.allSettled([
      post(),
      bad(),
      store.catalogue.participants.addParticipant({ name: esp.name, title: '', role: 'staff' }),
      post(),
      bad(),
      post(),
    ]);
    const codes = ends.map((end) => (end.status === 'rejected' ? end.reason.code : 'done'));
    expect(codes).toEqual(['done', 'not-found', 'conflict', 'done', 'not-found', 'done']);
    const { postings } = await store.catalogue.postings.listPostings(staff, { before: undefined, limit: 10 });
    expect(postings).toHaveLength(3);
    const { files } = await store.catalogue.mailboxes.listFiles(espBox.id, { after: undefined, limit: 10 });
    expect(files.map(({ transaction }) => transaction)).toEqual(
      postings.map((each) => each.transaction).sort(),
    );
  });

  test('a refusal keeps who, when, digest, size and what was wrong, newest first', async () => {
    const { staff, program, esp } = parties;
    const fault = { code: 'E_UNITS', level: 'error' as FaultLevel, line: 3, field: 'Units', fieldNumber: 11 };
    const scan: ScanResult = {
      summary: toSummary(10, []),
      faults: [{ ...fault, byteOffset: 5, text: 'KWX', message: 'unknown unit' }],
      faultCounts: { E_UNITS: 2 },
      isRefused: true,
    };
    const { recordRefusal, listRefusals } = store.catalogue.postings;
    const about = { bytes: 10, sha256: toSha256('refused'), reason: 'Cannot accept the file' };
    await recordRefusal({ postedBy: staff, originalName: 'one.dat' }, { ...about, scan });
    store.clock.advance(1);
    await recordRefusal({ postedBy: program, originalName: '' }, { ...about, scan: undefined });
    const expected = [
      { refusedBy: 'program', originalName: '', faultCounts: {}, refusedAt: store.clock.now() },
      {
        refusedBy: 'staff',
        originalName: 'one.dat',
        faultCounts: { E_UNITS: 2 },
        refusedAt: store.clock.now() - 1,
      },
    ].map((each) => expect.objectContaining({ ...each, ...about }));
    expect(await listRefusals(staff, 10)).toEqual(expected);
    expect(await listRefusals(staff, 1)).toEqual(expected.slice(0, 1));
    expect(await listRefusals(program, 10)).toEqual(expected.slice(0, 1));
    expect(await listRefusals(esp, 10)).toEqual([]);
  });
});
