/**
 * The closed set of things that can go wrong and that the *caller* could do something about. Anything else that
 * is thrown is a bug or a broken machine and keeps its own class and chain of causes.
 *
 * The server joins these codes to problem documents in one exhaustive table (`server/problem.ts`); the words for
 * people stand in `docs/problems.md`.
 */
export const errorCodes = [
  'invalid-request',
  'unauthenticated',
  'not-allowed',
  'not-found',
  'method-not-allowed',
  'not-acceptable',
  'request-timeout',
  'conflict',
  'gone',
  'precondition-failed',
  'precondition-required',
  'too-large',
  'unknown-format',
  'range-not-satisfiable',
  'expectation-failed',
  'refused-file',
  'digest-mismatch',
  'idempotency-mismatch',
  'too-many-requests',
  'too-many-postings',
  'unavailable',
  'storage-full',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** What was wrong with one value: where it stands, what it was, what would have been right. */
export interface ValueFault {
  /** The place: a parameter, header, setting path or field name. */
  readonly at: string;
  /** The offending value, shortened to 100 characters; never a secret. */
  readonly value: string;
  /** What was expected, in plain words. */
  readonly expected: string;
}

export interface MdmaErrorDetails {
  readonly cause?: unknown;
  /** The single values at fault, all of them. */
  readonly faults?: readonly ValueFault[];
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number;
  /** Further members for the problem document; nothing that opens a door. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/**
 * An error the caller can act upon. The message names the action that failed, then a colon, then the state found:
 * `Cannot retrieve file "202611210101.dat": it was archived`.
 */
export class MdmaError extends Error {
  override readonly name = 'MdmaError';
  readonly code: ErrorCode;
  readonly faults: readonly ValueFault[];
  readonly retryAfterSeconds: number | undefined;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: MdmaErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.faults = details.faults ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.members = details.members ?? {};
  }
}

/** An `invalid-request` about one value. */
export function toInvalid(action: string, fault: ValueFault): MdmaError {
  const value = fault.value.length > 100 ? `${fault.value.slice(0, 100)}…` : fault.value;
  return new MdmaError(
    'invalid-request',
    `${action}: ${fault.at} is ${JSON.stringify(value)}, expected ${fault.expected}`,
    {
      faults: [{ ...fault, value }],
    },
  );
}
