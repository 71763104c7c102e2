/** Accounts remembered; about 5 MB of memory at most. */
export const maxDistinctAccounts = 50_000;

/**
 * Counts customer accounts, and those with any estimated reading. Past its memory an account counts whenever it differs
 * from the one before it: still exact while the sets of an account follow each other (ruling 34).
 */
export class AccountTally {
  readonly #all = new Set<string>();
  readonly #estimated = new Set<string>();
  #last: string | undefined;
  #isLastEstimated = false;
  /** Accounts beyond those remembered. */
  #others = 0;
  #estimatedOthers = 0;

  /** Neighbouring sets mostly share their account: then there is nothing to do. */
  add(account: string, isEstimated: boolean): void {
    const isLast = account === this.#last;
    if (isLast && (this.#isLastEstimated || !isEstimated)) return;
    this.#last = account;
    this.#isLastEstimated = isEstimated;
    if (this.#all.size < maxDistinctAccounts) this.#all.add(account);
    if (!this.#all.has(account)) {
      if (!isLast) this.#others++;
      if (isEstimated) this.#estimatedOthers++;
    } else if (isEstimated) this.#estimated.add(account);
  }

  get accounts(): number {
    return this.#all.size + this.#others;
  }

  get estimatedAccounts(): number {
    return this.#estimated.size + this.#estimatedOthers;
  }

  /** Between 0 and 1. */
  get estimatedShare(): number {
    return this.accounts === 0 ? 0 : this.estimatedAccounts / this.accounts;
  }

  /** Whether there are more accounts than are remembered. */
  get isCapped(): boolean {
    return this.#others > 0;
  }
}
