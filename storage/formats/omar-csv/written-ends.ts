import { toInvalid } from '../../model/errors.ts';
import type { OmarMapping } from './from-reading-set.ts';

/** Ends remembered of one series that does not ascend: about 40 MB. */
export const maxEnds = 500_000;

/**
 * The interval ends that were written of the series that goes on, so that none is written twice: the ISO refuses it.
 */
export class WrittenEnds {
  #key = '';
  #latest = Number.NEGATIVE_INFINITY;
  #ends: number[] = [];
  /** Built only when the series stops ascending. */
  #seen: Set<number> | undefined;

  /** Goes on with a series; another one than before forgets it. */
  begin({ resourceId, measurementType, unit }: OmarMapping): void {
    const key = `${resourceId}\0${measurementType}\0${unit}`;
    if (key === this.#key) return;
    this.#key = key;
    this.#latest = Number.NEGATIVE_INFINITY;
    this.#ends = [];
    this.#seen = undefined;
  }

  /**
   * False when the end was there before.
   *
   * @throws `invalid-request` when the series has more ends than are remembered
   */
  add(end: number): boolean {
    if (end <= this.#latest) this.#seen ??= new Set(this.#ends);
    if (this.#seen?.has(end) === true) return false;
    if (this.#ends.length >= maxEnds) {
      const at = this.#key.replaceAll('\0', ' ');
      throw toInvalid('Cannot write OMAR CSV', {
        at,
        value: 'more readings',
        expected: `at most ${maxEnds}`,
      });
    }
    this.#latest = Math.max(this.#latest, end);
    this.#ends.push(end);
    this.#seen?.add(end);
    return true;
  }
}
