import type {
  Attention,
  ForwardingState,
  PartExtension,
  SubmissionState,
  Way,
  WorkKind,
} from '../model/forwarding.ts';
import type { Instant } from '../model/time.ts';
import type { Transaction } from '../model/transaction.ts';
import type { DurableFile } from './postings.ts';

/** One attempt to send a part. */
export interface Submission {
  readonly id: number;
  readonly attempt: number;
  readonly isoName: string;
  readonly state: SubmissionState;
  readonly intendedAt: Instant;
  /** After this instant the act can no longer be under way (ruling 27). */
  readonly deadlineAt: Instant;
  readonly isoFileId: string | null;
  readonly isoStatus: string | null;
  /** How often its status was asked for. */
  readonly polls: number;
  /** The ISO's own words, or ours where it said nothing. */
  readonly words: string;
}

export interface Part {
  readonly id: number;
  /** From 1. */
  readonly number: number;
  readonly file: DurableFile;
  readonly extension: PartExtension;
  /** As the ISO counts them. */
  readonly records: number;
  /** In rising attempt. */
  readonly submissions: readonly Submission[];
}

interface ForwardingFacts {
  readonly id: number;
  readonly transaction: Transaction;
  readonly account: string;
  readonly way: Way;
  readonly state: ForwardingState;
  readonly createdAt: Instant;
  /** 0: made with its posting; else its n-th backfill, made later because meters were mapped later. */
  readonly backfill: number;
  /** Since when every step has failed, or what it waits for has been on hold; null while it makes progress. */
  readonly stuckSinceAt: Instant | null;
  /** Why a person should look, though it goes on by itself; null while nobody has to. */
  readonly attention: Attention | null;
  readonly parts: readonly Part[];
}

/** A forwarding that was claimed: nobody else moves it until the lease ends. */
export interface ClaimedForwarding extends ForwardingFacts {
  /**
   * The id of a forwarding to the same account that comes before this one: what was posted earlier about the same data
   * and is still on its way, or has a part under validation while it waits for a person. Sent the other way round, the
   * ISO would keep the older data. The same data is what this one corrects, however many corrections back, and other
   * corrections of that; for a correction also any other correction of the same days. Null when there is none, and,
   * like `overtakenBy`, when nothing of this one is to be sent.
   */
  readonly waitsFor: number | null;
  /** Whether that one is on hold: it does not go on by itself. */
  readonly isPredecessorHeld: boolean;
  /**
   * The id of a forwarding to the same account of what was posted later about the same data and may be at the ISO
   * already: sending this one would put older data in its place. The same data is what corrects this one, or what this
   * one corrects; for a correction also anything of the same days. Null when there is none.
   */
  readonly overtakenBy: number | null;
}

/** What an operator sees in a list. */
export interface ListedForwarding extends ForwardingFacts {
  readonly reason: string;
  /** When something happens next by itself; null when nothing does. */
  readonly dueAt: Instant | null;
  readonly isHeld: boolean;
  /** Readings left out because no resource was mapped. */
  readonly unmapped: number;
  readonly changedAt: Instant;
}

/** What of another forwarding may be at the ISO: of each part the submission that was not refused and is not absent. */
export interface RelatedForwarding {
  readonly id: number;
  readonly transaction: Transaction;
  readonly state: ForwardingState;
  readonly submissions: readonly {
    /** Number of the part. */
    readonly part: number;
    readonly attempt: number;
    readonly isoName: string;
    readonly state: SubmissionState;
    readonly isoFileId: string | null;
  }[];
}

/** What an operator sees of one. */
export interface Forwarding extends ListedForwarding {
  /** To the same account, of the posting that this one's posting corrects (ISO-10). */
  readonly replaces: readonly RelatedForwarding[];
  /** To the same account, of the postings that correct this one's posting. */
  readonly replacedBy: readonly RelatedForwarding[];
  readonly history: readonly { sequence: number; at: Instant; kind: string; body: unknown }[];
}

