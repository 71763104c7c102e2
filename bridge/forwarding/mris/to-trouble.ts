import type { WorkKind } from '../../../storage/model/forwarding.ts';
import type { MrisService, MrisTrouble } from '../../mris/outcomes.ts';
import type { Look } from '../iso-outcomes.ts';

/** Which work stands still when a service's answer is not recognised. */
const workOf: Readonly<Record<MrisService, WorkKind>> = {
  submit: 'submit',
  status: 'batch',
  retrieve: 'retrieve',
};

/** What of MRI-S is trouble, in the words of every way: all of it is tried again, but what nobody could read. */
export function toTrouble(answer: MrisTrouble): Exclude<Look, { kind: 'seen' }> {
  switch (answer.kind) {
    case 'unavailable':
      return answer;
    case 'rate-limited':
      return {
        kind: 'unavailable',
        why: 'the acceptable use policy: too early for another request',
        waitMs: answer.waitMs,
      };
    case 'denied':
      return { kind: 'unavailable', why: `the ISO does not let this account in: ${answer.words}` };
    case 'refused':
      return { kind: 'unavailable', why: `the ISO says: ${answer.words}` };
    case 'unrecognised': {
      const { page } = answer;
      return { kind: 'unrecognised', page: { ...page, pageKind: workOf[page.pageKind] } };
    }
  }
}
