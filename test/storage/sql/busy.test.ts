import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { parseParticipantName } from '../../../storage/model/mailbox.ts';
import { startProcess } from '../../support/process.ts';
import { createTestStore, type TestStore } from '../../support/store.ts';

const holder = fileURLToPath(new URL('../../support/hold-lock.ts', import.meta.url));

let store: TestStore;

beforeEach(async () => {
  store = await createTestStore();
});

/** Another process takes the lock; resolves when it has it. */
async function hold(begin: string, ms?: number) {
  const args = ms === undefined ? [] : [String(ms)];
  const started = startProcess([holder, store.config.databaseFile, begin, ...args]);
  await started.waitForLine((line) => line === 'held');
  return started;
}

const add = (name: string) =>
  store.catalogue.participants.addParticipant({ name: parseParticipantName(name), title: '', role: 'staff' });
const find = (name: string) => store.catalogue.participants.findParticipant(parseParticipantName(name));

describe('while another process writes', () => {
  test('a write waits and is done when the other ends; reads and timers of this process go on meanwhile', async () => {
    await add('before');
    const other = await hold('BEGIN IMMEDIATE');
    let isDone = false;
    const write = add('waited').then(() => {
      isDone = true;
    });
    for (let turns = 0; turns < 50; turns += 1) {
      expect(await find('before')).toBeDefined();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(isDone).toBe(false);
    expect(await find('waited')).toBeUndefined();
    await other.kill('SIGKILL');
    await write;
    expect(await find('waited')).toBeDefined();
    await store.expectSound();
  });

  test('after ten seconds it is unavailable, says when to come again, and nothing of it is kept', async () => {
    const other = await hold('BEGIN IMMEDIATE');
    const ends = await Promise.allSettled([add('one'), add('two')]);
    for (const end of ends) {
      expect(end).toMatchObject({
        status: 'rejected',
        reason: { code: 'unavailable', retryAfterSeconds: 5 },
      });
    }
    await other.kill('SIGKILL');
    expect(await find('one')).toBeUndefined();
    await add('one');
    await store.expectSound();
  });

  test('a store can be opened although another holds it for a while, as one that recovers its journal does', async () => {
    await store.close();
    const other = await hold('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE', 400);
    const again = await store.openAgain('server');
    expect(await again.catalogue.participants.listParticipants()).toEqual([]);
    await other.exited;
  });
});
