import type {
  ClaimedForwarding,
  Move,
  Outcome,
  Part,
  Submission,
} from '../../../storage/ports/forwardings.ts';
import type { OmarFile, StatusOutcome, UnrecognisedPage } from '../../omar/outcomes.ts';
import { explainErrors } from '../explain-errors.ts';
import { matchIsoName } from '../iso-name.ts';
import type { StepContext, StepResult } from '../step-context.ts';
import { keepPage } from './keep-page.ts';
import { toNextMove, toPerson, toRetry, withOutcome } from './move.ts';
import { readIntervals } from './read-intervals.ts';

/** What one look at a part's status gave. Without a move the forwarding goes where its parts say. */
interface Look {
  readonly outcome: Outcome;
  readonly move?: Move;
}

/** Asks for the status of every part that has not ended, one after the other. */
export async function follow(context: StepContext, forwarding: ClaimedForwarding): Promise<StepResult> {
  const { forwardings, clock, settings } = context;
  let { parts } = forwarding;
  for (const part of forwarding.parts) {
    const submission = part.submissions.at(-1);
    if (submission?.state !== 'sent' || submission.isoFileId === null || context.signal.aborted) continue;
    const answer = await context.client.status(submission.isoFileId);
    if (answer.kind === 'unavailable') {
      await forwardings.moveForwarding(forwarding.id, toRetry(context, forwarding, answer.why));
      return 'unavailable';
    }
    if (answer.kind === 'unrecognised') {
      await keepPage(context, forwarding.account, answer.page);
      const reason = `the ISO's status page was not recognised: ${answer.page.why}`;
      const dueAt = clock.now() + settings.recheckMs;
      await forwardings.moveForwarding(forwarding.id, { state: forwarding.state, reason, dueAt });
      return 'done';
    }
    const look = await toLook(context, forwarding, part, submission, answer);
    parts = withOutcome(parts, part.id, look.outcome);
    await forwardings.recordOutcome(forwarding.id, submission.id, look.outcome, look.move);
    if (look.move !== undefined) return 'done';
  }
  await forwardings.moveForwarding(forwarding.id, toNextMove(context, parts, toOverdue(context, parts)));
  return 'done';
}

async function toLook(
  context: StepContext,
  forwarding: ClaimedForwarding,
  part: Part,
  submission: Submission,
  answer: Exclude<StatusOutcome, { kind: 'unavailable' | 'unrecognised' }>,
): Promise<Look> {
  if (answer.kind === 'absent') {
    return { outcome: { state: 'sent', words: 'the ISO does not list the file', isPoll: true } };
  }
  const { file } = answer;
  const { transaction } = forwarding;
  const match = matchIsoName(file.name, { transaction, part: part.number, sha256: part.file.sha256 });
  if (match.kind !== 'attempt' || match.attempt !== submission.attempt) {
    const words = `the ISO lists file ${file.fileId} as ${file.name}, not as ${submission.isoName}`;
    return {
      outcome: { state: 'sent', words, isPoll: true },
      move: toPerson(`part ${part.number}: ${words}`),
    };
  }
  switch (file.status) {
    case 'Validation Passed':
      return toPassed(part, file);
    case 'Validation Failed':
    case 'Validation Error': {
      const said = await askForErrors(context, forwarding, part, file);
      return { outcome: { state: 'rejected', isoStatus: file.status, ...said, isPoll: true } };
    }
    case 'Upload Error':
      return toUploadError(context, forwarding, part, file);
    default:
      return { outcome: { state: 'sent', isoStatus: file.status, words: '', isPoll: true } };
  }
}

/** Passed, but not accepted before the ISO's record count is there and is ours (ruling 28). */
function toPassed(part: Part, { status: isoStatus, records }: OmarFile): Look {
  if (records === part.records) return { outcome: { state: 'accepted', isoStatus, words: '', isPoll: true } };
  if (records === undefined) {
    const words = 'passed, but the ISO does not say how many records it read';
    return { outcome: { state: 'sent', isoStatus, words, isPoll: true } };
  }
  const words = `the ISO read ${records} records of ${part.records}`;
  return {
    outcome: { state: 'sent', isoStatus, words, isPoll: true },
    move: toPerson(`part ${part.number}: ${words}`),
  };
}

/** The ISO itself says that it has not got the file: it may be sent again, but not without end. */
async function toUploadError(
  context: StepContext,
  forwarding: ClaimedForwarding,
  part: Part,
  file: OmarFile,
): Promise<Look> {
  const said = await askForErrors(context, forwarding, part, file);
  const outcome: Outcome = { state: 'refused', isoStatus: file.status, ...said, isPoll: true };
  const failures = part.submissions.filter(({ isoStatus }) => isoStatus === file.status).length;
  const reason = `part ${part.number}: the ISO says that the upload failed: ${said.words}`;
  return failures < context.settings.maxUploadErrors
    ? { outcome, move: toRetry(context, { ...forwarding, state: 'prepared' }, reason) }
    : { outcome, move: toPerson(reason) };
}

/** The status counts, whether or not its details can be read; those that can are explained by what was posted. */
async function askForErrors(
  context: StepContext,
  forwarding: ClaimedForwarding,
  part: Part,
  file: OmarFile,
): Promise<Pick<Outcome, 'words' | 'errors'>> {
  const answer = await context.client.errors(file.fileId);
  switch (answer.kind) {
    case 'listed': {
      const errors = answer.errors.map(({ words, occurrences }) => `${words} (${occurrences})`);
      const { mapped } = await context.resources.getConversion(forwarding.id);
      return {
        words: `${file.status}: ${errors.length === 0 ? 'no details' : errors.join('; ')}`,
        errors: explainErrors(answer.errors, await readIntervals(context, forwarding, part), mapped),
      };
    }
    case 'unrecognised':
      return { words: `${file.status}: ${await toKeptWords(context, forwarding.account, answer.page)}` };
    default:
      return { words: `${file.status}: the details could not be read: ${answer.why}` };
  }
}

async function toKeptWords(context: StepContext, account: string, page: UnrecognisedPage): Promise<string> {
  await keepPage(context, account, page);
  return `the page with the details was not recognised: ${page.why}`;
}

function toOverdue({ clock, settings }: StepContext, parts: readonly Part[]): string {
  const open = parts.flatMap(({ submissions }) => submissions.at(-1) ?? []).filter((s) => s.state === 'sent');
  const late = open.filter(({ intendedAt }) => clock.now() - intendedAt > settings.overdueMs);
  return late
    .map((submission) => {
      const status = submission.isoStatus ?? 'no status yet';
      return `overdue at the ISO: ${submission.isoName}, ${submission.words || status}`;
    })
    .join('; ');
}
