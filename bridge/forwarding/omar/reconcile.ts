import type { ClaimedForwarding, Outcome, Part, Submission } from '../../../storage/ports/forwardings.ts';
import type { WalkedFile } from '../../../storage/ports/reconciliation.ts';
import type { OmarClient, OmarFile, WalkOutcome } from '../../omar/outcomes.ts';
import { matchIsoName } from '../iso-name.ts';
import type { StepContext, StepResult } from '../step-context.ts';
import { keepPage } from '../steps/keep-page.ts';
import { keepPause } from '../steps/keep-pause.ts';
import { toKept, toNextMove, toPerson, toRetry, withOutcome } from '../steps/move.ts';

/**
 * Settles a submission whose outcome is not known, by the ISO's own list (ruling 27). Found: it was sent. Absent from
 * two whole walks a quiet time apart, both of which show a file that was sent later, and where their end is doubtful one
 * that was sent earlier, too: it was not. Anything else waits for a file to tell by, and in the end for a person.
 */
export async function reconcile(
  client: OmarClient,
  context: StepContext,
  forwarding: ClaimedForwarding,
  part: Part,
  submission: Submission,
): Promise<StepResult> {
  const { forwardings, settings } = context;
  const sentinels = await forwardings.findSentinels(forwarding.account, forwarding.way, submission);
  for (const walk of ['first', 'second'] as const) {
    const answer = await client.walk();
    if (answer.kind === 'unavailable') {
      await keepPause(context, forwarding, answer);
      await forwardings.moveForwarding(forwarding.id, toRetry(context, forwarding, answer));
      return 'unavailable';
    }
    if (answer.kind === 'unrecognised') {
      await keepPage(context, forwarding.account, answer.page);
      const reason = `the ISO's list was not recognised: ${answer.page.why}`;
      const dueAt = context.clock.now() + settings.recheckMs;
      await forwardings.moveForwarding(
        forwarding.id,
        toKept(forwarding, { state: 'unknown', reason, dueAt }),
      );
      return 'done';
    }
    if (answer.kind === 'incomplete') {
      await giveUp(context, forwarding, part, `the ISO's list could not be walked to its end: ${answer.why}`);
      return 'done';
    }
    await context.reconciliation.recordWalk(forwarding.account, answer.files.map(toWalked));
    const found = findPart(forwarding, part, submission, answer.files);
    if (found.kind !== 'none') {
      await settle(context, forwarding, part, submission, found);
      return 'done';
    }
    const doubt = findDoubt(answer, sentinels);
    if (doubt !== undefined) {
      await waitForSentinel(context, forwarding, part, submission, doubt);
      return 'done';
    }
    if (walk === 'second') break;
    await context.wait(settings.quietMs, context.signal);
    if (context.signal.aborted) {
      await forwardings.moveForwarding(forwarding.id, {
        state: forwarding.state,
        reason: 'the bridge stopped between two walks of the list',
        dueAt: context.clock.now(),
      });
      return 'done';
    }
  }
  const words = `absent from two walks of the ISO's list that both show the later file ${sentinels.later}`;
  await record(context, forwarding, part, submission, { state: 'absent', words });
  return 'done';
}

/** As the reconciliation report keeps it. */
function toWalked({ fileId, name, status, records, received }: OmarFile): WalkedFile {
  return { fileId, name, status, records: records ?? null, received };
}

/** Why a list without the part does not prove its absence. */
function findDoubt(
  { files, isEndDoubtful }: Extract<WalkOutcome, { kind: 'listed' }>,
  { later, earlier }: Awaited<ReturnType<StepContext['forwardings']['findSentinels']>>,
): string | undefined {
  const isListed = (sentinel: string) => files.some(({ fileId }) => fileId === sentinel);
  if (later === undefined) return 'no file is known that was sent later';
  if (!isListed(later)) return `the later file ${later} is not in the list either`;
  if (!isEndDoubtful || (earlier !== undefined && isListed(earlier))) return undefined;
  return `its last page came twice, and it shows ${earlier === undefined ? 'no earlier file' : `not the earlier file ${earlier}`}`;
}

type Found =
  | { readonly kind: 'none' }
  | { readonly kind: 'ours'; readonly file: OmarFile }
  | { readonly kind: 'doubt'; readonly why: string };

/** The part in the list, whichever attempt of it; files that an earlier attempt is known by are left out. */
function findPart(
  { transaction, parts }: ClaimedForwarding,
  part: Part,
  { attempt }: Submission,
  files: readonly OmarFile[],
): Found {
  const known = new Set(parts.flatMap(({ submissions }) => submissions.map(({ isoFileId }) => isoFileId)));
  const key = { transaction, part: part.number, sha256: part.file.sha256 };
  const matches = files
    .filter(({ fileId }) => !known.has(fileId))
    .map((file) => ({ file, match: matchIsoName(file.name, key) }))
    .filter(({ match }) => match.kind !== 'other');
  const [only, ...others] = matches;
  if (only === undefined) return { kind: 'none' };
  if (others.length === 0 && only.match.kind === 'attempt' && only.match.attempt === attempt) {
    return { kind: 'ours', file: only.file };
  }
  const listed = matches.map(({ file }) => `${file.name} (${file.fileId})`).join(', ');
  return {
    kind: 'doubt',
    why: `the ISO lists ${listed}, of which attempt ${attempt} cannot be told for certain`,
  };
}

async function settle(
  context: StepContext,
  forwarding: ClaimedForwarding,
  part: Part,
  submission: Submission,
  found: Exclude<Found, { kind: 'none' }>,
): Promise<void> {
  if (found.kind === 'doubt') return giveUp(context, forwarding, part, found.why);
  const { fileId: isoFileId, status: isoStatus } = found.file;
  const words = `found in the ISO's list as ${found.file.name}`;
  await record(context, forwarding, part, submission, { state: 'sent', isoFileId, isoStatus, words });
}

async function record(
  context: StepContext,
  forwarding: ClaimedForwarding,
  part: Part,
  submission: Submission,
  outcome: Outcome,
): Promise<void> {
  const move = toNextMove(context, withOutcome(forwarding.parts, part.id, outcome));
  await context.forwardings.recordOutcome(forwarding.id, submission.id, outcome, move);
  const { log } = context;
  log.info({ forwarding: forwarding.id, isoName: submission.isoName, ...outcome }, 'unknown outcome settled');
}

async function waitForSentinel(
  context: StepContext,
  forwarding: ClaimedForwarding,
  part: Part,
  { isoName, intendedAt }: Submission,
  why: string,
): Promise<void> {
  const { clock, settings, forwardings } = context;
  const reason = `${isoName} is not in the ISO's list, but ${why}: its absence is not proved`;
  if (clock.now() >= intendedAt + settings.sentinelWaitMs) return giveUp(context, forwarding, part, reason);
  const dueAt = clock.now() + settings.recheckMs;
  await forwardings.moveForwarding(forwarding.id, { state: 'unknown', reason, dueAt });
}

async function giveUp(
  { forwardings }: StepContext,
  { id }: ClaimedForwarding,
  part: Part,
  why: string,
): Promise<void> {
  await forwardings.moveForwarding(id, toPerson(`part ${part.number}: ${why}`));
}