/** Where a forwarding goes next; `dueAt` null when nothing more happens by itself. */
export interface Move {
  readonly state: ForwardingState;
  readonly reason: string;
  readonly dueAt: Instant | null;
  /** As with a forwarding; null when left out. */
  readonly stuckSinceAt?: Instant | null;
  readonly attention?: Attention | null;
}

/** What a person should be told of, of all accounts; what is on hold is known to staff and counts nowhere. */
export interface AttentionCounts extends Readonly<Record<Attention, number>> {
  /** Forwardings that wait for a person. */
  readonly person: number;
  /**
   * Of each account by its way, when the forwarding that is most overdue should have been taken up, or will be. One that
   * is on hold or worked on is none, and none is to be taken up before a pause of the account ends.
   */
  readonly oldestDue: readonly { readonly account: string; readonly way: Way; readonly dueAt: Instant }[];
}

export interface NewPart {
  readonly number: number;
  readonly file: DurableFile;
  readonly extension: PartExtension;
  readonly records: number;
}

/** One thing that the ISO found wrong in what was submitted, and what in the posting that is, as far as its words tell. */
export interface SubmissionError {
  /** The ISO's words. */
  readonly words: string;
  readonly occurrences: number;
  /** Empty, like meter and unit, where the words name none. */
  readonly resourceId: string;
  /** The posted meter that is mapped to the resource. */
  readonly meter: string;
  readonly unit: string;
  readonly intervalEndAt: Instant | null;
  /** Line of the part (in MDEF the number of the record), from 1. */
  readonly line: number | null;
}

/** The same with where it was found. */
export interface ExplainedError extends SubmissionError {
  readonly part: number;
  readonly attempt: number;
}

/** What became of a submission, or of asking for it. */
export interface Outcome {
  readonly state: SubmissionState;
  readonly isoFileId?: string;
  readonly isoStatus?: string;
  readonly words: string;
  /** Whether this was one more look at its status. */
  readonly isPoll?: boolean;
  /** What the ISO found wrong in it; what was known before stays when left out. */
  readonly errors?: readonly SubmissionError[];
}

/** Work that stands still because a page of the ISO was not recognised (invariant 10). */
export interface Stop {
  readonly id: number;
  readonly account: string;
  readonly kind: WorkKind;
  readonly why: string;
  /** What the page came with; null for one that was kept before that was recorded. */
  readonly head: PageHead | null;
  /** The kept page. */
  readonly file: DurableFile;
  readonly keptAt: Instant;
}

/** What of an HTTP answer stands before its body, as far as it takes to read it again. */
interface PageHead {
  readonly httpStatus: number;
  /** Empty where there was none. */
  readonly contentType: string;
}

/**
 * Forwardings, their parts and submissions. Every move is made by the holder of the lease only: an operation on a
 * forwarding whose lease is lost rejects with `conflict` and changes nothing, so that a stopped and resumed bridge
 * cannot act on what another took over (ruling 27). Every move to another state or reason is an event.
 */
export interface Forwardings {
  /** When the next forwarding to an account is due, held ones aside; undefined when none is. */
  findNextDueAt(account: string, way: Way): Promise<Instant | undefined>;
  /** The accounts to which something is due, held ones aside. */
  listDueAccounts(): Promise<{ account: string; way: Way }[]>;
  /** Claims the forwarding to an account that is most overdue, not held and not leased. */
  claimForwarding(account: string, way: Way, leaseUntilAt: Instant): Promise<ClaimedForwarding | undefined>;
  /** Lengthens our lease. */
  renewLease(id: number, leaseUntilAt: Instant): Promise<void>;
  /** Moves and gives the lease back. */
  moveForwarding(id: number, move: Move): Promise<void>;
  /**
   * Records the parts, made once and durable before; moves and gives the lease back.
   *
   * @param left readings that were not taken over, by reason; `unmapped` among them
   */
  recordParts(
    id: number,
    parts: readonly NewPart[],
    left: Readonly<Record<string, number>>,
    move: Move,
  ): Promise<void>;
  /** Puts the intent to send on record, durable before the act; moves to `submitting` and lengthens our lease. */
  recordIntent(
    id: number,
    intent: { partId: number; attempt: number; isoName: string; deadlineAt: Instant; leaseUntilAt: Instant },
  ): Promise<Submission>;
  /** Puts on record what became of a submission; with a move also moves and gives the lease back. */
  recordOutcome(id: number, submissionId: number, outcome: Outcome, move?: Move): Promise<void>;

