import type { OmarCsvLayout } from '../../storage/formats/omar-csv/columns.ts';
import type { OmarRows } from '../../storage/formats/omar-csv/omar-rows.ts';
import type { Instant } from '../../storage/model/time.ts';
import type { TradeDay } from '../../storage/model/trade-day.ts';
import type { AccountPauses } from '../../storage/ports/account-pauses.ts';
import type { Clock } from '../../storage/ports/clock.ts';
import type { ClockWatch } from '../../storage/ports/clock-watch.ts';
import type { FileStore } from '../../storage/ports/file-store.ts';
import type { ClaimedForwarding, Forwardings, Part, Submission } from '../../storage/ports/forwardings.ts';
import type { Postings, Source } from '../../storage/ports/postings.ts';
import type { Reconciliation } from '../../storage/ports/reconciliation.ts';
import type { Resources } from '../../storage/ports/resources.ts';
import type { BackoffSettings } from './backoff.ts';
import type { DecideSettings } from './decide.ts';
import type { HeldAnswer, Look, MadeFile, SendOutcome } from './iso-outcomes.ts';

/** Every delay and limit of a forwarding's steps, in milliseconds where not said otherwise. */
export interface StepSettings extends DecideSettings {
  /** How long a claim and an account are ours without being renewed. */
  readonly leaseMs: number;
  /** From the intent to send until nothing more of it is sent. */
  readonly uploadDeadlineMs: number;
  /** Between the two walks that prove an absence. */
  readonly quietMs: number;
  /** How long a part whose absence could not be proved waits for a later file to prove it by. */
  readonly sentinelWaitMs: number;
  readonly backoff: BackoffSettings;
  /** Until a status is asked for: after the upload, after the first answer, and so on; the last one for ever. */
  readonly followDelaysMs: readonly number[];
  /** After so long without an end at the ISO it is overdue. */
  readonly overdueMs: number;
  /** After so long without progress a person should look. */
  readonly attentionMs: number;
  /** How often one part is sent again by itself because the ISO says that its upload failed. */
  readonly maxUploadErrors: number;
  /** Bytes a part may have. */
  readonly maxPartBytes: number;
  /** The layout of CSV files that the ISO takes. */
  readonly csvLayout: OmarCsvLayout;
}

/** What is told to whoever runs the bridge; the words are for people, the fields for programs. */
export interface Log {
  info(fields: object, words: string): void;
  warn(fields: object, words: string): void;
  error(fields: object, words: string): void;
}

/** What a step works with. */
export interface StepContext {
  readonly forwardings: Forwardings;
  readonly postings: Pick<Postings, 'getSource'>;
  readonly resources: Pick<Resources, 'getConversion' | 'listEarlierSets'>;
  readonly reconciliation: Pick<Reconciliation, 'recordWalk'>;
  readonly accountPauses: Pick<AccountPauses, 'pauseAccount'>;
  readonly files: Pick<FileStore, 'open' | 'create' | 'remove'>;
  readonly iso: IsoWay;
  /** Whether the account may name a resource in what it submits. */
  readonly holds: (resourceId: string) => boolean;
  readonly clock: Clock;
  /** While the clock is off nothing is submitted (ruling 36). */
  readonly clockWatch?: Pick<ClockWatch, 'state'> | undefined;
  /** Milliseconds of a clock that nobody can set. */
  readonly monotonicMs: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** 32 random hexadecimal digits, new at each call. */
  readonly newId: () => string;
  /** Resolves after `ms`, or at once when the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Aborted when the bridge is to stop, or the lease is lost: no step begins another act then. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly settings: StepSettings;
  /** Failures to reach the ISO in a row, of this account, before this step. */
  readonly failures: number;
}

/** `unavailable`: the ISO could not be reached, or did not say what became of a part; the account pauses. */
export type StepResult = 'done' | 'unavailable';

/** What of the ISO's side is asked for. */
export interface HeldScope {
  /** At least one. */
  readonly resourceIds: readonly string[];
  /** Trade days, the last one included. */
  readonly from: TradeDay;
  readonly to: TradeDay;
  /** Only what changed since, where the way can ask for that. */
  readonly updatedSinceAt: Instant | undefined;
}

/** Asks once. Intervals of other days may be among those that are held. */
export type HeldQuestion = () => Promise<HeldAnswer>;

/**
 * One way to the ISO, as the steps use it: OMAR-Online, or MRI-S. What is durable, and when, is the steps' own and the
 * same for every way; how a part looks, travels and is found again is the way's.
 */
export interface IsoWay {
  /** Why a file in a format of the ISO's cannot go as it is; undefined where it can. */
  findPassThroughFault(
    context: Pick<StepContext, 'settings'>,
    source: Pick<Source, 'format' | 'profile' | 'bytes'>,
  ): string | undefined;
  /** Most rows that `makeFiles` has memory for. */
  readonly maxRows: number;
  /** The same rows always give the same files, byte for byte, one at a time so that few are in memory. */
  makeFiles(context: StepContext, rows: OmarRows): Iterable<MadeFile>;
  /** Why a part that was prepared earlier cannot go as it is now; undefined where it can. */
  findSendFault(
    context: Pick<StepContext, 'settings'>,
    part: Pick<Part, 'extension'>,
    bytes: Uint8Array,
  ): string | undefined;
  /**
   * Sends one part; never twice.
   *
   * @param deadlineAt after this instant nothing more is sent, and the call has returned
   * @throws `invalid-request` for a name or size that the way does not take: nothing was sent
   */
  send(isoName: string, bytes: Uint8Array, deadlineAt: Instant): Promise<SendOutcome>;
  /** Asks for the status of a part that the ISO has. */
  look(
    context: StepContext,
    forwarding: ClaimedForwarding,
    part: Part,
    submission: Submission & { readonly isoFileId: string },
  ): Promise<Look>;
  /** Settles a submission whose outcome is not known by what the ISO shows, and moves the forwarding (ruling 27). */
  reconcile(
    context: StepContext,
    forwarding: ClaimedForwarding,
    part: Part,
    submission: Submission,
  ): Promise<StepResult>;
  /** What the ISO holds, as questions: one request each, asked in this order and one at a time. */
  toQuestions(scope: HeldScope): readonly HeldQuestion[];
  /** Whether the ISO has announced that it may be down then: nobody is alarmed. */
  isMaintenance(at: Instant): boolean;
  /** Closes every connection; what is under way ends as `unavailable` or `unknown`. */
  close(): Promise<void>;
}
