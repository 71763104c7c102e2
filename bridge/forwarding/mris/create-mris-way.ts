import type { MrisEnvironment } from '../../mris/environments.ts';
import { isMaintenance } from '../../mris/environments.ts';
import type { SubmitOutcome } from '../../mris/outcomes.ts';
import type { SendOutcome } from '../iso-outcomes.ts';
import type { IsoWay } from '../step-context.ts';
import { look } from './look.ts';
import { makeFiles, maxMrisRows } from './make-files.ts';
import { type MrisReconcileDeps, reconcile } from './reconcile.ts';
import { toQuestions } from './to-questions.ts';
import { toTrouble } from './to-trouble.ts';

/** MRI-S as a way. */
export function createMrisWay(deps: MrisReconcileDeps & { readonly environment: MrisEnvironment }): IsoWay {
  const { client, format, environment } = deps;
  return {
    findPassThroughFault: (_context, { format: posted }) =>
      `MRI-S takes no file in ${posted} as it is: post the readings for conversion, or through an account at OMAR-Online`,
    maxRows: maxMrisRows,
    findSendFault: () => undefined,
    makeFiles: (context, rows) => makeFiles(context, [...rows], format),
    send: async (_isoName, bytes, deadlineAt) => toSent(await client.submitMeterData(bytes, deadlineAt)),
    look: (...args) => look(deps, ...args),
    reconcile: (...args) => reconcile(deps, ...args),
    toQuestions: (scope) => toQuestions(client, scope),
    isMaintenance: (at) => isMaintenance(environment, at),
    close: () => client.close(),
  };
}

function toSent(answer: SubmitOutcome): SendOutcome {
  switch (answer.kind) {
    case 'received':
      return { kind: 'received', isoFileId: answer.batchId, words: answer.words };
    case 'refused':
    case 'unknown':
      return answer;
    default:
      return toTrouble(answer);
  }
}
