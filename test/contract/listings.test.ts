import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FileName } from '../../storage/model/file-name.ts';
import { dayMs, minuteMs } from '../../storage/model/time.ts';
import type { FilePage, MailboxFile } from '../../storage/ports/mailboxes.ts';
import { addParties, getName, type Parties } from '../support/parties.ts';
import type { TestStore } from '../support/store.ts';
import { storeDrivers } from './drivers.ts';

describe.each(storeDrivers)('listings on $name', ({ open }) => {
  let store: TestStore;
  let parties: Parties;

  beforeEach(async () => {
    store = await open();
    parties = await addParties(store);
    return () => store.expectSound();
  });

  const post = async () => getName((await parties.post()).posting, parties.espBox);
  const archive = (name: FileName) => store.catalogue.retention.archiveMailboxFile(parties.espBox.id, name);
  const list = (after?: FileName, limit = 100): Promise<FilePage> =>
    store.catalogue.mailboxes.listFiles(parties.espBox.id, { after, limit });
  const names = (files: readonly MailboxFile[]) => files.map(({ name }) => name);

  describe('the directory', () => {
    test('shows a file as it was posted', async () => {
      const { posting, file } = await parties.post();
      expect(await list()).toEqual({
        files: [
          {
            name: getName(posting, parties.espBox),
            transaction: posting.transaction,
            bytes: file.bytes,
            sha256: file.sha256,
            records: 1,
            postedAt: posting.postedAt,
            changedAt: posting.postedAt,
            corrects: null,
            reasonCode: null,
            leavesAt: posting.postedAt + 5 * dayMs,
            archivedAt: null,
            firstRetrievedAt: null,
            acknowledgedAt: null,
          },
        ],
        hasMore: false,
      });
    });

    test('is empty, or another’s, without a trace', async () => {
      expect(await list()).toEqual({ files: [], hasMore: false });
      await parties.post({ mailboxes: [parties.udcBox] });
      expect(await list()).toEqual({ files: [], hasMore: false });
    });

    test('gives what came after a name, in rising order, whether the name is there or not', async () => {
      const all = [await post(), await post(), await post()];
      expect(names((await list(all[0])).files)).toEqual(all.slice(1));
      expect(names((await list(all[2])).files)).toEqual([]);
      expect(names((await list('199901010000.dat' as FileName)).files)).toEqual(all);
    });

    test('comes in pages that together are the whole, and says when there is no more', async () => {
      const all: FileName[] = [];
      for (let count = 0; count < 7; count += 1) all.push(await post());
      const seen: FileName[] = [];
      for (let page = await list(undefined, 3); ; page = await list(seen.at(-1), 3)) {
        seen.push(...names(page.files));
        if (!page.hasMore) break;
        expect(page.files).toHaveLength(3);
      }
      expect(seen).toEqual(all);
      expect((await list(undefined, 7)).hasMore).toBe(false);
      expect((await list(undefined, 6)).hasMore).toBe(true);
    });

    test('does not show what was archived', async () => {
      const [first, second] = [await post(), await post()];
      store.clock.advance(5 * dayMs);
      await archive(first);
      expect(names((await list()).files)).toEqual([second]);
      expect(await store.catalogue.mailboxes.findFile(parties.espBox.id, first)).toMatchObject({
        archivedAt: store.clock.now(),
      });
    });
  });

  describe('changes', () => {
    const changes = (since: number, last?: MailboxFile, limit = 100) => {
      const after = last && { changedAt: last.changedAt, name: last.name };
      return store.catalogue.mailboxes.listChangedFiles(parties.espBox.id, { since, after, limit });
    };

    test('are what was posted or archived at the instant or later, archived files included', async () => {
      const [first, second] = [await post(), await post()];
      store.clock.advance(5 * dayMs);
      const since = store.clock.now();
      expect((await changes(since)).files).toEqual([]);
      await archive(first);
      const third = await post();
      const { files } = await changes(since);
      expect(names(files)).toEqual([first, third]);
      expect(files.map(({ archivedAt }) => archivedAt !== null)).toEqual([true, false]);
      expect(names((await changes(0)).files).sort()).toEqual([first, second, third]);
      expect(names((await changes(files[0]?.changedAt ?? 0)).files)).toEqual([first, third]);
    });

    test('come in pages that together are the whole', async () => {
      const all: FileName[] = [];
      for (let count = 0; count < 7; count += 1) all.push(await post());
      const seen: MailboxFile[] = [];
      for (let page = await changes(0, undefined, 3); ; page = await changes(0, seen.at(-1), 3)) {
        seen.push(...page.files);
        if (!page.hasMore) break;
      }
      expect(names(seen)).toEqual(all);
    });

    /** A client that asks again and again with the cursor of the last file it was told of. */
    function follow() {
      let last: MailboxFile | undefined;
      const told: string[] = [];
      return {
        told,
        async ask() {
          for (let hasMore = true; hasMore; ) {
            const page = await changes(0, last, 2);
            told.push(
              ...page.files.map(({ name, archivedAt }) => `${name}${archivedAt === null ? '' : ' left'}`),
            );
            last = page.files.at(-1) ?? last;
            hasMore = page.hasMore;
          }
        },
      };
    }

    test('are told once each, although they fall into one millisecond', async () => {
      const client = follow();
      const all: FileName[] = [];
      for (let count = 0; count < 3; count += 1) {
        all.push(await post(), await post());
        await client.ask();
      }
      expect(client.told).toEqual(all);
      store.clock.advance(5 * dayMs);
      for (const name of [...all].reverse()) {
        await archive(name);
        await client.ask();
      }
      expect(client.told.slice(all.length)).toEqual([...all].reverse().map((name) => `${name} left`));
    });

    test('are told although the clock was set back', async () => {
      const client = follow();
      const first = await post();
      await client.ask();
      store.clock.advance(-10 * minuteMs);
      const second = await post();
      await client.ask();
      expect(client.told).toEqual([first, second]);
    });

    test('are told once each while two processes post and a third archives', async () => {
      const old = [await post(), await post(), await post()];
      store.clock.advance(5 * dayMs);
      const [other, third] = [await store.openAgain('server'), await store.openAgain('server')];
      const client = follow();
      let isOver = false;
      const asking = (async () => {
        // Reads answer within the turn: without a turn of the others nothing would ever be posted.
        for (; !isOver; await turn()) await client.ask();
      })();
      const posted = await Promise.all(
        Array.from({ length: 40 }, (_, at) => parties.post({ by: at % 2 === 0 ? store : other })),
      );
      for (const name of old) await third.catalogue.retention.archiveMailboxFile(parties.espBox.id, name);
      isOver = true;
      await asking;
      await client.ask();
      const ofPosts = posted.map(({ posting }) => getName(posting, parties.espBox));
      const told = client.told.filter((text) => !old.includes(text as FileName));
      expect([...told].sort()).toEqual([...ofPosts, ...old.map((name) => `${name} left`)].sort());
    });
  });
});
