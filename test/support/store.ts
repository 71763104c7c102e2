import { join } from 'node:path';
import { expect } from 'vitest';
import { check } from '../../storage/check.ts';
import type { StorageConfig } from '../../storage/config.ts';
import type { Instant } from '../../storage/model/time.ts';
import { createStore, openStore, type Store } from '../../storage/open.ts';
import type { Clock } from '../../storage/ports/clock.ts';
import type { Program } from '../../storage/ports/instances.ts';
import { atEnd } from './cleanup.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

/** A clock that stands still until it is moved. */
export interface TestClock extends Clock {
  /** Sets it, or moves it on. */
  set(at: Instant): void;
  advance(ms: number): void;
}

export function createTestClock(start = Date.UTC(2026, 10, 20, 14, 30)): TestClock {
  let now = start;
  return {
    now: () => now,
    set(at) {
      now = at;
    },
    advance(ms) {
      now += ms;
    },
  };
}

export interface TestStore extends Store {
  readonly clock: TestClock;
  readonly config: StorageConfig;
  /** Opens the same store once more, as another process would. Closed after the test file. */
  openAgain(program: Program): Promise<Store>;
  /** Fails the test when the store contradicts an invariant. Only while nothing is being written. */
  expectSound(): Promise<void>;
}

export function toStorageConfig(folder: string): StorageConfig {
  return {
    databaseFile: join(folder, 'catalogue.sqlite'),
    filesFolder: join(folder, 'files'),
    archiveFolder: join(folder, 'archive'),
    ballastBytes: 1 << 20,
  };
}

/** A new store on a real disk, with a clock of the test's own; closed and removed after the test file. */
export async function createTestStore(clock = createTestClock()): Promise<TestStore> {
  const config = toStorageConfig(makeTemporaryFolder());
  await createStore(config, clock);
  const opened = new Set<Store>();
  atEnd(async () => {
    for (const each of opened) await each.close();
  });
  const openAgain = async (program: Program): Promise<Store> => {
    const store = await openStore(config, { program, clock });
    const close = () => {
      opened.delete(store);
      return store.close();
    };
    opened.add(store);
    return { ...store, close };
  };
  const store = await openAgain('server');
  return {
    ...store,
    clock,
    config,
    openAgain,
    async expectSound() {
      // Left-over bytes are judged by the disk's clock, which the test's clock knows nothing of.
      const findings = await check(
        { ...store, clock: { now: () => Number.MAX_SAFE_INTEGER } },
        { graceMs: 0, isQuick: false },
      );
      expect(findings).toEqual([]);
    },
  };
}
