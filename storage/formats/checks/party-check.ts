import type { FaultList } from '../fault-list.ts';
import type { ReadingSet } from '../format.ts';
import type { CheckCode } from './check-table.ts';
import { toRecordFault } from './record-fault.ts';

/** Unknown receivers remembered, so that each is reported once. */
export const maxUnknownReceivers = 1_000;

/** What says who sends it and who is to receive it, and where it stands in the file. */
export type Addressed = Pick<ReadingSet, 'sender' | 'receiver' | 'line' | 'byteStart'>;
type Role = 'sender' | 'receiver';

/** Whether a file is of one sender, and for one and a known receiver. Records that name none say nothing. */
export class PartyCheck {
  /** Undefined where any receiver will do. */
  readonly #known: ReadonlySet<string> | undefined;
  readonly #faults: FaultList<CheckCode>;
  readonly #first: Record<Role, string> = { sender: '', receiver: '' };
  readonly #mixed = new Set<Role>();
  readonly #unknown = new Set<string>();
  #last = '';
  #isCapped = false;

  constructor(receivers: readonly string[] | undefined, faults: FaultList<CheckCode>) {
    this.#known = receivers && new Set(receivers);
    this.#faults = faults;
  }

  take(record: Addressed): void {
    this.#checkMixed(record, 'sender');
    this.#checkMixed(record, 'receiver');
    this.#checkKnown(record);
  }

  #checkMixed(record: Addressed, role: Role): void {
    const name = record[role];
    const first = this.#first[role];
    if (name === first || name === '' || this.#mixed.has(role)) return;
    if (first === '') {
      this.#first[role] = name;
      return;
    }
    this.#mixed.add(role);
    const message = `The file names the ${role}s ${first} and ${name}; expected one.`;
    this.#faults.add('C_PARTIES_MIXED', toRecordFault(record, message, name));
  }

  #checkKnown(record: Addressed): void {
    const { receiver } = record;
    if (this.#known === undefined || receiver === this.#last || receiver === '') return;
    this.#last = receiver;
    if (this.#known.has(receiver) || this.#unknown.has(receiver)) return;
    if (this.#unknown.size < maxUnknownReceivers) this.#unknown.add(receiver);
    else this.#reportCap(record);
    const own =
      this.#known.size === 0 ? 'none, because the mailboxes share none' : [...this.#known].join(', ');
    const message = `The receiver ${receiver} is not one that the file may name: ${own}.`;
    this.#faults.add('C_PARTY_UNKNOWN', toRecordFault(record, message, receiver));
  }

  #reportCap(record: Addressed): void {
    if (this.#isCapped) return;
    this.#isCapped = true;
    const message = `More than ${maxUnknownReceivers} unknown receivers: one that comes back is reported again.`;
    this.#faults.add('C_CAP', toRecordFault(record, message, record.receiver));
  }
}
