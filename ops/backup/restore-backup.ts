import { readdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import type { StorageConfig } from '../../storage/config.ts';
import { MdmaError, type ValueFault } from '../../storage/model/errors.ts';
import { unendedStates } from '../../storage/model/forwarding.ts';
import { type Instant, toIsoText } from '../../storage/model/time.ts';
import type { Transaction } from '../../storage/model/transaction.ts';
import { createStore, openStore, type Store } from '../../storage/open.ts';
import type { Clock } from '../../storage/ports/clock.ts';
import { retentionLease } from '../../storage/ports/retention.ts';
import { digestFile } from '../digest-file.ts';
import { copyDurably, makeFolder, syncPath } from './durable-copy.ts';
import { toFolders } from './make-backup.ts';
import {
  type BackedUpFile,
  type BackupEnd,
  type BackupHead,
  catalogueName,
  readManifest,
} from './manifest.ts';

export interface RestoreOptions {
  readonly folder: string;
  /** Where the store goes; nothing may be there yet. */
  readonly storage: StorageConfig;
  readonly clock: Clock;
  /** Who restores, for the record. */
  readonly by: string;
  readonly onProgress: (done: number, total: number) => void;
}

export interface Restored {
  readonly madeAt: Instant;
  readonly files: number;
  /** Files that were damaged when the backup was made, and are missing now. */
  readonly damaged: readonly BackedUpFile[];
  /** The last transaction number that is left out. */
  readonly skippedTo: Transaction;
  /** Forwardings that are on hold now, because the bridge may have sent them since. */
  readonly held: readonly number[];
}

/**
 * How many transaction numbers are left out after a restore. Names at the ISO carry the transaction; what was posted
 * and forwarded after the backup is unknown here, and its names must never come again. Far more than are posted
 * between two backups.
 */
export const skippedTransactions = 1_000_000;

/**
 * Puts a backup in place of a store that is lost: the whole backup is verified first; then files, then the catalogue
 * last, so that a restore that was cut short is not mistaken for a store. Nothing is overwritten.
 *
 * @throws `invalid-request` with every fault when the backup is not whole, `conflict` when something is in the way
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { storage, folder } = options;
  await refuseOccupied(storage);
  const { head, total } = await verify(folder, options.onProgress);
  const roots = toFolders(storage);
  for (const root of Object.values(roots)) await makeFolder(root);
  const damaged: BackedUpFile[] = [];
  const folders = new Set<string>(Object.values(roots));
  let done = 0;
  for await (const line of readManifest(folder)) {
    if (line.kind !== 'file') continue;
    if (line.damage !== undefined) damaged.push(line);
    else {
      const target = path.join(roots[line.root], line.key);
      await copyDurably(path.join(folder, line.root, line.key), target, false);
      folders.add(path.dirname(target));
    }
    options.onProgress(total + ++done, 2 * total);
  }
  for (const made of folders) await syncPath(made);
  const changed = await restoreCatalogue(options, head);
  return { madeAt: head.madeAt, files: done - damaged.length, damaged, ...changed };
}

async function refuseOccupied(storage: StorageConfig): Promise<void> {
  const occupied: string[] = [];
  for (const folder of Object.values(toFolders(storage))) {
    const names = await readdir(folder).catch(toAbsent);
    if (names !== undefined && names.length > 0) occupied.push(folder);
  }
  for (const file of [storage.databaseFile, toUnfinished(storage)]) {
    if ((await stat(file).catch(toAbsent)) !== undefined) occupied.push(file);
  }
  if (occupied.length === 0) return;
  const found = `${occupied.join(', ')} ${occupied.length === 1 ? 'is' : 'are'} in the way; a restore overwrites nothing`;
  throw new MdmaError('conflict', `Cannot restore: ${found}`);
}

function toAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** Compares every byte of the backup with its manifest, before anything is made of it. */
async function verify(
  folder: string,
  onProgress: RestoreOptions['onProgress'],
): Promise<{ head: BackupHead; total: number }> {
  const faults: ValueFault[] = [];
  let head: BackupHead | undefined;
  let total = 0;
  for await (const line of readManifest(folder)) if (line.kind === 'file') total += 1;
  let done = 0;
  for await (const line of readManifest(folder)) {
    if (line.kind === 'mdma-backup') head = line;
    else {
      const fault = await findFault(folder, line);
      if (fault !== undefined) faults.push(fault);
      if (line.kind === 'file') onProgress(++done, 2 * total);
    }
  }
  if (faults.length > 0) {
    throw new MdmaError('invalid-request', `Cannot restore ${folder}: it is not what its manifest says`, {
      faults,
    });
  }
  if (head === undefined)
    throw new Error(`The manifest of ${folder} was read to its end without a first line`);
  return { head, total };
}

async function findFault(folder: string, line: BackedUpFile | BackupEnd): Promise<ValueFault | undefined> {
  if (line.kind === 'file' && line.damage !== undefined) return undefined;
  const name = line.kind === 'file' ? path.join(line.root, line.key) : catalogueName;
  const { sha256 } = line.kind === 'file' ? line : line.catalogue;
  const found = await digestFile(path.join(folder, name)).catch(toAbsent);
  if (found?.sha256 === sha256) return undefined;
  return {
    at: name,
    value: found === undefined ? '(no file)' : `SHA-256 ${found.sha256}`,
    expected: `SHA-256 ${sha256}`,
  };
}

/** The catalogue gets its name only when it is safe to start programs on it. */
async function restoreCatalogue(
  { folder, storage, clock, by }: RestoreOptions,
  head: BackupHead,
): Promise<Pick<Restored, 'skippedTo' | 'held'>> {
  const unfinished = toUnfinished(storage);
  await copyDurably(path.join(folder, catalogueName), unfinished, false);
  const place = { ...storage, databaseFile: unfinished };
  // The backup may be of an older program.
  await createStore(place, clock);
  const store = await openStore(place, { program: 'ops', clock });
  let changed: Pick<Restored, 'skippedTo' | 'held'>;
  try {
    // The backup was made while it paused retention, and holds that pause.
    await store.catalogue.instances.breakLease(retentionLease);
    const reason = `restored from backup of ${toIsoText(head.madeAt)}: it may have been sent since`;
    const held = await holdUnended(store, by, reason);
    changed = { held, skippedTo: await store.catalogue.postings.skipTransactions(skippedTransactions) };
  } finally {
    await store.close();
  }
  await syncPath(unfinished);
  await rename(unfinished, storage.databaseFile);
  await syncPath(path.dirname(storage.databaseFile));
  return changed;
}

function toUnfinished(storage: StorageConfig): string {
  return `${storage.databaseFile}.restoring`;
}

/**
 * Whatever the bridge would go on with by itself; what is followed too, since an upload that failed at the ISO is sent
 * again. What was on hold before gets its event as well: whoever releases it must know.
 */
async function holdUnended({ catalogue }: Store, by: string, reason: string): Promise<number[]> {
  const held: number[] = [];
  for (const state of unendedStates) {
    for (let before: number | undefined; ; ) {
      const page = await catalogue.forwardings.listForwardings({
        state,
        transaction: undefined,
        before,
        limit: 100,
      });
      for (const { id } of page.forwardings) {
        await catalogue.forwardings.setHold(id, true, by, reason);
        held.push(id);
      }
      before = page.forwardings.at(-1)?.id;
      if (!page.hasMore) break;
    }
  }
  return held.sort((a, b) => a - b);
}
