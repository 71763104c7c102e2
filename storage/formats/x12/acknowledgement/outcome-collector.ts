import type { Isa } from '../isa.ts';
import type { SetError } from '../segment.ts';
import type { EnvelopeObserver, Group } from '../set-reader.ts';
import { groupAnswerCodes } from './answer-codes.ts';

/** Interchanges and groups of one file: about 10 MB. What is beyond cannot be answered. */
export const maxAnswered = 10_000;
/**
 * Sets listed of one file, and errors of one set and of all, as many warnings beside them: what is beyond is counted.
 * About 50 MB at most.
 */
const maxListedSets = 20_000;
const maxErrorsOfSet = 100;
const maxErrors = 50_000;

/** What became of a transaction set. */
export interface SetOutcome {
  readonly setId: string;
  readonly controlNumber: string;
  isGood: boolean;
  hasWarnings: boolean;
  readonly errors: SetError[];
  /** Apart from the errors, so that a flood of them hides none. */
  readonly warnings: SetError[];
}

/** What became of the sets of a functional group. */
export interface GroupOutcome {
  readonly group: Group;
  /** Not more than are listed; `received` and `accepted` count all. */
  readonly sets: SetOutcome[];
  received: number;
  accepted: number;
  warned: number;
  /** As GE01 says; NaN when it does not. */
  claimed: number;
  /** AK905. */
  readonly errors: Set<string>;
}

export interface InterchangeOutcome {
  readonly isa: Isa;
  readonly groups: GroupOutcome[];
}

/** Collects, beside a scan, what its acknowledgement will say. */
export class OutcomeCollector implements EnvelopeObserver {
  readonly interchanges: InterchangeOutcome[] = [];
  /** Interchanges and groups met, those included that are not kept. */
  metCount = 0;
  #group: GroupOutcome | undefined;
  #set: SetOutcome | undefined;
  #listed = 0;
  #errors = 0;
  #warnings = 0;

  onInterchange(isa: Isa): void {
    if (++this.metCount <= maxAnswered) this.interchanges.push({ isa, groups: [] });
  }

  onGroup(group: Group): void {
    this.#group = undefined;
    if (++this.metCount > maxAnswered) return;
    this.#group = {
      group,
      sets: [],
      received: 0,
      accepted: 0,
      warned: 0,
      claimed: Number.NaN,
      errors: new Set(),
    };
    this.interchanges.at(-1)?.groups.push(this.#group);
  }

  onSet(setId: string, controlNumber: string): void {
    this.#set = { setId, controlNumber, isGood: false, hasWarnings: false, errors: [], warnings: [] };
    if (this.#group === undefined) return;
    this.#group.received++;
    if (++this.#listed <= maxListedSets) this.#group.sets.push(this.#set);
  }

  onSetError(error: SetError): void {
    if (error.position === 0) {
      const code = groupAnswerCodes[error.code];
      if (code !== undefined) this.#group?.errors.add(code);
      return;
    }
    const list = error.isWarning ? this.#set?.warnings : this.#set?.errors;
    if (list === undefined || list.length >= maxErrorsOfSet) return;
    const count = error.isWarning ? ++this.#warnings : ++this.#errors;
    if (count <= maxErrors) list.push(error);
  }

  onSetEnd(isGood: boolean, hasWarnings: boolean): void {
    const set = this.#set;
    this.#set = undefined;
    if (set === undefined) return;
    set.isGood = isGood;
    set.hasWarnings = hasWarnings;
    if (this.#group === undefined) return;
    if (isGood) this.#group.accepted++;
    if (isGood && hasWarnings) this.#group.warned++;
  }

  onGroupEnd(claimedSets: number): void {
    if (this.#group !== undefined) this.#group.claimed = claimedSets;
    this.#group = undefined;
  }
}
