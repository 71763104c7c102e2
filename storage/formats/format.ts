import type { Instant } from '../model/time.ts';

/**
 * The shape every format shares. Formats are pure: no file, network, clock or environment; bytes go in chunk by
 * chunk, records, faults and a summary come out (rulings 31–37).
 */
export const formatNames = ['cmep', 'mdef', 'omar-csv', 'x12-867', 'x12-997'] as const;
export type FormatName = (typeof formatNames)[number];

/** Formats that can be posted: all that hold readings. */
export const postableFormats = ['cmep', 'mdef', 'omar-csv', 'x12-867'] as const;

/** The ISO's own formats, passed through byte for byte (ruling 25); others are converted, by the mapped meters. */
const isoFormats = ['mdef', 'omar-csv'] as const;
export type IsoFormat = (typeof isoFormats)[number];

export function isIsoFormat(format: FormatName): format is IsoFormat {
  return isoFormats.some((each) => each === format);
}

/**
 * What the values of a set are: amounts of intervals; reads of a register, which only grow; or totals of a whole
 * period, as time-of-use values are.
 */
export type Measure = 'interval' | 'register' | 'total';

/** How sure a reading is; `missing` has no value (CMEP flag N). */
export type Quality = 'validated' | 'estimated' | 'adjusted' | 'raw' | 'missing';

export interface Reading {
  /** The end of the interval, or the instant of a register read. */
  readonly endAt: Instant;
  /** The value as decimal text, exactly as it stood (ruling 32); empty when `missing`. */
  readonly value: string;
  readonly quality: Quality;
}

/** One record's run of readings: what is kept of it as a row (ruling 4). Empty text where the record says nothing. */
export interface ReadingSet {
  /** Line of the record, from 1; for binary formats the number of the record. */
  readonly line: number;
  /** The record's bytes in the source file: from `byteStart` up to, not including, `byteEnd`. */
  readonly byteStart: number;
  readonly byteEnd: number;
  readonly sender: string;
  readonly receiver: string;
  /** Field 5 of CMEP as it stands: with a key of Sensus it holds something else than the receiver. */
  readonly receiverField?: string;
  /** The customer's account: the sender's reference, or the receiver's where the sender gives none. */
  readonly account: string;
  /** Both references as they stand (CMEP fields 4 and 6, 867 `REF*12` and `REF*11`). */
  readonly senderAccount: string;
  readonly receiverAccount: string;
  /** Service delivery point, where the format has one. */
  readonly sdp: string;
  readonly meter: string;
  readonly commodity: string;
  readonly unit: string;
  readonly channel: string;
  readonly measure: Measure;
  /** CMEP's words for it (`OK`, `RESEND`, `SUMMARY`, `HISTORY`, …); an 867 adds `CORRECT` and `CANCEL`. */
  readonly purpose: string;
  /** Multiplier from value to quantity, as decimal text; `1` when the record names none. */
  readonly multiplier: string;
  /** Length of an interval in minutes; 0 for registers, totals and steps of months. */
  readonly intervalMinutes: number;
  /** Start of the first interval (for registers: the first read) and end of the last. */
  readonly periodStartAt: Instant;
  readonly periodEndAt: Instant;
  readonly readings: number;
  readonly estimated: number;
  readonly adjusted: number;
  readonly raw: number;
  readonly missing: number;
  /** When the record was made, as it says itself; null where the format does not say. */
  readonly createdAt: Instant | null;
  /** The format's own reference to the transaction (such as BPT02), where it has one. */
  readonly externalReference: string;
  /** The reference of the transaction that this one corrects, repeats or cancels (`REF*59`). */
  readonly correctsReference: string;
  /** Why (`REF*1P`). */
  readonly reason: string;
}

/**
 * Exact sums of a set, as whole numbers of 10^-5 of its unit before its multiplier; NaN where they cannot be held
 * exactly (more than five decimals, or beyond 2^53). Readings without a value count as nothing.
 */
