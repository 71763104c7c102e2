import { createHash } from 'node:crypto';
import type { ProfileProposal } from './formats/cmep/propose-profile.ts';
import {
  type Fault,
  type FormatName,
  isIsoFormat,
  type ReadingSet,
  type ScanResult,
} from './formats/format.ts';
import type { OmarCsvLayout } from './formats/omar-csv/columns.ts';
import { profileNames } from './formats/scanners.ts';
import { createIntake, type Intake, type Taken } from './intake.ts';
import { toMailboxChecks } from './mailbox-checks.ts';
import { MdmaError } from './model/errors.ts';
import type { Way } from './model/forwarding.ts';
import { holdsResource } from './model/resource.ts';
import type { Sha256 } from './model/sha256.ts';
import type { Catalogue } from './ports/catalogue.ts';
import type { Clock } from './ports/clock.ts';
import type { ClockWatch } from './ports/clock-watch.ts';
import { type FileKey, type FileStore, type FileWriter, toFileKey } from './ports/file-store.ts';
import type { Posting, PostingOrder } from './ports/postings.ts';

/** How much of a body comes between two looks at the room left: others post too, and a length may not be known. */
const roomCheckBytes = 1 << 20;

export interface PostFileDeps {
  readonly catalogue: Catalogue;
  readonly files: FileStore;
  readonly clock: Clock;
  /** While the clock is off nothing is posted, since names are made of the time (ruling 36). */
  readonly clockWatch?: Pick<ClockWatch, 'demand'> | undefined;
  /** 32 random hexadecimal digits, new at each call. */
  readonly newId: () => string;
  readonly limits: {
    /** Largest body. */
    readonly maxBytes: number;
    /** Room that must stay free on the disk for everything else (ruling 21). */
    readonly reserveBytes: number;
  };
}

/** An account of the ISO that a file is to go to as it is (ruling 25). */
export interface PassThroughAccount {
  readonly name: string;
  readonly way: Way;
  /** Largest file that its way takes; undefined where nobody knows. */
  readonly maxBytes?: number | undefined;
  /** The one layout of CSV files that its way takes; undefined where nobody knows. */
  readonly csvLayout?: Pick<OmarCsvLayout, 'name'> | undefined;
  /** The resources it holds: ids, or beginnings followed by `*`. Undefined: whatever the file names. */
  readonly resources?: readonly string[] | undefined;
}

/** What the poster asks for; what it leaves open is found out from the mailboxes and the bytes. */
export interface PostRequest extends Omit<PostingOrder, 'format' | 'profile' | 'isoAccount' | 'idempotency'> {
  readonly format: FormatName | undefined;
  readonly profile: string | undefined;
  readonly isoAccount: PassThroughAccount | null;
  /** The key, and the request's parameters as text: the same key with other parameters is another request. */
  readonly idempotency: { readonly key: string; readonly parametersText: string } | null;
}

/** What the poster said about the body in advance. */
export interface ExpectedBody {
  readonly bytes: number | undefined;
  readonly sha256: Sha256 | undefined;
}

export interface Posted {
  readonly posting: Posting;
  /** An earlier post with the same idempotency key; nothing was added. */
  readonly isReplay: boolean;
  /** Warnings and notes; a file with errors is refused. */
  readonly faults: readonly Fault[];
}

/**
 * The one place that orders bytes before rows (invariant 2). The body streams once: to the file store, through
 * SHA-256 and through the format's scanner. Only when it is whole, durable and free of errors does one transaction of
 * the catalogue make it a posting; until then it is nowhere visible, and after any failure nothing of it is kept but,
 * for a file that was read to its end and refused, the refusal on record (ruling 14).
 *
 * @param body chunks that are not changed after they were given
 * @throws `unavailable` while the clock is off, `refused-file` (members `faults`, `faultCounts`), `unknown-format`,
 *   `too-large`, `digest-mismatch`, `invalid-request` when the body is shorter or longer than declared, `storage-full`,
 *   and what `Postings.commitPosting` throws
 */
export async function postFile(
  deps: PostFileDeps,
  request: PostRequest,
  body: AsyncIterable<Uint8Array>,
  expected: ExpectedBody,
): Promise<Posted> {
  deps.clockWatch?.demand('Cannot post');
  await checkRoom(deps, expected);
  const { catalogue, files, clock } = deps;
  const { isoAccount } = request;
  let foreign: ReadingSet | undefined;
  const intake = createIntake({
    postings: catalogue.postings,
    format: request.format,
    originalName: request.originalName,
    toProfile: (format) => toProfile(request, format),
    onReadingSet(set) {
      if (isoAccount !== null && !holdsResource(isoAccount, set.meter)) foreign ??= set;
    },
    checks: toMailboxChecks(request.mailboxes),
    now: clock.now(),
  });
  const key = toFileKey(clock.now(), deps.newId());
  const writer = await files.create(key);
  try {
    const bytes = await receive(deps, body, expected, { intake, writer });
    const taken = await intake.end();
    const scan = await accept(deps, request, { ...taken, bytes, foreign }, expected.sha256);
    await writer.finish();
    deps.clockWatch?.demand('Cannot post');
    const { sha256, sourceId, sets } = taken;
    const { posting, isReplay } = await catalogue.postings
      .commitPosting(
        toOrder(request, scan, sha256),
        { key, sha256, bytes },
        { summary: scan.summary, sourceId, sets },
      )
      .catch((error: unknown) => recordUnmapped(deps, request, { bytes, sha256, scan }, error));
    if (isReplay) await removeUnposted(deps, intake, key);
    return { posting, isReplay, faults: scan.faults };
  } catch (error) {
    await writer.discard();
    await removeUnposted(deps, intake, key);
    throw error;
  }
}

