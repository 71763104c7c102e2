/** Numbers remembered of one kind; about 5 MB of memory at most. */
export const maxSeenNumbers = 50_000;

/** Finds control numbers and references that stand twice; past its limit a repetition goes unseen. */
export class SeenNumbers {
  #seen = new Set<string>();
  isCapped = false;

  /** Whether the number was added before. */
  add(number: string): boolean {
    if (this.#seen.has(number)) return true;
    if (this.#seen.size < maxSeenNumbers) this.#seen.add(number);
    else this.isCapped = true;
    return false;
  }

  has(number: string): boolean {
    return this.#seen.has(number);
  }

  clear(): void {
    if (this.#seen.size > 0) this.#seen = new Set();
  }
}