export interface SetAmounts {
  readonly sum: number;
  /** First and last value that there is. */
  readonly first: number;
  readonly last: number;
}

export const faultLevels = ['error', 'warning', 'note'] as const;
export type FaultLevel = (typeof faultLevels)[number];

/** Level of a check that a mailbox's owner may choose; `off` leaves it out. */
export const checkLevels = [...faultLevels, 'off'] as const;
export type CheckLevel = (typeof checkLevels)[number];

/** One thing found in a file, good enough to find it with an editor. */
export interface Fault {
  /** From the format's own table of codes, such as `E_UNITS`. */
  readonly code: string;
  readonly level: FaultLevel;
  /** From 1; 0 when the fault is the whole file's. */
  readonly line: number;
  /** Name of the field, and its number from 1 (0: the whole line). */
  readonly field: string;
  readonly fieldNumber: number;
  /** Offset of the offending text in the file, in bytes. */
  readonly byteOffset: number;
  /** The offending text, shortened to 60 characters, with bytes outside printable ASCII as `\xhh`. */
  readonly text: string;
  /** One plain sentence: what was found and what was expected. */
  readonly message: string;
}

/** What a scanned file holds. Shares are between 0 and 1. */
export interface Summary {
  readonly format: FormatName;
  readonly profile: string;
  readonly bytes: number;
  readonly records: number;
  readonly readingSets: number;
  readonly meters: number;
  /** Record count per unit. */
  readonly units: Readonly<Record<string, number>>;
  readonly firstAt: Instant | null;
  readonly lastAt: Instant | null;
  readonly readings: number;
  readonly estimated: number;
  readonly adjusted: number;
  readonly raw: number;
  readonly missing: number;
  readonly estimatedShare: number;
  readonly rawShare: number;
  /** Distinct customer accounts (the meter, where a record names no account), and those with any estimated reading. */
  readonly accounts: number;
  readonly estimatedAccounts: number;
  readonly estimatedAccountShare: number;
  /** Who sends and who is to receive, as the records say: at most 20 of each, in the order met. */
  readonly senders: readonly string[];
  readonly receivers: readonly string[];
}

export interface ScanResult {
  readonly summary: Summary;
  /** At most the scanner's limit, errors before notes where room is short, in the order of the file. */
  readonly faults: readonly Fault[];
  /** How many of each code there were, listed or not. */
  readonly faultCounts: Readonly<Record<string, number>>;
  /** Whether any fault is of level `error`: the file must be refused. */
  readonly isRefused: boolean;
}

export interface ScanOptions {
  /** The dialect, by name (CMEP: `strict`, `sensus-rni`, `smartsynch`). */
  readonly profile: string;
  /** For stamps in the future; handed in because formats have no clock. */
  readonly now: Instant;
  /** Most faults listed (default 1,000); the rest is counted. */
  readonly maxFaults?: number;
  /** Levels of checks beyond syntax (`checks/check-table.ts`), by code, where they are not the table's own. */
  readonly levels?: Readonly<Record<string, CheckLevel>>;
  /** Receivers that the file may name; left out: any. Others are `C_PARTY_UNKNOWN`. */
  readonly receivers?: readonly string[];
  /**
   * Called for every record that holds readings and no error, in the order of the file, before `push` returns.
   * `readings()` decodes the values; it may be called only until the callback returns. Who needs no more than sums
   * takes `amounts`, which cost nothing; a scanner that adds nothing up leaves them out.
   */
  readonly onReadingSet?: (set: ReadingSet, readings: () => Reading[], amounts?: SetAmounts) => void;
}

/** Takes a file chunk by chunk; chunks may be cut anywhere and are not kept after `push` returns. */
export interface Scanner {
  push(chunk: Uint8Array): void;
  /** Ends the file. Call once; after it the scanner is used up. */
  end(): ScanResult;
}
