import type { FaultList } from '../fault-list.ts';
import type { ReadingSet } from '../format.ts';
import type { CheckCode } from './check-table.ts';
import { toRecordFault } from './record-fault.ts';

/** Receivers remembered, so that each is reported once. */
const maxReceivers = 1_000;

/** What says who is to receive it, and where it stands in the file. */
export type Addressed = Pick<ReadingSet, 'receiver' | 'line' | 'byteStart'>;

/** Whether a file is for one receiver, and for a known one. Records that name none say nothing. */
export class PartyCheck {
  /** Undefined where any receiver will do. */
  readonly #known: ReadonlySet<string> | undefined;
  readonly #faults: FaultList<CheckCode>;
  readonly #met = new Set<string>();
  #last = '';
  #isMixed = false;

  constructor(receivers: readonly string[] | undefined, faults: FaultList<CheckCode>) {
    this.#known = receivers && new Set(receivers);
    this.#faults = faults;
  }

  take(record: Addressed): void {
    const { receiver } = record;
    if (receiver === this.#last || receiver === '') return;
    this.#last = receiver;
    if (this.#met.has(receiver) || this.#met.size >= maxReceivers) return;
    const [first] = this.#met;
    this.#met.add(receiver);
    if (first !== undefined && !this.#isMixed) {
      this.#isMixed = true;
      const message = `The file names the receivers ${first} and ${receiver}; expected one.`;
      this.#faults.add('C_PARTIES_MIXED', toRecordFault(record, message, receiver));
    }
    if (this.#known === undefined || this.#known.has(receiver)) return;
    const own =
      this.#known.size === 0 ? 'none, because the mailboxes share none' : [...this.#known].join(', ');
    const message = `The receiver ${receiver} is not one that the file may name: ${own}.`;
    this.#faults.add('C_PARTY_UNKNOWN', toRecordFault(record, message, receiver));
  }
}
