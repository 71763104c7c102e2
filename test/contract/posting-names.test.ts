import { beforeEach, describe, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../storage/model/time.ts';
import type { Mailbox } from '../../storage/ports/mailboxes.ts';
import { addParties, getName, type Parties } from '../support/parties.ts';
import type { TestStore } from '../support/store.ts';
import { storeDrivers } from './drivers.ts';

describe.each(storeDrivers)('names of posted files on $name (ruling 7)', ({ open }) => {
  let store: TestStore;
  let parties: Parties;

  beforeEach(async () => {
    store = await open();
    parties = await addParties(store);
    return () => store.expectSound();
  });

  const postTo = async (mailbox: Mailbox) => {
    const { posting } = await parties.post({ mailboxes: [mailbox] });
    return getName(posting, mailbox);
  };

  test('is the minute of posting on the clock of the mailbox’s zone', async () => {
    store.clock.set(Date.UTC(2026, 10, 20, 14, 30, 59, 999));
    const utc = await parties.addMailbox('utc', parties.esp, { zone: 'UTC' });
    expect(await postTo(parties.espBox)).toBe('202611200630.dat');
    expect(await postTo(utc)).toBe('202611201430.dat');
  });

  test('100 postings in one minute have 100 names, rising in the order of posting', async () => {
    const names: string[] = [];
    for (let count = 0; count < 100; count += 1) names.push(await postTo(parties.espBox));
    expect(new Set(names).size).toBe(100);
    expect([...names].sort()).toEqual(names);
    expect([names[0], names[99]]).toEqual(['202611200630.dat', '202611200809.dat']);
    store.clock.advance(50 * minuteMs);
    expect(await postTo(parties.espBox)).toBe('202611200810.dat');
    store.clock.advance(60 * minuteMs);
    expect(await postTo(parties.espBox)).toBe('202611200820.dat');
  });

  test('rise through the hour that comes twice in November', async () => {
    const names: string[] = [];
    for (let minutes = 0; minutes <= 180; minutes += 15) {
      store.clock.set(Date.UTC(2026, 10, 1, 7, 45) + minutes * minuteMs);
      names.push(await postTo(parties.espBox));
    }
    expect([...names].sort()).toEqual(names);
    expect(new Set(names).size).toBe(names.length);
    expect(names.slice(0, 6).concat(names.slice(-2))).toEqual([
      '202611010045.dat',
      '202611010100.dat',
      '202611010115.dat',
      '202611010130.dat',
      '202611010145.dat',
      '202611010146.dat',
      '202611010230.dat',
      '202611010245.dat',
    ]);
  });

  test('rise through the hour that is missing in March, whose labels are names nonetheless', async () => {
    store.clock.set(Date.UTC(2027, 2, 14, 9, 59));
    const names = [await postTo(parties.espBox), await postTo(parties.espBox)];
    store.clock.set(Date.UTC(2027, 2, 14, 10, 0));
    names.push(await postTo(parties.espBox));
    expect(names).toEqual(['202703140159.dat', '202703140200.dat', '202703140300.dat']);
  });

  test('rise although the clock was set back', async () => {
    const first = await postTo(parties.espBox);
    store.clock.advance(-3 * hourMs);
    expect([first, await postTo(parties.espBox)]).toEqual(['202611200630.dat', '202611200631.dat']);
  });

  test('a clock that ran ahead refuses to name further rather than poison the mailbox; others go on', async () => {
    store.clock.advance(2 * dayMs);
    await postTo(parties.espBox);
    store.clock.advance(-2 * dayMs);
    await expect(postTo(parties.espBox)).rejects.toMatchObject({ code: 'too-many-postings' });
    expect(await postTo(parties.udcBox)).toBe('202611200630.dat');
    store.clock.advance(dayMs + minuteMs);
    expect(await postTo(parties.espBox)).toBe('202611220631.dat');
  });

  test('each mailbox of one posting has its own name for it', async () => {
    await postTo(parties.espBox);
    const { posting } = await parties.post({ mailboxes: [parties.espBox, parties.udcBox] });
    expect(posting.files).toEqual([
      { mailbox: 'esp-one', name: '202611200631.dat' },
      { mailbox: 'udc-one', name: '202611200630.dat' },
    ]);
  });

  test('are not given again after the file was archived', async () => {
    const first = await postTo(parties.espBox);
    store.clock.advance(5 * dayMs);
    await store.catalogue.retention.archiveMailboxFile(parties.espBox.id, first);
    store.clock.advance(-5 * dayMs);
    expect(await postTo(parties.espBox)).toBe('202611200631.dat');
  });

  test('two processes that post at once share no name, and names rise with transactions', async () => {
    const elsewhere = await store.openAgain('server');
    const both = [parties.espBox, parties.udcBox];
    const done = await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        parties.post({
          by: at % 2 === 0 ? store : elsewhere,
          mailboxes: at % 3 === 0 ? both : [parties.espBox],
        }),
      ),
    );
    const postings = done.map(({ posting }) => posting).sort((a, b) => a.transaction - b.transaction);
    expect(new Set(postings.map(({ transaction }) => transaction)).size).toBe(60);
    for (const mailbox of both) {
      const names = postings.flatMap(({ files }) => files.filter((file) => file.mailbox === mailbox.name));
      const texts = names.map(({ name }) => name);
      expect([...new Set(texts)].sort()).toEqual(texts);
      const { files } = await store.catalogue.mailboxes.listFiles(mailbox.id, {
        after: undefined,
        limit: 100,
      });
      expect(files.map(({ name }) => name)).toEqual(texts);
    }
  });
});
