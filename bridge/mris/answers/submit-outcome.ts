import type { Instant } from '../../../storage/model/time.ts';
import type { Exchange } from '../../https/connection.ts';
import { toUnrecognised } from '../../https/unrecognised.ts';
import type { MrisMapping } from '../messages/mapping.ts';
import type { SubmitOutcome } from '../outcomes.ts';
import { readAnswer } from './read-answer.ts';
import { findTrouble } from './trouble.ts';
import { findMeaning } from './words.ts';

/**
 * What follows from the answer to a submit. As soon as the first byte was handed over, only the ISO's own words end the
 * doubt: a batch id, a fault that says why, the acceptable use policy, or that the account may not. Not even a 503
 * proves that nothing was accepted, for it may come from a machine before the application.
 */
export function toSubmitOutcome(exchange: Exchange, mapping: MrisMapping, now: Instant): SubmitOutcome {
  if (exchange.kind === 'not-sent') return { kind: 'unavailable', why: exchange.why };
  if (exchange.kind === 'cut') return { kind: 'unknown', why: exchange.why };
  const { answer } = exchange;
  const content = readAnswer(answer, mapping);
  const trouble = findTrouble('submit', answer, content, now);
  if (trouble?.kind === 'unavailable') return { ...trouble, kind: 'unknown' };
  if (trouble?.kind === 'no-data-found') return { kind: 'refused', words: trouble.words };
  if (trouble !== undefined) return trouble;
  if (content.kind !== 'output') {
    return toUnrecognised('submit', answer, `an answer with ${content.kind}, expected StandardOutput`);
  }
  const { batchId, words = '' } = content.output;
  if (batchId !== undefined) return { kind: 'received', batchId, words };
  if (findMeaning(words) === 'denied') return { kind: 'denied', words };
  return toUnrecognised('submit', answer, `StandardOutput without a batch id: ${words}`);
}
