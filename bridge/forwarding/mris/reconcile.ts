import { compareMeterData } from '../../../storage/formats/meter-data-xml/compare.ts';
import type {
  MeterDataFormat,
  MeterReading,
} from '../../../storage/formats/meter-data-xml/meter-data-format.ts';
import { endStates } from '../../../storage/model/forwarding.ts';
import type { Instant } from '../../../storage/model/time.ts';
import type { ClaimedForwarding, Outcome, Part, Submission } from '../../../storage/ports/forwardings.ts';
import type { MrisClient } from '../../mris/outcomes.ts';
import type { StepContext, StepResult } from '../step-context.ts';
import { keepPage } from '../steps/keep-page.ts';
import { keepPause } from '../steps/keep-pause.ts';
import { toKept, toNextMove, toPerson, toRetry, withOutcome } from '../steps/move.ts';
import { readRows } from './read-rows.ts';
import { retrieveChanged } from './retrieve-changed.ts';
import { toTrouble } from './to-trouble.ts';

export interface MrisReconcileDeps {
  readonly client: MrisClient;
  readonly format: MeterDataFormat;
  /** The account's: what the ISO holds for another was not sent by it. */
  readonly scId: string;
  /** How long a batch may be in validation, where no retrieve shows it. */
  readonly validationMs: number;
  /** How far the ISO's clock may be behind ours. */
  readonly clockMarginMs: number;
}

/** Other parts that are looked into; when there are more, a person must tell. */
const maxRivals = 50;

/**
 * Settles a batch whose outcome is not known, by a retrieve of what changed in its period since it was begun (ruling
 * 27). Everything as it was sent: it arrived. Nothing in two looks a quiet time apart, later than any validation takes:
 * it did not. Anything else, or what another part could have brought, is a person's.
 */
export async function reconcile(
  deps: MrisReconcileDeps,
  context: StepContext,
  forwarding: ClaimedForwarding,
  part: Part,
  submission: Submission,
): Promise<StepResult> {
  const { clock, settings, forwardings } = context;
  if (submission.isoFileId !== null) {
    await record(context, forwarding, part, submission, { state: 'sent', words: 'its batch id is known' });
    return 'done';
  }
  const { format } = deps;
  const rows = await readRows(context, part.file, format);
  const sinceAt = submission.intendedAt - deps.clockMarginMs;
  const longestMs = settings.marginMs + deps.validationMs;
  const settledAt = submission.deadlineAt + longestMs;
  const openSinceAt = sinceAt - longestMs;
  const wait = async (reason: string, dueAt: Instant) => {
    await forwardings.moveForwarding(forwarding.id, { state: 'unknown', reason, dueAt });
    return 'done' as const;
  };
  for (const turn of ['first', 'second'] as const) {
    const beganAt = clock.now();
    const seen = await retrieveChanged(deps.client, context, rows, sinceAt);
    if (seen.kind === 'stopped') return wait('the bridge stopped before the retrieve', clock.now());
    if (seen.kind !== 'readings') {
      const trouble = toTrouble(seen);
      if (trouble.kind === 'unavailable') {
        await keepPause(context, forwarding, trouble);
        await forwardings.moveForwarding(forwarding.id, toRetry(context, forwarding, trouble));
        return 'unavailable';
      }
      await keepPage(context, forwarding.account, trouble.page);
      const reason = `the answer to the retrieve was not recognised: ${trouble.page.why}`;
      const move = { state: 'unknown' as const, reason, dueAt: clock.now() + settings.recheckMs };
      await forwardings.moveForwarding(forwarding.id, toKept(forwarding, move));
      return 'done';
    }
    const { same } = compareMeterData(rows, seen.readings, format);
    const shown = findShown(rows, seen.readings);
    if (shown.length > 0) {
      const foreign = findForeign(shown, deps.scId);
      const others = new Set(shown.map(keyOf)).size - same;
      const why =
        foreign ??
        (same === rows.length
          ? await findRival(context, forwarding, part, { rows, sinceAt, openSinceAt, format })
          : `of ${rows.length} intervals the ISO holds ${same} as they were sent and ${others} otherwise`);
      if (why !== undefined) return giveUp(context, forwarding, part, why);
      const words = `found by a retrieve: the ISO holds all ${same} intervals as they were sent`;
      await record(context, forwarding, part, submission, { state: 'accepted', words });
      return 'done';
    }
    if (beganAt < settledAt) {
      const reason = `the ISO shows nothing of part ${part.number} yet; it may be in validation`;
      const delayMs = settings.followDelaysMs.at(-1) ?? settings.recheckMs;
      return wait(reason, Math.min(settledAt, clock.now() + delayMs));
    }
    if (turn === 'second') break;
    await context.wait(settings.quietMs, context.signal);
    if (context.signal.aborted) return wait('the bridge stopped between two retrieves', clock.now());
  }
  const words = 'absent: two retrieves show nothing of it, later than any validation takes';
  await record(context, forwarding, part, submission, { state: 'absent', words });
  return 'done';
}