  /**
   * File ids at the ISO of an account by a way: `later`, the sentinel of ruling 27, whose sending was put on record after
   * that of the submission and after its deadline, which a step of the clock alone cannot feign; `earlier`, the last one
   * before it.
   */
  findSentinels(
    account: string,
    way: Way,
    submission: Pick<Submission, 'id' | 'deadlineAt'>,
  ): Promise<{ readonly later: string | undefined; readonly earlier: string | undefined }>;

  /**
   * Files of an account's other parts that may have reached the ISO since an instant by a way: what is sent, or begun,
   * and what changed since in its state or the ISO's word. Of a forwarding that was closed by hand, of which nobody asks
   * any more, what is sent or begun counts only when its deadline is later than `openSinceAt`. At most `limit`, in no
   * order.
   */
  listRivals(
    account: string,
    way: Way,
    rival: {
      readonly partId: number;
      readonly sinceAt: Instant;
      readonly openSinceAt: Instant;
      readonly limit: number;
    },
  ): Promise<DurableFile[]>;

  /** Stops the work of a kind again when this very page was kept before; gives whether it was. */
  stopAgain(page: { account: string; kind: WorkKind; fingerprint: string }): Promise<boolean>;
  /** Keeps a page of the ISO that was not recognised, and stops the work of its kind for the account. */
  keepPage(page: {
    account: string;
    kind: WorkKind;
    fingerprint: string;
    why: string;
    head: PageHead;
    file: DurableFile;
  }): Promise<void>;
  /** What stands still, for one account or for all. */
  listStops(account: string | undefined): Promise<Stop[]>;
  /** Staff let stopped work go on; rejects with `not-found` when there is no such stop. */
  releaseStop(id: number, by: string, reason: string): Promise<void>;

  /** Newest first, for staff; `before` is an id, exclusive. */
  listForwardings(filter: {
    state: ForwardingState | undefined;
    transaction: Transaction | undefined;
    before: number | undefined;
    /** Only what waits for a person or asks for one's attention, and is not on hold. */
    needsAttention?: boolean;
    limit: number;
  }): Promise<{ forwardings: ListedForwarding[]; hasMore: boolean }>;
  countAttention(): Promise<AttentionCounts>;
  findForwarding(id: number): Promise<Forwarding | undefined>;
  /** What the ISO found wrong in a forwarding's parts, in their order. */
  listErrors(id: number): Promise<ExplainedError[]>;
  /** Staff hold or release a forwarding; rejects with `not-found`, or `conflict` when it has ended. */
  setHold(id: number, isHeld: boolean, by: string, reason: string): Promise<void>;
  /**
   * Staff make a forwarding due at once that waits for a person or for its time; it goes on where it stood, so that
   * what may be at the ISO is looked for before it is sent again. Rejects with `not-found`, or with `conflict` when it
   * has ended otherwise or is being worked on.
   */
  retryForwarding(id: number, now: Instant, by: string, reason: string): Promise<void>;
  /**
   * Staff close what waits for a person, or what they hold (ruling 15): it reads "closed by …", never "accepted".
   * Rejects with `not-found`, or with `conflict` when it is neither, has ended or is being worked on.
   */
  closeForwarding(id: number, by: string, reason: string): Promise<void>;
}
