import type { FaultList } from '../fault-list.ts';
import type { ReadingSet } from '../format.ts';
import type { CheckCode } from './check-table.ts';
import { toRecordFault } from './record-fault.ts';

/** Receivers remembered, so that each is reported once. */
const maxReceivers = 1_000;

/** Whether a file is for one receiver, and for a known one. Records that name none say nothing. */
export class PartyCheck {
  readonly #known: ReadonlySet<string>;
  readonly #faults: FaultList<CheckCode>;
  readonly #met = new Set<string>();
  #last = '';
  #isMixed = false;

  constructor(receivers: readonly string[], faults: FaultList<CheckCode>) {
    this.#known = new Set(receivers);
    this.#faults = faults;
  }

  take(set: ReadingSet): void {
    if (set.receiver === this.#last || set.receiver === '') return;
    this.#last = set.receiver;
    if (this.#met.has(set.receiver) || this.#met.size >= maxReceivers) return;
    const [first] = this.#met;
    this.#met.add(set.receiver);
    if (first !== undefined && !this.#isMixed) {
      this.#isMixed = true;
      const message = `The file names the receivers ${first} and ${set.receiver}; expected one.`;
      this.#faults.add('C_PARTIES_MIXED', toRecordFault(set, message, set.receiver));
    }
    if (this.#known.size === 0 || this.#known.has(set.receiver)) return;
    const message = `The receiver ${set.receiver} is none of the mailbox's own (${[...this.#known].join(', ')}).`;
    this.#faults.add('C_PARTY_UNKNOWN', toRecordFault(set, message, set.receiver));
  }
}