/** A file that was refused only by what is mapped is a refused file, too (ruling 14). */
async function recordUnmapped(
  { catalogue }: PostFileDeps,
  request: PostRequest,
  { bytes, sha256, scan }: { bytes: number; sha256: Sha256; scan: ScanResult },
  error: unknown,
): Promise<never> {
  if (error instanceof MdmaError && error.code === 'refused-file') {
    const found = { ...scan, ...(error.members as Pick<ScanResult, 'faults' | 'faultCounts'>) };
    await catalogue.postings.recordRefusal(request, { bytes, sha256, reason: error.message, scan: found });
  }
  throw error;
}

/** Streams the body to where it goes; gives its length. */
async function receive(
  { files, limits }: PostFileDeps,
  body: AsyncIterable<Uint8Array>,
  { bytes: expectedBytes }: ExpectedBody,
  { intake, writer }: { intake: Intake; writer: FileWriter },
): Promise<number> {
  const { maxBytes, reserveBytes } = limits;
  let bytes = 0;
  let checkedAt = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw toTooLarge(maxBytes);
    if (expectedBytes !== undefined && bytes > expectedBytes) throw toWrongLength(bytes, expectedBytes);
    if (bytes - checkedAt >= roomCheckBytes) {
      await checkFree(files, reserveBytes);
      checkedAt = bytes;
    }
    if (await intake.take(chunk)) await writer.write(chunk);
  }
  if (expectedBytes !== undefined && bytes < expectedBytes) throw toWrongLength(bytes, expectedBytes);
  return bytes;
}

/** Removes bytes unless they became a posting after all: a commit whose answer was an error may have happened. */
async function removeUnposted(
  { catalogue, files }: PostFileDeps,
  intake: Pick<Intake, 'drop'>,
  key: FileKey,
): Promise<void> {
  // Bytes first: what is short may be the room to take back rows in.
  if (!(await catalogue.retention.isKnownKey('on-line', key))) await files.remove('on-line', key);
  await intake.drop();
}

/** A body that was read to its end. */
interface Body extends Taken {
  readonly bytes: number;
  /** The first set that names a resource which the account that the file is to go to does not hold. */
  readonly foreign: Pick<ReadingSet, 'meter' | 'line'> | undefined;
}

/** The file's scan when it may become a posting; otherwise the refusal is put on record and thrown. */
async function accept(
  { catalogue }: PostFileDeps,
  request: PostRequest,
  body: Body,
  expectedSha256: Sha256 | undefined,
): Promise<ScanResult> {
  const judged = judge(request, body, expectedSha256);
  if (!(judged instanceof MdmaError)) return judged;
  const { found, sha256, bytes } = body;
  const scan = found instanceof MdmaError ? undefined : found;
  await catalogue.postings.recordRefusal(request, { bytes, sha256, reason: judged.message, scan });
  throw judged;
}

/** The dialect in which a file is read; for CMEP the one its mailboxes agree on, where the poster does not say it. */
function toProfile(request: PostRequest, format: FormatName): string {
  if (request.profile !== undefined) return request.profile;
  const [usual = ''] = profileNames(format);
  if (format !== 'cmep') return usual;
  const profiles = [...new Set(request.mailboxes.map(({ profile }) => profile))];
  if (profiles.length > 1) {
    throw new MdmaError(
      'invalid-request',
      `Cannot post: the mailboxes have different profiles (${profiles.join(', ')}), name one`,
      { faults: [{ at: 'profile', value: '', expected: `one of ${profiles.join(', ')}` }] },
    );
  }
  return profiles[0] ?? usual;
}

function toOrder(request: PostRequest, scan: ScanResult, sha256: Sha256): PostingOrder {
  const { format, profile } = scan.summary;
  const idempotency = request.idempotency && {
    key: request.idempotency.key,
    requestSha256: createHash('sha256')
      .update(`${sha256}\n${request.idempotency.parametersText}`)
      .digest('hex') as Sha256,
  };
  return { ...request, format, profile, idempotency };
}

/** The scan of a body that may become a posting, or why it may not. */
function judge(
  request: PostRequest,
  { found, sha256, proposal, bytes, foreign }: Body,
  expectedSha256: Sha256 | undefined,
): ScanResult | MdmaError {
  if (found instanceof MdmaError) return found;
  if (expectedSha256 !== undefined && expectedSha256 !== sha256) {
    return new MdmaError(
      'digest-mismatch',
      `Cannot accept the file: the body's SHA-256 is ${sha256}, announced was ${expectedSha256}`,
    );
  }
  if (found.isRefused) return toRefused(found, proposal);
  return (
    findPassThroughRefusal(request, { ...found.summary, bytes, foreign }) ??
    findRawRefusal(request, found) ??
    found
  );
}

