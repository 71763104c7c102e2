import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { MdmaError } from '../../storage/model/errors.ts';
import { parseSha256 } from '../../storage/model/sha256.ts';
import { parseFileKey } from '../../storage/ports/file-store.ts';

const digestSchema = z.string().transform((text) => parseSha256(text));

const headSchema = z.strictObject({
  kind: z.literal('mdma-backup'),
  version: z.literal(1),
  madeAt: z.int(),
});

const fileSchema = z.strictObject({
  kind: z.literal('file'),
  root: z.enum(['on-line', 'archive']),
  key: z.string().transform(parseFileKey),
  bytes: z.int(),
  sha256: digestSchema,
  damage: z.string().optional(),
});

const endSchema = z.strictObject({
  kind: z.literal('end'),
  catalogue: z.strictObject({ bytes: z.int(), sha256: digestSchema }),
  sha256: digestSchema,
});

const lineSchema = z.discriminatedUnion('kind', [headSchema, fileSchema, endSchema]);

/** First line: what this is. */
export type BackupHead = z.infer<typeof headSchema>;
/** A line for every file of the catalogue; `damage` says why one could not be backed up. */
export type BackedUpFile = z.infer<typeof fileSchema>;
/** Last line: the copy of the catalogue, and the SHA-256 of all lines before; with it the manifest is whole. */
export type BackupEnd = z.infer<typeof endSchema>;

export const manifestName = 'manifest.jsonl';
/** Its name until it is whole: a backup without a manifest is none. */
export const unfinishedName = `${manifestName}.unfinished`;
export const catalogueName = 'catalogue.sqlite';

/** Writes a manifest line by line; it comes last, so that its presence says that everything else is there. */
export class ManifestWriter {
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Begins the manifest of a backup folder under the name it keeps only once it is whole. */
  static async create(folder: string): Promise<ManifestWriter> {
    return new ManifestWriter(await open(path.join(folder, unfinishedName), 'wx', 0o600));
  }

  async add(line: BackupHead | BackedUpFile): Promise<void> {
    const text = `${JSON.stringify(line)}\n`;
    this.#hash.update(text);
    await this.#file.writeFile(text);
  }

  /** Writes the last line and makes the manifest durable; the caller gives it its name. */
  async end(catalogue: BackupEnd['catalogue']): Promise<void> {
    const end: BackupEnd = { kind: 'end', catalogue, sha256: parseSha256(this.#hash.digest('hex')) };
    await this.#file.writeFile(`${JSON.stringify(end)}\n`);
    await this.#file.sync();
    await this.#file.close();
  }

  /** Leaves the manifest unfinished, after a failure. */
  close(): Promise<void> {
    return this.#file.close();
  }
}

/**
 * The manifest of a backup, line by line; only when the iteration ends without an error is it known to be whole.
 *
 * @throws `invalid-request` when the folder holds no backup, or one whose manifest is cut or changed
 */
export async function* readManifest(folder: string): AsyncGenerator<BackupHead | BackedUpFile | BackupEnd> {
  const file = path.join(folder, manifestName);
  const refuse = (found: string, cause?: unknown) =>
    new MdmaError('invalid-request', `Cannot use backup ${folder}: ${found}`, { cause });
  const handle = await open(file).catch((cause) => {
    throw refuse(`${manifestName} cannot be opened, so this is no finished backup`, cause);
  });
  const hash = createHash('sha256');
  let number = 0;
  let end: BackupEnd | undefined;
  for await (const text of handle.readLines()) {
    number += 1;
    const line = parseLine(text);
    if (line === undefined || end !== undefined || (number === 1) !== (line.kind === 'mdma-backup')) {
      throw refuse(`line ${number} of ${manifestName} does not belong there`);
    }
    if (line.kind === 'end') end = line;
    else hash.update(`${text}\n`);
    yield line;
  }
  if (end === undefined) throw refuse(`${manifestName} is cut short`);
  if (end.sha256 !== hash.digest('hex')) throw refuse(`${manifestName} was changed`);
}

function parseLine(text: string): z.infer<typeof lineSchema> | undefined {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
