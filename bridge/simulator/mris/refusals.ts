import type { MrisMapping } from '../../mris/messages/mapping.ts';
import type { Attachments } from '../../mris/soap/envelope.ts';
import * as answers from './answers.ts';

/** How the acceptable use policy is told: as a page with that status, or as a fault. */
const policyAnswers = ['429', '200', 'fault'] as const;
export type PolicyAnswer = (typeof policyAnswers)[number];

/** What a retrieve that comes too early gets. */
export function toPolicyAnswer(
  how: PolicyAnswer,
  looks: answers.Looks,
  mapping: MrisMapping,
): answers.SiteAnswer {
  return how === 'fault'
    ? answers.toFault(answers.policyWords, looks, mapping)
    : answers.toPage(Number(how), answers.policyWords);
}

/** The answer of a fault that keeps a request from being carried out; undefined without such a fault. */
export function findRefusal(
  looks: answers.Looks,
  attachments: Attachments,
  mapping: MrisMapping,
): answers.SiteAnswer | Promise<answers.SiteAnswer> | undefined {
  const how = policyAnswers.find((each) => looks.has(`policy-${each}`));
  if (how !== undefined) return toPolicyAnswer(how, looks, mapping);
  if (looks.has('maintenance')) return answers.toPage(200, 'The system is down for scheduled maintenance.');
  if (looks.has('busy')) return answers.toPage(503, 'Service busy', { 'retry-after': '120' });
  if (looks.has('forbidden')) return answers.toPage(403, 'You are not authorized to access this page.');
  if (looks.has('not-found')) return answers.toPage(404, 'Not found');
  if (!looks.has('error-document')) return undefined;
  const output = answers.toOutput({ words: answers.invalidRoleWords }, looks, mapping);
  return answers.toDocumentAnswer(output, attachments, looks);
}
