import type { Forwardings } from '../../ports/forwardings.ts';
import type { Context } from '../context.ts';
import { claimForwarding } from './claim-forwarding.ts';
import { countAttention } from './count-attention.ts';
import { findNextDueAt, listDueAccounts } from './find-next-due.ts';
import { findSentinels } from './find-sentinels.ts';
import { keepPage, listStops, releaseStop, stopAgain } from './kept-pages.ts';
import { findForwarding, listForwardings } from './list-forwardings.ts';
import { listRivals } from './list-rivals.ts';
import { moveForwarding } from './move-forwarding.ts';
import { recordIntent } from './record-intent.ts';
import { recordOutcome } from './record-outcome.ts';
import { recordParts } from './record-parts.ts';
import { renewLease } from './renew-lease.ts';
import { closeForwarding, retryForwarding, setHold } from './staff-acts.ts';
import { listErrors } from './submission-errors.ts';

/** The port over one catalogue. */
export function toForwardings(context: Context): Forwardings {
  return {
    findNextDueAt: (account, way) => findNextDueAt(context, account, way),
    listDueAccounts: () => listDueAccounts(context),
    claimForwarding: (account, way, leaseUntilAt) => claimForwarding(context, account, way, leaseUntilAt),
    renewLease: (id, leaseUntilAt) => renewLease(context, id, leaseUntilAt),
    moveForwarding: (id, move) => moveForwarding(context, id, move),
    recordParts: (id, parts, left, move) => recordParts(context, id, parts, left, move),
    recordIntent: (id, intent) => recordIntent(context, id, intent),
    recordOutcome: (id, submissionId, outcome, move) =>
      recordOutcome(context, id, submissionId, outcome, move),
    findSentinels: (account, way, submission) => findSentinels(context, account, way, submission),
    listRivals: (account, way, rival) => listRivals(context, account, way, rival),
    stopAgain: (page) => stopAgain(context, page),
    keepPage: (page) => keepPage(context, page),
    listStops: (account) => listStops(context, account),
    releaseStop: (id, by, reason) => releaseStop(context, id, by, reason),
    listForwardings: (filter) => listForwardings(context, filter),
    countAttention: () => countAttention(context),
    findForwarding: (id) => findForwarding(context, id),
    listErrors: (id) => listErrors(context, id),
    setHold: (id, isHeld, by, reason) => setHold(context, id, isHeld, by, reason),
    retryForwarding: (id, now, by, reason) => retryForwarding(context, id, now, by, reason),
    closeForwarding: (id, by, reason) => closeForwarding(context, id, by, reason),
  };
}
