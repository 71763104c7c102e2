import type { ErrorCode, MdmaError } from '../storage/model/errors.ts';

/** What a caller is told about one kind of failure (RFC 9457). */
interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

/** The one place that joins what went wrong inside to what is said outside; a code without a row does not compile. */
export const problemKinds: Readonly<Record<ErrorCode, ProblemKind>> = {
  'invalid-request': { status: 400, title: 'The request cannot be understood' },
  unauthenticated: { status: 401, title: 'Who you are is not known' },
  'not-allowed': { status: 403, title: 'You may not do this' },
  'not-found': { status: 404, title: 'Nothing is there' },
  'method-not-allowed': { status: 405, title: 'This cannot be done there' },
  'not-acceptable': { status: 406, title: 'No form of it is acceptable to you' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'It is not in the state for this' },
  gone: { status: 410, title: 'It was archived' },
  'precondition-failed': { status: 412, title: 'It has changed' },
  'too-large': { status: 413, title: 'Too large' },
  'unknown-format': { status: 415, title: 'The format is not known' },
  'range-not-satisfiable': { status: 416, title: 'The file has no such range' },
  'expectation-failed': { status: 417, title: 'What you expect is not done here' },
  'refused-file': { status: 422, title: 'The file was refused' },
  'digest-mismatch': { status: 422, title: 'The digest is another one' },
  'idempotency-mismatch': { status: 422, title: 'The key was used for another request' },
  'precondition-required': { status: 428, title: 'A condition is required' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'too-many-postings': { status: 429, title: 'Too many postings' },
  unavailable: { status: 503, title: 'Not available now' },
  'storage-full': { status: 507, title: 'No room to store it' },
};

/** A problem document. `instance` is the request's id, under which the log has the rest. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly [member: string]: unknown;
}

/** What strangers learn of a bug or a broken machine: nothing but where to ask. */
export function toInternalProblem(requestId: string): Problem {
  return {
    type: toType('internal'),
    title: 'The server failed',
    status: 500,
    detail: `Cannot answer: the server failed; ask support about request ${requestId}`,
    instance: requestId,
  };
}

/** The problem document of an error the caller can act upon. */
export function toProblem(error: MdmaError, requestId: string): Problem {
  const { status, title } = problemKinds[error.code];
  return {
    type: toType(error.code),
    title,
    status,
    detail: error.message,
    instance: requestId,
    ...(error.faults.length > 0 && { faults: error.faults }),
    ...error.members,
  };
}

function toType(code: ErrorCode | 'internal'): string {
  return `urn:mdma:problem:${code}`;
}
