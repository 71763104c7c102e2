import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import type { StorageConfig } from '../../storage/config.ts';
import { MdmaError } from '../../storage/model/errors.ts';
import { minuteMs } from '../../storage/model/time.ts';
import { openStore, type Store } from '../../storage/open.ts';
import type { Clock } from '../../storage/ports/clock.ts';
import type { Root } from '../../storage/ports/file-store.ts';
import { retentionLease } from '../../storage/ports/retention.ts';
import { digestFile } from '../digest-file.ts';
import { copyDurably, syncPath } from './durable-copy.ts';
import {
  type BackedUpFile,
  catalogueName,
  ManifestWriter,
  manifestName,
  unfinishedName,
} from './manifest.ts';

export interface BackupOptions {
  readonly storage: StorageConfig;
  /** Must not exist. */
  readonly folder: string;
  readonly clock: Clock;
  readonly onProgress: (done: number, total: number) => void;
}

export interface Backup {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  /** Files whose bytes are not what the catalogue says; a restore leaves them out. */
  readonly damaged: readonly BackedUpFile[];
}

const leaseMs = 10 * minuteMs;
const pageSize = 500;

/**
 * Backs a store up while it is in use (ruling 23): retention is paused, the catalogue is copied first and the files
 * it names after it, so that every row of the copy has its bytes. Stored files never change, so on one file system
 * they are hard-linked. Every file's digest is compared with the catalogue; the manifest is written last.
 *
 * @throws `conflict` when the folder exists, `unavailable` while retention runs
 */
export async function makeBackup(store: Store, options: BackupOptions): Promise<Backup> {
  const { folder, clock } = options;
  await mkdir(path.dirname(folder), { recursive: true });
  await mkdir(folder, { mode: 0o700 }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
    const found = 'it exists; each backup has a folder of its own';
    throw new MdmaError('conflict', `Cannot back up to ${folder}: ${found}`);
  });
  await pauseRetention(store, clock);
  try {
    const catalogueFile = path.join(folder, catalogueName);
    await store.catalogue.backup(catalogueFile);
    const copy = await openStore(
      { ...options.storage, databaseFile: catalogueFile },
      { program: 'ops', clock },
    );
    const manifest = await ManifestWriter.create(folder);
    let result: Backup;
    try {
      result = await backUpFiles(store, copy, manifest, options);
    } catch (error) {
      await manifest.close();
      throw error;
    } finally {
      await copy.close();
    }
    await syncPath(catalogueFile);
    await manifest.end(await digestFile(catalogueFile));
    await rename(path.join(folder, unfinishedName), path.join(folder, manifestName));
    await syncPath(folder);
    await syncPath(path.dirname(folder));
    return result;
  } finally {
    await store.catalogue.instances.releaseLease(retentionLease);
  }
}

async function pauseRetention({ catalogue }: Store, clock: Clock): Promise<void> {
  if (await catalogue.instances.takeLease(retentionLease, clock.now() + leaseMs)) return;
  const found = 'retention is at work on the files; try again when it has ended';
  throw new MdmaError('unavailable', `Cannot back up: ${found}`);
}

/** Every file that the copy of the catalogue names, no more and no less, into the folder and the manifest. */
async function backUpFiles(
  store: Store,
  copy: Store,
  manifest: ManifestWriter,
  options: BackupOptions,
): Promise<Backup> {
  const { folder, clock, onProgress } = options;
  const folders = new Set<string>();
  const damaged: BackedUpFile[] = [];
  const total = await count(listEntries(copy));
  let [files, bytes] = [0, 0];
  let renewAt = clock.now() + leaseMs / 2;
  await manifest.add({ kind: 'mdma-backup', version: 1, madeAt: clock.now() });
  for await (const entry of listEntries(copy)) {
    if (clock.now() >= renewAt) {
      await pauseRetention(store, clock);
      renewAt = clock.now() + leaseMs / 2;
    }
    const target = path.join(folder, entry.root, entry.key);
    const damage = await findDamage(
      path.join(toFolders(options.storage)[entry.root], entry.key),
      target,
      entry,
    );
    await manifest.add(damage === undefined ? entry : { ...entry, damage });
    if (damage !== undefined) damaged.push({ ...entry, damage });
    bytes += damage === undefined ? entry.bytes : 0;
    folders.add(path.dirname(target));
    onProgress(++files, total);
  }
  for (const made of folders) await syncPath(made);
  return { folder, files: files - damaged.length, bytes, damaged };
}

async function* listEntries(copy: Store): AsyncGenerator<BackedUpFile> {
  for (let after = 0; ; ) {
    const rows = await copy.catalogue.retention.listFiles(after, pageSize);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    for (const { root, codings, ...row } of rows) {
      for (const { key, bytes, sha256 } of [row, ...codings])
        yield { kind: 'file', root, key, bytes, sha256 };
    }
  }
}

async function count(entries: AsyncIterable<unknown>): Promise<number> {
  let total = 0;
  for await (const _ of entries) total += 1;
  return total;
}

/** Where the disk store keeps its roots. */
export function toFolders(storage: StorageConfig): Readonly<Record<Root, string>> {
  return { 'on-line': storage.filesFolder, archive: storage.archiveFolder };
}

/** Copies one file; says what is wrong with its bytes when they are not what the catalogue says. */
async function findDamage(source: string, target: string, entry: BackedUpFile): Promise<string | undefined> {
  try {
    await copyDurably(source, target, true);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return 'it is missing';
    if (code === 'EIO') return 'it cannot be read';
    throw error;
  }
  const found = await digestFile(target);
  if (found.sha256 === entry.sha256) return undefined;
  return `its ${found.bytes} bytes have the digest ${found.sha256}`;
}
