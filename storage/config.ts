import path from 'node:path';
import { z } from 'zod';

/** A place on this machine. Absolute, so that it means the same whoever starts the program, and from wherever. */
export const absolutePathSchema = z.string().refine((text) => path.isAbsolute(text), 'an absolute path');

/**
 * `storage:` in the configuration, the same for both programs. No place has a default: a wrong one must not become
 * an empty, healthy-looking store.
 */
export const storageConfigSchema = z
  .strictObject({
    /** The catalogue: one SQLite file. It must lie on a local disk; SQLite's journal does not work over a network. */
    databaseFile: absolutePathSchema,
    /** Folder of the files that mailboxes show. */
    filesFolder: absolutePathSchema,
    /** Folder of the files that were archived, apart from `filesFolder`; may lie on another, slower disk. */
    archiveFolder: absolutePathSchema,
    /**
     * Size of a file kept beside the catalogue for nothing but to be given up when the disk is full, so that retrievals
     * can still be recorded while posts are refused.
     */
    ballastBytes: z
      .int()
      .min(0)
      .default(64 * 1024 * 1024),
  })
  .refine(
    ({ filesFolder, archiveFolder }) =>
      !isIn(filesFolder, archiveFolder) && !isIn(archiveFolder, filesFolder),
    {
      path: ['archiveFolder'],
      error: 'a folder apart from storage.filesFolder: not the same, not in it, not around it',
    },
  );

/** Whether a folder is the other or lies in it, by its spelling; links are seen when the store is opened. */
function isIn(folder: string, other: string): boolean {
  const [first] = path.relative(other, folder).split(path.sep);
  return first !== '..';
}

export type StorageConfig = z.infer<typeof storageConfigSchema>;
