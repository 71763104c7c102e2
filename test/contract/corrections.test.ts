import { beforeEach, describe, expect, test } from 'vitest';
import type { ReadingSet } from '../../storage/formats/format.ts';
import { reasonCodeNames } from '../../storage/model/reason-code.ts';
import { dayMs, hourMs } from '../../storage/model/time.ts';
import type { Transaction } from '../../storage/model/transaction.ts';
import type { Posting } from '../../storage/ports/postings.ts';
import { listDeadReadingSets } from '../support/dead-reading-sets.ts';
import { addParties, type Parties, toReadingSet } from '../support/parties.ts';
import type { TestStore } from '../support/store.ts';
import { storeDrivers } from './drivers.ts';

const begin = Date.UTC(2026, 10, 19, 8);
const hours = (from: number, to: number, over: Partial<ReadingSet> = {}) =>
  toReadingSet({ periodStartAt: begin + from * hourMs, periodEndAt: begin + to * hourMs, ...over });
const register = (at: number, over: Partial<ReadingSet> = {}) =>
  hours(at, at, { intervalMinutes: 0, ...over });

describe.each(storeDrivers)('corrections on $name', ({ open }) => {
  let store: TestStore;
  let parties: Parties;

  beforeEach(async () => {
    store = await open();
    parties = await addParties(store);
    return () => store.expectSound();
  });

  const find = ({ transaction }: Posting) => store.catalogue.postings.findPosting(parties.staff, transaction);
  const correct = async (corrects: Transaction, sets: readonly ReadingSet[] = []) =>
    (await parties.post({ corrects, reasonCode: 'misread', sets })).posting;

  test('link both ways, and the corrected posting and its file stay', async () => {
    const { posting: first, file } = await parties.post();
    const one = await correct(first.transaction);
    const two = await correct(first.transaction);
    const ofOne = await correct(one.transaction);
    expect((await find(first))?.correctedBy).toEqual([one.transaction, two.transaction]);
    expect(await find(one)).toMatchObject({ corrects: first.transaction, correctedBy: [ofOne.transaction] });
    const page = { after: undefined, limit: 10 };
    const { files } = await store.catalogue.mailboxes.listFiles(parties.espBox.id, page);
    expect(files.map(({ corrects, reasonCode }) => [corrects, reasonCode])).toEqual([
      [null, null],
      [first.transaction, 'misread'],
      [first.transaction, 'misread'],
      [one.transaction, 'misread'],
    ]);
    expect(files[0]).toMatchObject({ sha256: file.sha256, bytes: file.bytes });
  });

  test.each(reasonCodeNames)('carry the reason %s', async (reasonCode) => {
    const { posting: first } = await parties.post();
    const { posting } = await parties.post({ corrects: first.transaction, reasonCode });
    expect((await find(posting))?.reasonCode).toBe(reasonCode);
  });

  test('of a transaction that is not there are not found, and nothing of them is kept', async () => {
    const attempt = parties.post({
      corrects: 999 as Transaction,
      reasonCode: 'misread',
      sets: [toReadingSet()],
    });
    await expect(attempt).rejects.toMatchObject({
      code: 'not-found',
      faults: [expect.objectContaining({ at: 'corrects', value: '999' })],
    });
    const { postings } = await store.catalogue.postings.listPostings(parties.staff, {
      before: undefined,
      limit: 9,
    });
    expect(postings).toEqual([]);
  });

  test.each<[string, ReadingSet, ReadingSet, boolean]>([
    ['the same period', hours(0, 24), hours(0, 24), true],
    ['its middle', hours(0, 24), hours(10, 12), false],
    ['more than it', hours(10, 12), hours(0, 24), true],
    ['its beginning and before', hours(10, 24), hours(0, 11), false],
    ['its end and after', hours(0, 12), hours(11, 24), false],
    ['what comes before it', hours(12, 24), hours(0, 12), false],
    ['what comes after it', hours(0, 12), hours(12, 24), false],
    ['another meter', hours(0, 24), hours(0, 24, { meter: 'M2' }), false],
    ['another unit', hours(0, 24), hours(0, 24, { unit: 'KVARH' }), false],
    ['another channel', hours(0, 24), hours(0, 24, { channel: '2' }), false],
    ['the same register read', register(12), register(12), true],
    ['the same period of history', hours(0, 24), hours(0, 24, { purpose: 'HISTORY' }), false],
    ['the same period of raw data', hours(0, 24), hours(0, 24, { readings: 24, raw: 24 }), false],
    ['a register read of another instant', register(12), register(13), false],
  ])('with %s replace a reading set or not', async (_name, old, newer, isDead) => {
    const { posting } = await parties.post({ sets: [old] });
    await correct(posting.transaction, [newer]);
    const dead = listDeadReadingSets(store, posting.transaction);
    expect([...dead]).toEqual(isDead ? [0] : []);
  });

  test('replace those reading sets that they bring whole and no others; a second one adds to it', async () => {
    const sets = [hours(0, 12), hours(12, 24), hours(0, 12, { meter: 'M2' }), hours(12, 24, { meter: 'M2' })];
    const { posting } = await parties.post({ sets });
    const { posting: bystander } = await parties.post({ sets });
    const dead = async (of: Posting) => [...listDeadReadingSets(store, of.transaction)];
    const first = await correct(posting.transaction, [hours(12, 24), hours(0, 1, { meter: 'M3' })]);
    expect(await dead(posting)).toEqual([1]);
    const second = await correct(posting.transaction, [hours(0, 24, { meter: 'M2' })]);
    expect(await dead(posting)).toEqual([1, 2, 3]);
    for (const other of [bystander, first, second]) expect(await dead(other)).toEqual([]);
  });

  test('that repost a file unchanged for its dates replace nothing when they hold no readings', async () => {
    const { posting } = await parties.post({ sets: [toReadingSet()] });
    store.clock.advance(dayMs);
    await correct(posting.transaction, []);
    expect(listDeadReadingSets(store, posting.transaction)).toEqual(new Set());
  });
});
