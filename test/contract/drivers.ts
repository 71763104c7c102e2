import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openDiskFileStore } from '../../storage/disk/file-store.ts';
import type { FileStore } from '../../storage/ports/file-store.ts';
import { createTestStore, type TestClock, type TestStore } from '../support/store.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

/** One kind of file store. `open` makes an empty one; its result opens that one again, as another process would. */
interface FileStoreDriver {
  readonly name: string;
  readonly open: () => () => Promise<FileStore>;
}

/** One kind of catalogue with a file store beside it; `open` makes an empty one. */
interface StoreDriver {
  readonly name: string;
  readonly open: (clock?: TestClock) => Promise<TestStore>;
}

/** A driver exists when it passes every suite of this folder. */
export const fileStoreDrivers: readonly FileStoreDriver[] = [
  {
    name: 'disk',
    open() {
      const folder = makeTemporaryFolder();
      const folders = { 'on-line': join(folder, 'files'), archive: join(folder, 'archive') };
      for (const each of Object.values(folders)) mkdirSync(each);
      return () => openDiskFileStore(folders);
    },
  },
];

export const storeDrivers: readonly StoreDriver[] = [{ name: 'SQLite and disk', open: createTestStore }];

export const newId = () => randomBytes(16).toString('hex');