/**
 * What the ISO shows of our intervals, in whatever unit and length: it may hold them in others than they were sent in,
 * and that is no absence.
 */
function findShown(rows: readonly MeterReading[], readings: readonly MeterReading[]): MeterReading[] {
  const isOurs = new Set(rows.map(keyOf));
  return readings.filter((reading) => isOurs.has(keyOf(reading)));
}

/**
 * Where the ISO says whose an interval is, and it is another's. The retrieve itself names no SC id: a slip in the
 * setting would hide what is there, and prove an absence that is none.
 */
function findForeign(shown: readonly MeterReading[], ours: string): string | undefined {
  const foreign = shown.find(({ scId }) => scId !== undefined && scId !== ours);
  return (
    foreign && `the ISO holds intervals of ${foreign.resourceId} for SC id ${foreign.scId}, not for ${ours}`
  );
}

function keyOf({ resourceId, measurementType, endAt }: MeterReading): string {
  return `${resourceId} ${measurementType} ${endAt}`;
}

/** Why it may have been another part that brought what the ISO holds. */
async function findRival(
  context: StepContext,
  { account, way }: ClaimedForwarding,
  part: Part,
  {
    rows,
    format,
    ...since
  }: {
    readonly rows: readonly MeterReading[];
    readonly sinceAt: Instant;
    /** What nobody asks about any more cannot have come out of validation since, if its deadline was over by then. */
    readonly openSinceAt: Instant;
    readonly format: MeterDataFormat;
  },
): Promise<string | undefined> {
  const rival = { partId: part.id, ...since, limit: maxRivals + 1 };
  const files = await context.forwardings.listRivals(account, way, rival);
  if (files.length > maxRivals) return `more than ${maxRivals} other parts may have reached the ISO since`;
  const isOurs = new Set(rows.map(keyOf));
  for (const file of files) {
    const shared = (await readRows(context, file, format)).find((row) => isOurs.has(keyOf(row)));
    if (shared !== undefined) {
      return `the ISO holds what was sent, but another part that was sent has intervals of ${shared.resourceId} in common with it`;
    }
  }
  return undefined;
}

async function record(
  context: StepContext,
  forwarding: ClaimedForwarding,
  part: Part,
  submission: Submission,
  outcome: Outcome,
): Promise<void> {
  const next = toNextMove(context, withOutcome(forwarding.parts, part.id, outcome));
  // The end is a move of its own, from `following`.
  const move = endStates.includes(next.state)
    ? { state: 'following' as const, reason: '', dueAt: context.clock.now() }
    : next;
  await context.forwardings.recordOutcome(forwarding.id, submission.id, outcome, move);
  const { log } = context;
  log.info({ forwarding: forwarding.id, isoName: submission.isoName, ...outcome }, 'unknown outcome settled');
}

async function giveUp(
  { forwardings }: StepContext,
  { id }: ClaimedForwarding,
  part: Part,
  why: string,
): Promise<StepResult> {
  await forwardings.moveForwarding(id, toPerson(`part ${part.number}: ${why}`));
  return 'done';
}
