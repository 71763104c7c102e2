import { type ParticipantName, parseParticipantName, type Role } from '../../storage/model/mailbox.ts';

/** Somebody of the quick start who has a certificate. */
export interface Client {
  readonly name: 'staff' | 'esp-one' | 'esp-two' | 'udc-one';
  readonly title: string;
  readonly role: Role;
}

export type ClientName = Client['name'];

/** One member of staff, two ESPs and a UDC; each participant has a mailbox of its own name. */
export const clients: readonly Client[] = [
  { name: 'staff', title: 'MDMA staff', role: 'staff' },
  { name: 'esp-one', title: 'First Energy Services', role: 'participant' },
  { name: 'esp-two', title: 'Second Energy Services', role: 'participant' },
  { name: 'udc-one', title: 'Pacific Distribution', role: 'participant' },
];

/** The account at the ISO, as configuration and mapping name it. */
export const isoAccount = 'sc-one';

export function toParticipantName({ name }: Client): ParticipantName {
  return parseParticipantName(name);
}
