import type { GroupAnswer } from '../../../storage/formats/x12/acknowledgement/answers.ts';

/** Sets whose answers are kept of one file: about 20 MB, errors included. */
const maxSets = 20_000;

/** The answers of a 997, up to a limit. */
export class AnswerTally {
  readonly answers: GroupAnswer[] = [];
  #sets = 0;
  /** Groups answered beyond the limit. */
  others = 0;

  take(answer: GroupAnswer): void {
    this.#sets += 1 + answer.sets.length;
    if (this.#sets <= maxSets || this.answers.length === 0) this.answers.push(answer);
    else this.others++;
  }
}
