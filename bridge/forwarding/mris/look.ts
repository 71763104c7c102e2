import type { MeterDataFormat } from '../../../storage/formats/meter-data-xml/meter-data-format.ts';
import type { ClaimedForwarding, Outcome, Part, Submission } from '../../../storage/ports/forwardings.ts';
import type { BatchError } from '../../mris/messages/batch-status.ts';
import type { MrisClient } from '../../mris/outcomes.ts';
import { explainErrors } from '../explain-errors.ts';
import type { Look } from '../iso-outcomes.ts';
import type { StepContext } from '../step-context.ts';
import { readRows } from './read-rows.ts';
import { toIsoWords } from './to-iso-words.ts';
import { toTrouble } from './to-trouble.ts';

/** Words of a rejection that stand with the forwarding; every one stands with its errors. */
const maxWords = 5;

/** Asks for the status of a batch; a rejected one comes with its errors, explained by what was posted. */
export async function look(
  { client, format }: { readonly client: MrisClient; readonly format: MeterDataFormat },
  context: StepContext,
  forwarding: ClaimedForwarding,
  part: Part,
  { isoFileId }: Submission & { readonly isoFileId: string },
): Promise<Look> {
  const answer = await client.batchStatus(isoFileId);
  const seen = (outcome: Outcome): Look => ({ kind: 'seen', outcome: { ...outcome, isPoll: true } });
  const explain = async (errors: readonly BatchError[]) => {
    const rows = await readRows(context, part.file, format);
    const intervals = rows.map(({ resourceId, endAt }, at) => ({ resourceId, endAt, line: at + 1 }));
    const { mapped } = await context.resources.getConversion(forwarding.id);
    return explainErrors(toIsoWords(errors), intervals, mapped);
  };
  switch (answer.kind) {
    case 'in-process':
      return seen({ state: 'sent', isoStatus: answer.status || 'in process', words: '' });
    case 'no-data-found':
      return seen({ state: 'sent', words: `the ISO does not know batch ${isoFileId}: ${answer.words}` });
    // Mostly words about this very batch. It is asked about again, and holds up no other.
    case 'refused':
      return seen({ state: 'sent', words: `the ISO says about batch ${isoFileId}: ${answer.words}` });
    case 'success': {
      const { errors } = answer;
      if (errors.length === 0) return seen({ state: 'accepted', isoStatus: 'SUCCESS', words: '' });
      const words = `SUCCESS, but not of all: ${toWords(errors)}`;
      return seen({ state: 'rejected', isoStatus: 'SUCCESS', words, errors: await explain(errors) });
    }
    case 'error': {
      const { errors } = answer;
      const words = `ERROR: ${errors.length === 0 ? 'no details' : toWords(errors)}`;
      return seen({ state: 'rejected', isoStatus: 'ERROR', words, errors: await explain(errors) });
    }
    default:
      return toTrouble(answer);
  }
}

/** Each kind of words once, with how many intervals they are about. */
function toWords(errors: readonly BatchError[]): string {
  const counts = new Map<string, number>();
  for (const { message, intervalEndsAt } of errors) {
    counts.set(message, (counts.get(message) ?? 0) + Math.max(1, intervalEndsAt.length));
  }
  const words = [...counts].map(([message, count]) => `${message} (${count})`);
  const more = words.length - maxWords;
  return [...words.slice(0, maxWords), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
