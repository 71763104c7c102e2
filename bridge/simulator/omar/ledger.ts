import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { MdmaError } from '../../../storage/model/errors.ts';
import type { OmarStatus } from '../../omar/outcomes.ts';
import type { Validation } from './validation.ts';

/** How long a file stays in each status that is not final. */
export interface OmarDelays {
  readonly uploadingMs: number;
  readonly uploadCompleteMs: number;
  readonly runningValidationMs: number;
}

const fileSchema = z.strictObject({
  fileId: z.int(),
  /** Subject of the certificate that sent it: nobody else sees it. */
  owner: z.string(),
  name: z.string(),
  format: z.enum(['CSV', 'MDEF']),
  bytes: z.int(),
  sha256: z.string(),
  receivedAt: z.number(),
  records: z.int(),
  ends: z.enum(['Upload Error', 'Validation Error', 'Validation Passed', 'Validation Failed']),
  /** How much longer its validation takes than that of others. */
  validationMs: z.int().default(0),
  errors: z.array(z.strictObject({ words: z.string(), occurrences: z.int() })),
});
const stateSchema = z.strictObject({ nextFileId: z.int(), files: z.array(fileSchema) });

export type HeldFile = z.output<typeof fileSchema>;

interface NewFile extends Pick<HeldFile, 'owner' | 'name' | 'format' | 'receivedAt' | 'validationMs'> {
  readonly content: Buffer;
  readonly validation: Validation;
  /** Where it shall end, whatever its content. */
  readonly failure: 'Upload Error' | 'Validation Error' | undefined;
}

export interface Ledger {
  /** Takes a file in; durable when it returns, if there is a state file. */
  add(file: NewFile): HeldFile;
  /** In the order of receipt. */
  all(): readonly HeldFile[];
  /**
   * The bytes of a file that was taken in.
   *
   * @throws when they were not kept: by a run without a shape of downloads
   */
  contentOf(file: HeldFile): Buffer;
}

const firstFileId = 528_527;

/**
 * The files the simulator holds, in memory and, with `stateFile`, on disk, so that ids never start again.
 *
 * @param keepsContent whether what files hold is kept, too: beside the state file, in a folder of its own
 * @throws `invalid-request` when the state file is there and is not one
 */
export function openLedger(stateFile: string | undefined, keepsContent: boolean): Ledger {
  const contents = new Map<number, Buffer>();
  const contentFolder = `${stateFile}.content`;
  const state =
    stateFile !== undefined && existsSync(stateFile)
      ? readState(stateFile)
      : { nextFileId: firstFileId, files: [] };
  return {
    add({ content, validation, failure, ...rest }) {
      const file: HeldFile = {
        ...rest,
        fileId: state.nextFileId,
        bytes: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
        records: validation.records,
        ends: failure ?? (validation.errors.length === 0 ? 'Validation Passed' : 'Validation Failed'),
        errors: [...validation.errors],
      };
      if (keepsContent && stateFile === undefined) contents.set(file.fileId, content);
      else if (keepsContent) {
        mkdirSync(contentFolder, { recursive: true });
        writeFileSync(path.join(contentFolder, String(file.fileId)), content, { flush: true });
      }
      const next = { nextFileId: state.nextFileId + 1, files: [...state.files, file] };
      if (stateFile !== undefined) writeState(stateFile, next);
      Object.assign(state, next);
      return file;
    },
    all: () => state.files,
    contentOf: ({ fileId }) => contents.get(fileId) ?? readFileSync(path.join(contentFolder, String(fileId))),
  };
}

/** Where the file stands now: a pure function of its age, so that nothing is lost when the simulator stops. */
export function toStatus(file: HeldFile, now: number, delays: OmarDelays): OmarStatus {
  const ageMs = now - file.receivedAt;
  if (ageMs < delays.uploadingMs) return 'Uploading File';
  if (file.ends === 'Upload Error') return 'Upload Error';
  if (ageMs < delays.uploadingMs + delays.uploadCompleteMs) return 'Upload Complete';
  const validatedMs =
    delays.uploadingMs + delays.uploadCompleteMs + delays.runningValidationMs + file.validationMs;
  return ageMs < validatedMs ? 'Running Validation' : file.ends;
}

function readState(stateFile: string): z.output<typeof stateSchema> {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(stateFile, 'utf8')));
  } catch (cause) {
    throw new MdmaError(
      'invalid-request',
      `Cannot start the simulator: ${stateFile} is no state of it; move it away to begin anew`,
      { cause },
    );
  }
}

function writeState(stateFile: string, state: z.output<typeof stateSchema>): void {
  const temporary = `${stateFile}.new`;
  writeFileSync(temporary, JSON.stringify(state), { flush: true });
  renameSync(temporary, stateFile);
  const folder = openSync(path.dirname(stateFile), 'r');
  fsyncSync(folder);
  closeSync(folder);
}
