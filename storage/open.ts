import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import type { StorageConfig } from './config.ts';
import { type Ballast, createBallast } from './disk/ballast.ts';
import { createFolders, listMissing } from './disk/create-folders.ts';
import { openDiskFileStore } from './disk/file-store.ts';
import { MdmaError } from './model/errors.ts';
import type { Catalogue } from './ports/catalogue.ts';
import type { Clock } from './ports/clock.ts';
import type { FileStore } from './ports/file-store.ts';
import type { Program } from './ports/instances.ts';
import { openSqliteCatalogue } from './sql/catalogue.ts';
import { createDatabase, migrate, toSchemaState } from './sql/migrate.ts';

/** The store, opened for one run of a program. */
export interface Store {
  readonly catalogue: Catalogue;
  readonly files: FileStore;
  readonly ballast: Ballast;
  /** 32 random hexadecimal digits, new at each call. */
  newId(): string;
  close(): Promise<void>;
}

const newId = () => randomBytes(16).toString('hex');

/**
 * Makes a store where there is none, and brings an older one to the schema of this program. Only `mdma init` (and what
 * stands for it) calls this: a program that merely starts never makes a store.
 *
 * @returns whether it was made new, and which migrations were applied to an older one
 */
export async function createStore(
  config: StorageConfig,
  clock: Clock,
): Promise<{ isNew: boolean; migrations: string[] }> {
  await createFolders([dirname(config.databaseFile), config.filesFolder, config.archiveFolder]);
  const [missing] = await listMissing([config.databaseFile]);
  if (missing === undefined) return { isNew: false, migrations: migrate(config.databaseFile) };
  createDatabase(config.databaseFile, newId(), clock.now());
  return { isNew: true, migrations: [] };
}

/**
 * Opens an existing store: the one place where a driver is chosen.
 *
 * @throws `unavailable` when it is missing or has another schema; the message names the command that mends it
 */
export async function openStore(
  config: StorageConfig,
  run: { program: Program; clock: Clock },
): Promise<Store> {
  const missing = await listMissing([config.databaseFile, config.filesFolder, config.archiveFolder]);
  if (missing.length > 0) {
    throw new MdmaError(
      'unavailable',
      `Cannot open the store: ${missing.join(', ')} is missing; if it should be new, run "mdma init"`,
    );
  }
  const state = toSchemaState(config.databaseFile);
  if (state !== 'current') {
    const mend =
      state === 'older' ? 'run "mdma init" to bring it up to date' : 'start the newer program it belongs to';
    throw new MdmaError(
      'unavailable',
      `Cannot open the store: ${config.databaseFile} has a schema ${state} than this program's; ${mend}`,
    );
  }
  const files = await openDiskFileStore({ 'on-line': config.filesFolder, archive: config.archiveFolder });
  const ballast = createBallast(`${config.databaseFile}-ballast`, config.ballastBytes);
  const catalogue = await openSqliteCatalogue(config.databaseFile, {
    ...run,
    instance: newId(),
    makeRoom: () => ballast.release(),
  });
  return { catalogue, files, ballast, newId, close: () => catalogue.close() };
}
