/** Distinct accounts are counted exactly up to here; about 5 MB of memory at most. */
const maxDistinctAccounts = 50_000;

/** Counts customer accounts, and those with any estimated reading. */
export class AccountTally {
  readonly #all = new Set<string>();
  readonly #estimated = new Set<string>();
  #last: string | undefined;
  #isLastEstimated = false;

  /** Neighbouring sets mostly share their account: then there is nothing to do. */
  add(account: string, isEstimated: boolean): void {
    if (account === this.#last && (this.#isLastEstimated || !isEstimated)) return;
    this.#last = account;
    this.#isLastEstimated = isEstimated;
    if (this.#all.size < maxDistinctAccounts) this.#all.add(account);
    if (isEstimated && this.#all.has(account)) this.#estimated.add(account);
  }

  get accounts(): number {
    return this.#all.size;
  }

  get estimatedAccounts(): number {
    return this.#estimated.size;
  }

  /** Between 0 and 1. */
  get estimatedShare(): number {
    return this.#all.size === 0 ? 0 : this.#estimated.size / this.#all.size;
  }
}
