import { isOfLayout, toFirstLines } from '../../../storage/formats/omar-csv/columns.ts';
import type { DownloadOutcome, OmarClient, UploadOutcome } from '../../omar/outcomes.ts';
import type { HeldAnswer, SendOutcome } from '../iso-outcomes.ts';
import type { IsoWay } from '../step-context.ts';
import { look } from './look.ts';
import { makeFiles, maxOmarRows } from './make-files.ts';
import { reconcile } from './reconcile.ts';

/** OMAR-Online as a way. */
export function createOmarWay(client: OmarClient): IsoWay {
  return {
    findPassThroughFault({ settings: { maxPartBytes, csvLayout } }, { format, profile, bytes }) {
      if (format === 'omar-csv' && profile !== csvLayout.name) {
        return `OMAR CSV in layout ${profile}, the ISO takes ${csvLayout.name} (bridge.csvLayout); post it in that layout, or its readings for conversion`;
      }
      return bytes > maxPartBytes
        ? `too large to pass through: ${bytes} bytes, the ISO takes ${maxPartBytes}; post it in smaller files`
        : undefined;
    },
    maxRows: maxOmarRows,
    makeFiles,
    findSendFault: ({ settings: { csvLayout } }, { extension }, bytes) =>
      extension === 'csv' && !isOfLayout(toFirstLines(bytes), csvLayout)
        ? `is not in layout "${csvLayout.name}", which bridge.csvLayout has now`
        : undefined,
    send: async (isoName, bytes, deadlineAt) => toSent(await client.upload(isoName, bytes, deadlineAt)),
    look: (...args) => look(client, ...args),
    reconcile: (...args) => reconcile(client, ...args),
    toQuestions: ({ resourceIds, from, to }) =>
      resourceIds.map(
        (resourceId) => async () => toHeld(await client.download({ resourceId, from, to }), resourceId),
      ),
    isMaintenance: () => false,
    close: () => client.close(),
  };
}

function toHeld(answer: DownloadOutcome, resourceId: string): HeldAnswer {
  switch (answer.kind) {
    case 'downloaded':
      return { kind: 'read', intervals: answer.intervals };
    case 'refused':
      return { kind: 'unavailable', why: `of ${resourceId} it says: ${answer.words}` };
    default:
      return answer;
  }
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
