import type { FileEntry, FileKey, FileStore, Root } from '../../storage/ports/file-store.ts';

/** Writes a file whole; on failure nothing of it is left. */
export async function writeFile(files: FileStore, key: FileKey, content: Uint8Array): Promise<void> {
  const writer = await files.create(key);
  try {
    await writer.write(content);
    await writer.finish();
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** Reads a file to its end, in reads that are larger than its store's own buffers. */
export async function readAll(files: FileStore, root: Root, key: FileKey): Promise<Buffer> {
  const file = await files.open(root, key);
  try {
    const chunks: Buffer[] = [];
    for (let position = 0; ; ) {
      const chunk = Buffer.alloc(700_001);
      const bytesRead = await file.read(chunk, position);
      chunks.push(chunk.subarray(0, bytesRead));
      position += bytesRead;
      if (bytesRead < chunk.length) return Buffer.concat(chunks);
    }
  } finally {
    await file.close();
  }
}

export async function listAll(files: FileStore, root: Root): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  for await (const entry of files.list(root)) entries.push(entry);
  return entries;
}
