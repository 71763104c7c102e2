import type { OmarClient, UploadOutcome } from '../../omar/outcomes.ts';
import type { SendOutcome } from '../iso-outcomes.ts';
import type { IsoWay } from '../step-context.ts';
import { look } from './look.ts';
import { makeFiles, maxOmarRows } from './make-files.ts';
import { reconcile } from './reconcile.ts';

/** OMAR-Online as a way. */
export function createOmarWay(client: OmarClient): IsoWay {
  return {
    findPassThroughFault: ({ settings: { maxPartBytes } }, { bytes }) =>
      bytes > maxPartBytes
        ? `too large to pass through: ${bytes} bytes, the ISO takes ${maxPartBytes}; post it in smaller files`
        : undefined,
    maxRows: maxOmarRows,
    makeFiles,
    send: async (isoName, bytes, deadlineAt) => toSent(await client.upload(isoName, bytes, deadlineAt)),
    look: (...args) => look(client, ...args),
    reconcile: (...args) => reconcile(client, ...args),
    isMaintenance: () => false,
    close: () => client.close(),
  };
}

function toSent(answer: UploadOutcome): SendOutcome {
  switch (answer.kind) {
    case 'received': {
      const { fileId, savedAs, bytes } = answer;
      return { kind: 'received', isoFileId: fileId, words: `saved as ${savedAs}`, bytes };
    }
    case 'session-ended':
      return { kind: 'unavailable', why: answer.why };
    default:
      return answer;
  }
}
