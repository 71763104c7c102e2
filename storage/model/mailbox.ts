import { toInvalid } from './errors.ts';

declare const mailboxBrand: unique symbol;
declare const participantBrand: unique symbol;

/** The name of a mailbox, as it stands in paths: 1–32 of `a-z 0-9 . _ -`, a letter or digit at both ends. */
export type MailboxName = string & { readonly [mailboxBrand]: 'MailboxName' };

/** The short name of somebody who may log in: same alphabet as a mailbox's. */
export type ParticipantName = string & { readonly [participantBrand]: 'ParticipantName' };

const slug = /^[a-z0-9](?:[a-z0-9._-]{0,30}[a-z0-9])?$/;
const expected = '1 to 32 of a-z, 0-9, dot, dash and underscore, with a letter or digit at both ends';

/** Whether the text could be a mailbox's name; says nothing about whether there is one. */
export function isMailboxName(text: string): text is MailboxName {
  return slug.test(text) && !text.includes('..');
}

export function parseMailboxName(text: string, at = 'mailbox'): MailboxName {
  if (!isMailboxName(text)) throw toInvalid('Cannot read mailbox name', { at, value: text, expected });
  return text;
}

export function parseParticipantName(text: string, at = 'participant'): ParticipantName {
  if (!slug.test(text)) throw toInvalid('Cannot read participant name', { at, value: text, expected });
  return text as ParticipantName;
}

/** Who a file is for, as its records name them (CMEP field 5, 867 receiver): a DUNS number or another short text. */
export function parseReceiver(text: string, at = 'receiver'): string {
  if (/^[!-~](?:[ -~]{0,78}[!-~])?$/.test(text)) return text;
  const expected = '1 to 80 printable characters without blanks at its ends, such as a DUNS number';
  throw toInvalid('Cannot read receiver', { at, value: text, expected });
}

/**
 * What somebody may do. A participant reads its own mailboxes; staff post and see everything; a program posts on
 * staff's behalf and sees its own postings.
 */
export const roles = ['participant', 'staff', 'program'] as const;
export type Role = (typeof roles)[number];
