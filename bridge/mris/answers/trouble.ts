import type { Instant } from '../../../storage/model/time.ts';
import type { Answer } from '../../https/connection.ts';
import { isMaintenancePage } from '../../https/maintenance-page.ts';
import { findRetryAfterMs } from '../../https/retry-after.ts';
import { toPlainText, toText } from '../../https/text.ts';
import { toUnrecognised } from '../../https/unrecognised.ts';
import type { MrisService, MrisTrouble } from '../outcomes.ts';
import { retrieveSpacingMs } from '../pace.ts';
import type { AnswerContent } from './read-answer.ts';
import { acceptableUse, findMeaning } from './words.ts';

/** What an answer says beside what it was asked for; `empty` is "No data found". */
export type Trouble = MrisTrouble | { readonly kind: 'no-data-found'; readonly words: string };

/** Whatever a page says, it says in the beginning. */
const maxPageLength = 100_000;

/**
 * Finds the trouble in an answer, of any status and form: words first, for they are the ISO's own, then the status.
 *
 * @returns undefined for an answer that says what it was asked for, so far
 */
export function findTrouble(
  service: MrisService,
  answer: Answer,
  content: AnswerContent,
  now: Instant,
): Trouble | undefined {
  const { httpStatus } = answer;
  const wait = toWait(answer, now);
  const text = content.kind === 'attachment' ? '' : toText(answer.bytes);
  if (acceptableUse.test(text)) return toRateLimited(answer, now);
  if (content.kind === 'fault' && content.words !== undefined) {
    return toTroubleOfWords(content.words, answer, now);
  }
  if (content.kind === 'output' && httpStatus > 299 && content.output.batchId === undefined) {
    const { words = '' } = content.output;
    if (words !== '') return toTroubleOfWords(words, answer, now);
  }
  const page = content.kind === 'page' ? toPlainText(text.slice(0, maxPageLength)) : '';
  if (httpStatus === 401 || httpStatus === 403 || httpStatus === 404 || findMeaning(page) === 'denied') {
    return { kind: 'denied', words: `HTTP ${httpStatus}: ${page.slice(0, 200)}` };
  }
  if (httpStatus === 429 || httpStatus >= 500) {
    const words = content.kind === 'fault' ? content.faultText : page.slice(0, 200);
    return { kind: 'unavailable', why: `HTTP ${httpStatus}: ${words}`, ...wait };
  }
  if (content.kind === 'page' && isMaintenancePage(text.slice(0, maxPageLength))) {
    return { kind: 'unavailable', why: 'a maintenance page', ...wait };
  }
  if (httpStatus > 299) return toUnrecognised(service, answer, `HTTP ${httpStatus}`);
  if (content.kind === 'page') return toUnrecognised(service, answer, 'a page instead of a SOAP envelope');
  if (content.kind === 'fault') return toUnrecognised(service, answer, 'a fault without words of the ISO');
  return content.kind === 'unreadable' ? toUnrecognised(service, answer, content.why) : undefined;
}

/** What follows when the ISO says in words that it did not do it. */
export function toTroubleOfWords(words: string, answer: Answer, now: Instant): Trouble {
  switch (findMeaning(words)) {
    case 'rate-limited':
      return toRateLimited(answer, now);
    case 'no-data-found':
      return { kind: 'no-data-found', words };
    case 'denied':
      return { kind: 'denied', words };
    case 'not-now':
      return { kind: 'unavailable', why: words, ...toWait(answer, now) };
    case undefined:
      return { kind: 'refused', words };
  }
}

function toRateLimited(answer: Answer, now: Instant): Trouble {
  const waitMs = Math.max(retrieveSpacingMs, findRetryAfterMs(answer, now) ?? 0);
  return { kind: 'rate-limited', waitMs, isSent: true };
}

function toWait(answer: Answer, now: Instant): { waitMs?: number } {
  const waitMs = findRetryAfterMs(answer, now);
  return waitMs === undefined ? {} : { waitMs };
}
