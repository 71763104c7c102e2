import type { CmepProfile } from './profile.ts';

export interface Identity {
  readonly meter: string;
  readonly account: string;
  /** Service delivery point. */
  readonly sdp: string;
  readonly channel: string;
  /** Who is to receive the record; empty where a Sensus key makes another use of that field. */
  readonly receiver: string;
}

/** What a digit of the Sensus key says its field holds, in the order of trust for a meter (CMEP facts, 14.1). */
const meterDigits = ['3', '2', '5'];
const channelDigit = '4';
const deliveryPointDigit = '5';

/** Meter ID (8), Sender customer ID (4), Receiver ID (5), Receiver customer ID (6). */
export interface IdentityFields {
  readonly meter: string;
  readonly account: string;
  readonly receiver: string;
  readonly receiverAccount: string;
}

/**
 * Who a record is about. The account is the sender's reference, or the receiver's where the sender gives none; with a
 * Sensus key there is no account.
 */
export function resolveIdentity(fields: IdentityFields, profile: CmepProfile): Identity {
  const { meter, account, receiver, receiverAccount } = fields;
  const key = profile.identity === 'sensus-key' ? findSensusKey(account) : undefined;
  if (key === undefined)
    return { meter, account: account || receiverAccount, sdp: '', channel: '', receiver };
  const keyed = [
    { text: receiver, digit: key.receiver },
    { text: receiverAccount, digit: key.receiverAccount },
    { text: meter, digit: key.meterId },
  ];
  const textOf = (digit: string) => keyed.find((field) => field.digit === digit && field.text !== '')?.text;
  const isChannel = key.meterId === channelDigit;
  const named = meterDigits.map(textOf).find((text) => text !== undefined) ?? '';
  return {
    meter: isChannel || meter === '' ? named : meter,
    account: '',
    sdp: textOf(deliveryPointDigit) ?? '',
    channel: isChannel ? meter : '',
    receiver: '',
  };
}

/** What the key of Sensus (`SPS:130000`) says that fields 5, 6 and 8 hold, or undefined when `account` has none. */
export function findSensusKey(
  account: string,
): { receiver: string; receiverAccount: string; meterId: string } | undefined {
  const key = /^[^:]*:(\d{6})$/.exec(account)?.[1];
  if (key === undefined) return undefined;
  return { receiver: key.charAt(0), receiverAccount: key.charAt(1), meterId: key.charAt(2) };
}