/**
 * Only a file in a format of the ISO's goes to an account as it is, by a way that takes it, in the layout that it takes,
 * and whole (ruling 25). What stands in place of the meter in such a file is the resource.
 */
function findPassThroughRefusal(
  { isoAccount }: PostRequest,
  {
    format,
    profile,
    bytes,
    foreign,
  }: Pick<ScanResult['summary'], 'format' | 'profile'> & Pick<Body, 'bytes' | 'foreign'>,
): MdmaError | undefined {
  if (isoAccount === null) return undefined;
  const { name, way, resources, csvLayout, maxBytes = Number.POSITIVE_INFINITY } = isoAccount;
  const refuse = (found: string, expected: string) =>
    new MdmaError('invalid-request', `Cannot accept the file: ${found}`, {
      faults: [{ at: 'account', value: name, expected }],
    });
  if (!isIsoFormat(format)) {
    const found = `${format} goes to the ISO by its mapped meters; leave the account out`;
    return refuse(found, `nothing, for ${format}`);
  }
  if (way === 'mris') {
    const found = `account ${name} is at MRI-S, which takes no ${format}; post the readings for conversion`;
    return refuse(found, `an account at OMAR-Online, for ${format}`);
  }
  const refuseFile = (found: string) =>
    new MdmaError('refused-file', `Cannot accept the file: ${found}`, {
      members: { faults: [], faultCounts: {} },
    });
  if (format === 'omar-csv' && csvLayout !== undefined && profile !== csvLayout.name) {
    return refuseFile(
      `it is OMAR CSV in layout ${profile}, account ${name} takes ${csvLayout.name} (bridge.csvLayout); ` +
        'post it in that layout, or its readings for conversion',
    );
  }
  if (bytes > maxBytes) {
    return refuseFile(
      `it has ${bytes} bytes, account ${name} takes files of at most ${maxBytes}; post it in smaller files`,
    );
  }
  return (
    foreign &&
    refuseFile(
      `line ${foreign.line} names resource ${foreign.meter}, account ${name} holds ${resources?.join(', ')}`,
    )
  );
}

/**
 * Data before validation, raw or missing, goes to no mailbox whose owner has not agreed to it, nor to the ISO (ruling
 * 10).
 */
function findRawRefusal(request: PostRequest, scan: ScanResult): MdmaError | undefined {
  const { raw, missing, readings } = scan.summary;
  if (raw + missing === 0) return undefined;
  const { mailboxes, isoAccount } = request;
  const refusing = mailboxes.filter(({ allowsRaw }) => !allowsRaw).map(({ name }) => `mailbox ${name}`);
  if (isoAccount !== null) refusing.push(`ISO account ${isoAccount.name}`);
  if (refusing.length === 0) return undefined;
  return new MdmaError(
    'refused-file',
    `Cannot accept the file: ${raw} raw and ${missing} missing of ${readings} readings, ` +
      `for validated data only: ${refusing.join(', ')}`,
    { members: { faults: [], faultCounts: {} } },
  );
}

async function checkRoom(deps: PostFileDeps, expected: ExpectedBody): Promise<void> {
  const { maxBytes, reserveBytes } = deps.limits;
  if (expected.bytes !== undefined && expected.bytes > maxBytes) throw toTooLarge(maxBytes);
  await checkFree(deps.files, reserveBytes + (expected.bytes ?? 0));
}

async function checkFree(files: Pick<FileStore, 'freeBytes'>, bytes: number): Promise<void> {
  if ((await files.freeBytes()) >= bytes) return;
  throw new MdmaError('storage-full', 'Cannot accept the file: no room on the disk of the file store');
}

function toTooLarge(maxBytes: number): MdmaError {
  return new MdmaError('too-large', `Cannot accept the file: it is larger than ${maxBytes} bytes`, {
    members: { maxBytes },
  });
}

function toWrongLength(bytes: number, expected: number): MdmaError {
  return new MdmaError(
    'invalid-request',
    `Cannot accept the file: ${bytes} bytes ${bytes > expected ? 'and more ' : ''}arrived, ${expected} were announced`,
    { faults: [{ at: 'Content-Length', value: String(expected), expected: 'the length of the body' }] },
  );
}

function toRefused(scan: ScanResult, proposal: ProfileProposal | undefined): MdmaError {
  const { faults, faultCounts, summary } = scan;
  const isOther = proposal !== undefined && proposal.profile !== summary.profile;
  const hint = isOther ? ` Profile ${proposal.profile} may be meant: ${proposal.why}.` : '';
  const [first] = faults.filter(({ level }) => level === 'error');
  const where = first === undefined ? '' : `, the first in line ${first.line}: ${first.message}`;
  const total = Object.values(faultCounts).reduce((sum, count) => sum + count, 0);
  return new MdmaError('refused-file', `Cannot accept the file: ${total} faults${where}${hint}`, {
    members: { faults, faultCounts },
  });
}
