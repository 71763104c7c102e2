import { createHash } from 'node:crypto';
import type { ProfileProposal } from './formats/cmep/propose-profile.ts';
import { confirmFormat, detectFormat, headBytes } from './formats/detect.ts';
import type { Fault, FormatName, ReadingSet, Scanner, ScanOptions, ScanResult } from './formats/format.ts';
import { createScanner } from './formats/scanners.ts';
import { MdmaError } from './model/errors.ts';
import type { Sha256 } from './model/sha256.ts';
import type { Instant } from './model/time.ts';
import type { Postings } from './ports/postings.ts';

/** Reading sets kept in memory before a source is opened for them; a 200 KB file has about 150. */
const maxSetsInMemory = 2_000;

export interface IntakeOptions {
  /** Where very many reading sets are handed over on the way. */
  readonly postings: Pick<Postings, 'openSource' | 'addReadingSets' | 'dropSource'>;
  /** Undefined when the content decides. */
  readonly format: FormatName | undefined;
  /** Name the file came with; empty when none. */
  readonly originalName: string;
  /** The dialect in which a file of the format is read; an `MdmaError` of it refuses the file. */
  readonly toProfile: (format: FormatName) => string;
  /** Gets each reading set as it is read. */
  readonly onReadingSet: (set: ReadingSet) => void;
  /** How strictly it is checked beyond syntax. */
  readonly checks: Pick<ScanOptions, 'levels' | 'receivers'>;
  readonly now: Instant;
}

/** What a whole body was turned into. `sourceId` is an open source with all reading sets, else they are in `sets`. */
export interface Taken {
  readonly sha256: Sha256;
  /** What was found in it; or, where it was read as nothing, why not. */
  readonly found: ScanResult | MdmaError;
  readonly sourceId: number | undefined;
  readonly sets: readonly ReadingSet[];
  /** A dialect that the file's beginning fits, to be named to the poster of a refused file. */
  readonly proposal: ProfileProposal | undefined;
}

/** Everything about a body that is not its bytes: digest, format, scanner, reading sets. */
export interface Intake {
  /** Gives false once the file cannot be read as any format: then only its digest matters, for the record. */
  take(chunk: Uint8Array): Promise<boolean>;
  /** Ends the body. Call once. */
  end(): Promise<Taken>;
  /** Takes back what was handed over and is in no posting. Safe to call at any time, and twice. */
  drop(): Promise<void>;
}

export function createIntake({
  postings,
  toProfile,
  onReadingSet,
  checks,
  now,
  ...wish
}: IntakeOptions): Intake {
  const hash = createHash('sha256');
  let head: Uint8Array[] = [];
  let headSize = 0;
  let scanner: Scanner | MdmaError | undefined;
  let sets: ReadingSet[] = [];
  let stored = 0;
  let sourceId: number | undefined;
  let proposal: ProfileProposal | undefined;

  /** Begins to scan, once there is enough of the file to tell its format. */
  function start(): Scanner | MdmaError {
    const start = Buffer.concat(head);
    head = [];
    const detected = findFormat(start, wish);
    if (detected instanceof MdmaError) return detected;
    const { format } = detected;
    proposal = detected.profile;
    try {
      const created = createScanner(format, {
        ...checks,
        profile: toProfile(format),
        now,
        onReadingSet(set) {
          onReadingSet(set);
          sets.push(set);
        },
      });
      created.push(start);
      return created;
    } catch (error) {
      if (error instanceof MdmaError) return error;
      throw error;
    }
  }

  /** Files with very many records hand them over on the way, so that memory stays bounded. */
  async function spill(): Promise<void> {
    sourceId ??= await postings.openSource();
    const batch = sets;
    sets = [];
    await postings.addReadingSets(sourceId, stored, batch);
    stored += batch.length;
  }

  return {
    async take(chunk) {
      hash.update(chunk);
      if (scanner === undefined) {
        head.push(chunk);
        headSize += chunk.byteLength;
        if (headSize >= headBytes) scanner = start();
      } else if (!(scanner instanceof MdmaError)) {
        scanner.push(chunk);
      }
      if (sets.length > maxSetsInMemory) await spill();
      return !(scanner instanceof MdmaError);
    },
    async end() {
      const sha256 = hash.digest('hex') as Sha256;
      scanner ??= start();
      const found = scanner instanceof MdmaError ? scanner : scanner.end();
      if (sourceId !== undefined && sets.length > 0) await spill();
      return { sha256, found, sourceId, sets, proposal };
    },
    async drop() {
      if (sourceId !== undefined) await postings.dropSource(sourceId);
    },
  };
}

/** The format that the content shows; what the poster chose, or else the name of the file, must not disagree. */
function findFormat(
  start: Uint8Array,
  { format, originalName }: Pick<IntakeOptions, 'format' | 'originalName'>,
): { readonly format: FormatName; readonly profile?: ProfileProposal | undefined } | MdmaError {
  const detected =
    format === undefined ? detectFormat(start, originalName || undefined) : confirmFormat(start, format);
  if ('fault' in detected) return toUnknownFormat(detected.fault);
  return detected.format === 'x12-997' ? toNotPostable() : detected;
}

/** It answers what was sent, so it is for the sender to take in: a mailbox has no use for it. */
function toNotPostable(): MdmaError {
  return new MdmaError(
    'unknown-format',
    'Cannot accept the file: it is a 997, a functional acknowledgement; only files with readings can be posted',
  );
}

function toUnknownFormat(fault: Fault): MdmaError {
  return new MdmaError('unknown-format', `Cannot accept the file: ${fault.message}`, {
    members: { faults: [fault] },
  });
}
