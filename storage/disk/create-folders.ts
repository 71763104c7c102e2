import { mkdir, stat } from 'node:fs/promises';

/** Makes the folders of a store, readable by its user and group only. Folders that exist are left as they are. */
export async function createFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o750 });
}

/** Of these paths, those where there is nothing. */
export async function listMissing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return paths.filter((_path, at) => !found[at]);
}
