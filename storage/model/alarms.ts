/**
 * Every alarm that the programs raise, by its sign: the words that the log, a health report or a forwarding's reason
 * begins it with, or the name of a metric; and the page of `ops/runbooks` that says what to do. What is not in here
 * cannot be told as a warning or an error.
 */
export const alarms = {
  'a person must decide about a forwarding': 'unknown-forwarding',
  'forwardings wait for a person': 'unknown-forwarding',
  mdma_bridge_forwardings_for_a_person: 'unknown-forwarding',
  'a person should look at a forwarding': 'overdue-forwarding',
  'a person should look': 'overdue-forwarding',
  'forwardings make no progress': 'overdue-forwarding',
  'overdue at the ISO': 'overdue-forwarding',
  'forwardings are overdue at the ISO': 'overdue-forwarding',
  mdma_bridge_forwardings_asking_for_attention: 'overdue-forwarding',
  'nobody takes up a forwarding that is due': 'nobody-takes-up',
  mdma_bridge_oldest_due_seconds: 'nobody-takes-up',
  'forwardings are due to an account that this bridge is not configured for': 'nobody-takes-up',
  'the ISO showed a page that is not recognised: work of this kind stops for the account until staff release it':
    'stopped-account',
  'work stands still, a page was not recognised': 'stopped-account',
  'work of this account is stopped: the ISO showed a page that was not recognised': 'stopped-account',
  mdma_bridge_stops: 'stopped-account',
  'a step failed; it is tried again': 'step-failed',
  'the step failed': 'step-failed',
  'the heartbeat failed; it is tried again': 'heartbeat-failed',
  'a lease was not given back; it ends by itself': 'store-does-not-answer',
  'the store does not answer': 'store-does-not-answer',
  'no room for posts': 'disk-full',
  'the certificate for the ISO expires soon: order a new one': 'certificate-expiring',
  'the certificate for the ISO has expired': 'certificate-expiring',
  mdma_iso_certificate_end_seconds: 'certificate-expiring',
  'an account is not served': 'account-not-served',
  'certificates could not be read again; those in use stay': 'certificate-expiring',
  'nothing is posted or submitted until it is right': 'clock-off',
  'nothing is submitted': 'clock-off',
  'nothing can be posted': 'clock-off',
  'waits until the clock is right': 'clock-off',
  'the clock is not measured': 'clock-off',
  mdma_clock_state: 'clock-off',
  mdma_clock_offset_seconds: 'clock-off',
  'a request failed': 'server-errors',
  'the end of a retrieval could not be put on record': 'server-errors',
  mdma_dropped_connections_total: 'server-errors',
  stopping: 'server-errors',
  'a job failed': 'job-failed',
  'a file could not be aged': 'job-failed',
  mdma_jobs_total: 'job-failed',
} as const;

type Sign = keyof typeof alarms;

declare const isReason: unique symbol;
/** A line of a health report; only `toReason` makes it. */
export type Reason = string & { readonly [isReason]: true };

/** A log as the programs have it: the words are for people, the fields for programs. */
type AlarmLog = Readonly<Record<'warn' | 'error', (fields: object, words: string) => void>>;

/** Puts an alarm in the log, with its page among the fields. */
export function raise(
  log: AlarmLog,
  level: 'warn' | 'error',
  sign: Sign,
  fields: object,
  details?: string,
): void {
  log[level]({ ...fields, runbook: toRunbook(sign) }, toWords(sign, details));
}

/** An alarm as a health report tells it, with its page. */
export function toReason(sign: Sign, details?: string): Reason {
  return `${toWords(sign, details)} (${toRunbook(sign)})` as Reason;
}

/** An alarm in the reason of a forwarding, as everywhere: its sign, then what was found. */
export function toWords(sign: Sign, details?: string): string {
  return details === undefined ? sign : `${sign}: ${details}`;
}

function toRunbook(sign: Sign): string {
  return `ops/runbooks/${alarms[sign]}.md`;
}
