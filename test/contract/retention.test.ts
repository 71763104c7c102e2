import { beforeEach, describe, expect, test } from 'vitest';
import { addMonths, dayMs } from '../../storage/model/time.ts';
import { parseFileKey, toFileKey } from '../../storage/ports/file-store.ts';
import type { CodedFile } from '../../storage/ports/mailboxes.ts';
import type { DurableFile, Posting } from '../../storage/ports/postings.ts';
import type { Retention } from '../../storage/ports/retention.ts';
import { addParties, getName, type Parties, toReadingSet, toSha256 } from '../support/parties.ts';
import type { TestStore } from '../support/store.ts';
import { storeDrivers } from './drivers.ts';
import { writeFile } from './file-store-acts.ts';

describe.each(storeDrivers)('retention on $name (MBX-5, ruling 6)', ({ open }) => {
  let store: TestStore;
  let parties: Parties;
  let retention: Retention;

  beforeEach(async () => {
    store = await open();
    parties = await addParties(store);
    retention = store.catalogue.retention;
    return () => store.expectSound();
  });

  const now = () => store.clock.now();
  const mapping = {
    meter: 'M1',
    unit: 'KWH',
    resourceId: 'R1',
    measurementType: 'LOAD',
    effectiveFrom: '2026-01-01',
  };
  const leaving = async () => (await retention.listLeavingFiles(now(), 100)).map(({ mailbox }) => mailbox);
  const archivable = async () => (await retention.listFilesToArchive(now(), 100)).map(({ key }) => key);
  const deletable = async () => (await retention.listFilesToDelete(now(), 100)).map(({ key }) => key);

  async function takeOut(posting: Posting): Promise<void> {
    for (const file of await retention.listLeavingFiles(now(), 100)) {
      if (file.transaction === posting.transaction)
        await retention.archiveMailboxFile(file.mailboxId, file.name);
    }
  }

  /** As the job does it: copy, row, original. */
  async function move(file: DurableFile): Promise<number> {
    const [found] = (await retention.listFilesToArchive(now(), 100)).filter(({ key }) => key === file.key);
    if (found === undefined) throw new Error('Cannot archive: the file is not listed');
    await store.files.copy(file.key, 'on-line', 'archive');
    await retention.recordFileArchived(found.id);
    for (const key of [file.key, ...found.codings.map((coding) => coding.key)]) {
      await store.files.remove('on-line', key);
    }
    return found.id;
  }

  async function code(file: DurableFile): Promise<CodedFile> {
    const coded = {
      coding: 'gzip',
      key: parseFileKey(`${file.key}.gzip`),
      sha256: toSha256('zipped'),
      bytes: 6,
    } as const;
    await writeFile(store.files, coded.key, Buffer.from('zipped'));
    const [found] = (await retention.listFilesToCode(100)).filter(({ key }) => key === file.key);
    if (!(await retention.recordCodings(found?.id ?? 0, [coded]))) throw new Error('Cannot add the coding');
    return coded;
  }

  describe('a file leaves its directory', () => {
    test('when its days are over, to the millisecond, and not before', async () => {
      const { posting } = await parties.post();
      store.clock.advance(5 * dayMs - 1);
      expect(await leaving()).toEqual([]);
      await retention.archiveMailboxFile(parties.espBox.id, getName(posting, parties.espBox));
      const page = { after: undefined, limit: 9 };
      expect((await store.catalogue.mailboxes.listFiles(parties.espBox.id, page)).files).toHaveLength(1);
      store.clock.advance(1);
      expect(await retention.listLeavingFiles(now(), 100)).toEqual([
        {
          mailboxId: parties.espBox.id,
          mailbox: 'esp-one',
          name: getName(posting, parties.espBox),
          transaction: posting.transaction,
          leavesAt: now(),
        },
      ]);
      await takeOut(posting);
      expect((await store.catalogue.mailboxes.listFiles(parties.espBox.id, page)).files).toEqual([]);
      expect(await leaving()).toEqual([]);
    });

    test('in the order in which they are due, some at a time', async () => {
      const long = await parties.addMailbox('long', parties.esp, { onLineDays: 30 });
      const short = await parties.addMailbox('short', parties.esp, { onLineDays: 3 });
      await parties.post({ mailboxes: [long, parties.espBox, short] });
      store.clock.advance(30 * dayMs);
      expect(await leaving()).toEqual(['short', 'esp-one', 'long']);
      expect((await retention.listLeavingFiles(now(), 2)).map(({ mailbox }) => mailbox)).toEqual([
        'short',
        'esp-one',
      ]);
    });

    test('once: a second time changes nothing', async () => {
      const { posting } = await parties.post();
      store.clock.advance(5 * dayMs);
      await takeOut(posting);
      const name = getName(posting, parties.espBox);
      const archivedAt = now();
      store.clock.advance(dayMs);
      await retention.archiveMailboxFile(parties.espBox.id, name);
      expect(await store.catalogue.mailboxes.findFile(parties.espBox.id, name)).toMatchObject({ archivedAt });
    });
  });

  describe('bytes move to the archive', () => {
    test('after the file has left its directory; then they are found there', async () => {
      const { posting, file } = await parties.post();
      store.clock.advance(5 * dayMs);
      expect(await archivable()).toEqual([]);
      await takeOut(posting);
      expect(await archivable()).toEqual([file.key]);
      await move(file);
      expect(await archivable()).toEqual([]);
      const name = getName(posting, parties.espBox);
      expect(await store.catalogue.mailboxes.findFile(parties.espBox.id, name)).toMatchObject({
        root: 'archive',
      });
      expect(await store.catalogue.postings.getSource(posting.transaction)).toMatchObject({
        root: 'archive',
      });
    });

    test('of a file in two mailboxes with different days only after both have let it go', async () => {
      const long = await parties.addMailbox('long', parties.udc, { onLineDays: 30 });
      const { posting, file } = await parties.post({ mailboxes: [parties.espBox, long] });
      store.clock.advance(5 * dayMs);
      expect(await leaving()).toEqual(['esp-one']);
      await takeOut(posting);
      expect(await archivable()).toEqual([]);
      expect(await store.catalogue.mailboxes.findFile(long.id, getName(posting, long))).toMatchObject({
        root: 'on-line',
        archivedAt: null,
      });
      store.clock.advance(25 * dayMs);
      expect(await archivable()).toEqual([]);
      await takeOut(posting);
      expect(await archivable()).toEqual([file.key]);
      await move(file);
    });

    test('at once of a posting to no mailbox', async () => {
      const { file } = await parties.post({ mailboxes: [] });
      expect(await archivable()).toEqual([file.key]);
      await move(file);
    });

    test('not while a forwarding still needs them', async () => {
      await store.catalogue.resources.mapResource({ ...mapping, account: 'sc-one', way: 'omar' });
      const { file, posting } = await parties.post({ mailboxes: [], sets: [toReadingSet()] });
      expect(posting.forwardings).toHaveLength(1);
      store.clock.advance(100 * dayMs);
      expect(await archivable()).toEqual([]);
      const { forwardings } = store.catalogue;
      const claimed = await forwardings.claimForwarding('sc-one', 'omar', now() + 60_000);
      await forwardings.moveForwarding(claimed?.id ?? 0, {
        state: 'empty',
        reason: 'nothing is due',
        dueAt: null,
      });
      expect(await archivable()).toEqual([file.key]);
    });

    test('and the compressed copies go', async () => {
      const { posting, file } = await parties.post();
      const coded = await code(file);
      const name = getName(posting, parties.espBox);
      const find = () => store.catalogue.mailboxes.findFile(parties.espBox.id, name);
      expect((await find())?.codings).toEqual([coded]);
      expect(await retention.isKnownKey('on-line', coded.key)).toBe(true);
      store.clock.advance(5 * dayMs);
      await takeOut(posting);
      await move(file);
      expect((await find())?.codings).toEqual([]);
      expect(await retention.isKnownKey('on-line', coded.key)).toBe(false);
    });
  });

  describe('bytes are deleted', () => {
    test('36 months after posting, to the millisecond, and the row remembers the posting', async () => {
      const { posting, file } = await parties.post();
      const postedAt = now();
      store.clock.advance(5 * dayMs);
      await takeOut(posting);
      const id = await move(file);
      store.clock.set(addMonths(postedAt, 36) - 1);
      expect(await deletable()).toEqual([]);
      store.clock.advance(1);
      expect(await retention.listFilesToDelete(now(), 100)).toEqual([
        { id, key: file.key, root: 'archive', bytes: file.bytes, codings: [] },
      ]);
      await retention.recordFileDeleted(id);
      expect(await deletable()).toEqual([]);
      expect(await retention.isKnownKey('archive', file.key)).toBe(false);
      await store.files.remove('archive', file.key);
      expect(await store.catalogue.postings.findPosting(parties.staff, posting.transaction)).toEqual(posting);
    });

    test('not while a mailbox still shows them, however late the job comes', async () => {
      const forever = await parties.addMailbox('forever', parties.udc, { onLineDays: 2_000 });
      const { posting, file } = await parties.post({ mailboxes: [parties.espBox, forever] });
      store.clock.set(addMonths(now(), 40));
      expect(await deletable()).toEqual([]);
      await takeOut(posting);
      expect(await deletable()).toEqual([]);
      store.clock.advance(1_000 * dayMs);
      await takeOut(posting);
      expect(await deletable()).toEqual([file.key]);
    });

    test('not those of a part while its forwarding is under way', async () => {
      await store.catalogue.resources.mapResource({ ...mapping, account: 'sc-one', way: 'omar' });
      await parties.post({ mailboxes: [], sets: [toReadingSet()] });
      const part = { key: toFileKey(now(), '0'.repeat(32)), sha256: toSha256('part'), bytes: 4 };
      await writeFile(store.files, part.key, Buffer.from('part'));
      const { forwardings } = store.catalogue;
      const leaseUntilAt = addMonths(now(), 50);
      const id = (await forwardings.claimForwarding('sc-one', 'omar', leaseUntilAt))?.id ?? 0;
      const parts = [{ number: 1, file: part, extension: 'csv', records: 1 } as const];
      const move = { reason: '', dueAt: now() };
      await forwardings.recordParts(id, parts, {}, { ...move, state: 'prepared' });
      store.clock.set(addMonths(now(), 40));
      expect(await deletable()).toEqual([]);
      await forwardings.setHold(id, true, 'staff', 'late');
      await forwardings.closeForwarding(id, 'staff', 'sent by hand');
      expect(await deletable()).toContain(part.key);
    });

    test('oldest first, some at a time', async () => {
      const keys: string[] = [];
      for (let count = 0; count < 3; count += 1) {
        keys.push((await parties.post({ mailboxes: [] })).file.key);
        store.clock.advance(dayMs);
      }
      store.clock.set(addMonths(now(), 37));
      expect(await deletable()).toEqual(keys);
      expect((await retention.listFilesToDelete(now(), 2)).map(({ key }) => key)).toEqual(keys.slice(0, 2));
    });
  });

  describe('compressed copies', () => {
    test('are asked for of files in mailboxes, newest first, once each', async () => {
      const [first, second] = [(await parties.post()).file, (await parties.post()).file];
      await parties.post({ mailboxes: [] });
      const keys = async () => (await retention.listFilesToCode(10)).map(({ key }) => key);
      expect(await keys()).toEqual([second.key, first.key]);
      await code(second);
      expect(await keys()).toEqual([first.key]);
      const [last] = await retention.listFilesToCode(1);
      expect(await retention.recordCodings(last?.id ?? 0, [])).toBe(true);
      expect(await keys()).toEqual([]);
    });

    test('that come too late are not added: compressed by another, archived, deleted', async () => {
      const { posting, file } = await parties.post();
      const [found] = await retention.listFilesToCode(1);
      const id = found?.id ?? 0;
      await code(file);
      const late = {
        coding: 'zstd',
        key: parseFileKey(`${file.key}.zstd`),
        sha256: toSha256('z'),
        bytes: 1,
      } as const;
      expect(await retention.recordCodings(id, [late])).toBe(false);
      store.clock.advance(5 * dayMs);
      await takeOut(posting);
      await move(file);
      expect(await retention.recordCodings(id, [late])).toBe(false);
      expect(await retention.isKnownKey('on-line', late.key)).toBe(false);
    });
  });

  test('a key is known where its bytes belong, and an archive copy under way is', async () => {
    const { posting, file } = await parties.post();
    const known = async () => [
      await retention.isKnownKey('on-line', file.key),
      await retention.isKnownKey('archive', file.key),
    ];
    expect(await known()).toEqual([true, true]);
    store.clock.advance(5 * dayMs);
    await takeOut(posting);
    await move(file);
    expect(await known()).toEqual([false, true]);
    expect(await retention.isKnownKey('on-line', parseFileKey(`${file.key}.zstd`))).toBe(false);
  });

  test('lists every file with bytes for the check, page by page', async () => {
    const made: DurableFile[] = [];
    for (let count = 0; count < 5; count += 1) made.push((await parties.post()).file);
    const seen: DurableFile[] = [];
    for (let after = 0; ; ) {
      const page = await retention.listFiles(after, 2);
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.id;
      seen.push(...page.map(({ key, sha256, bytes }) => ({ key, sha256, bytes })));
    }
    expect(seen).toEqual(made);
  });
});
