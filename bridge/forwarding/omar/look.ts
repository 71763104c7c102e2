import type { ClaimedForwarding, Outcome, Part, Submission } from '../../../storage/ports/forwardings.ts';
import type { OmarClient, OmarFile, UnrecognisedPage } from '../../omar/outcomes.ts';
import { explainErrors } from '../explain-errors.ts';
import { matchIsoName } from '../iso-name.ts';
import type { Look } from '../iso-outcomes.ts';
import type { StepContext } from '../step-context.ts';
import { keepPage } from '../steps/keep-page.ts';
import { toPerson, toRetry } from '../steps/move.ts';
import { readIntervals } from './read-intervals.ts';

type Seen = Extract<Look, { kind: 'seen' }>;

/** Asks for the row of a file in the list; where it is rejected, for its errors, too. */
export async function look(
  client: OmarClient,
  context: StepContext,
  forwarding: ClaimedForwarding,
  part: Part,
  submission: Submission & { readonly isoFileId: string },
): Promise<Look> {
  const answer = await client.status(submission.isoFileId);
  if (answer.kind === 'unavailable' || answer.kind === 'unrecognised') return answer;
  if (answer.kind === 'absent') {
    return {
      kind: 'seen',
      outcome: { state: 'sent', words: 'the ISO does not list the file', isPoll: true },
    };
  }
  const { file } = answer;
  const { transaction } = forwarding;
  const match = matchIsoName(file.name, { transaction, part: part.number, sha256: part.file.sha256 });
  if (match.kind !== 'attempt' || match.attempt !== submission.attempt) {
    const words = `the ISO lists file ${file.fileId} as ${file.name}, not as ${submission.isoName}`;
    return {
      kind: 'seen',
      outcome: { state: 'sent', words, isPoll: true },
      move: toPerson(`part ${part.number}: ${words}`),
    };
  }
  switch (file.status) {
    case 'Validation Passed':
      return toPassed(part, file);
    case 'Validation Failed':
    case 'Validation Error': {
      const said = await askForErrors(client, context, forwarding, part, file);
      return { kind: 'seen', outcome: { state: 'rejected', isoStatus: file.status, ...said, isPoll: true } };
    }
    case 'Upload Error':
      return toUploadError(client, context, forwarding, part, file);
    default:
      return { kind: 'seen', outcome: { state: 'sent', isoStatus: file.status, words: '', isPoll: true } };
  }
}

/** Passed, but not accepted unless the ISO's record count is ours (ruling 28). */
function toPassed(part: Part, { status: isoStatus, records }: OmarFile): Seen {
  if (records === part.records)
    return { kind: 'seen', outcome: { state: 'accepted', isoStatus, words: '', isPoll: true } };
  const words = `the ISO read ${records ?? 'an unknown number of'} records of ${part.records}`;
  return {
    kind: 'seen',
    outcome: { state: 'sent', isoStatus, words, isPoll: true },
    move: toPerson(`part ${part.number}: ${words}`),
  };
}

/** The ISO itself says that it has not got the file: it may be sent again, but not without end. */
async function toUploadError(
  client: OmarClient,
  context: StepContext,
  forwarding: ClaimedForwarding,
  part: Part,
  file: OmarFile,
): Promise<Seen> {
  const said = await askForErrors(client, context, forwarding, part, file);
  const outcome: Outcome = { state: 'refused', isoStatus: file.status, ...said, isPoll: true };
  const failures = part.submissions.filter(({ isoStatus }) => isoStatus === file.status).length;
  const reason = `part ${part.number}: the ISO says that the upload failed: ${said.words}`;
  return failures < context.settings.maxUploadErrors
    ? { kind: 'seen', outcome, move: toRetry(context, { ...forwarding, state: 'prepared' }, { why: reason }) }
    : { kind: 'seen', outcome, move: toPerson(reason) };
}

/** The status counts, whether or not its details can be read; those that can are explained by what was posted. */
async function askForErrors(
  client: OmarClient,
  context: StepContext,
  forwarding: ClaimedForwarding,
  part: Part,
  file: OmarFile,
): Promise<Pick<Outcome, 'words' | 'errors'>> {
  const answer = await client.errors(file.fileId);
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
