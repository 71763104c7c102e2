import Database from 'better-sqlite3';
import { expect, vi } from 'vitest';
import type { BridgeWorld } from './bridge-world.ts';

/** What the ISO asked to wait is on record: more than 25 of the 30 or 120 seconds. */
export async function expectToWait({ listForwardings }: BridgeWorld, words: RegExp): Promise<void> {
  await vi.waitFor(
    async () => {
      const waiting = (await listForwardings()).filter(
        ({ reason, dueAt }) => words.test(reason) && (dueAt ?? 0) > Date.now() + 25_000,
      );
      expect(waiting).toHaveLength(1);
    },
    { timeout: 60_000, interval: 40 },
  );
}

/** The time has come, as far as the store tells. */
export async function hurry({ store, storage, listForwardings }: BridgeWorld): Promise<void> {
  const { forwardings } = store.catalogue;
  const database = new Database(storage.databaseFile);
  database.prepare('UPDATE user_pace SET next_at = ?').run(Date.now());
  database.prepare('DELETE FROM account_pause').run();
  database.close();
  for (const { id, dueAt } of await listForwardings()) {
    if (dueAt !== null) await forwardings.retryForwarding(id, Date.now(), 'staff', 'the time has come');
  }
}
