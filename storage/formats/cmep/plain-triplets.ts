import type { CmepRecord } from './fields/record.ts';
import { StampReader } from './fields/stamp-reader.ts';
import type { Triplets } from './triplets.ts';

const point = 0x2e;
const stampCharacters = 12;
const maxWholeDigits = 10;
const maxFractionDigits = 5;
/** From a number with so many digits after its point to a whole number of 10^-5. */
const toAmounts = [100_000, 10_000, 1_000, 100, 10, 1];

/**
 * The fast lane for what nearly every triplet of MEPMD01 looks like: a whole stamp, a flag of the profile with a value
 * (or N without one), a plain number, no blanks, quotes or signs. It reads each byte once; splitting, stamps and
 * numbers apart need three passes and half the speed. It reports nothing: where a triplet is not plain it stops, and
 * the general checks go on from there with the same meaning.
 */
export class PlainTriplets {
  readonly #triplets: Triplets;
  readonly #reader = new StampReader();
  #amount = 0;

  constructor(triplets: Triplets) {
    this.#triplets = triplets;
  }

  /**
   * Takes triplets from `at`, the start of field 15, as long as they are plain; fills stamps and qualities.
   * The last triplet is taken only with the comma after it or as the end of the line.
   *
   * @returns the place after the last plain triplet and its comma; `end` + 1 when the line ended with it
   */
  scan(record: CmepRecord, from: number): number {
    const { bytes, end, separator } = record;
    const triplets = this.#triplets;
    const { stamps, qualities, amounts } = triplets;
    let count = 0;
    let at = from;
    while (count < stamps.length && at + stampCharacters + 2 <= end) {
      const flagStart = at + stampCharacters + 1;
      if (bytes[flagStart - 1] !== separator) break;
      const stamp = this.#reader.read(record, at);
      let flagEnd = flagStart;
      while (flagEnd < end && bytes[flagEnd] !== separator) flagEnd++;
      const quality = flagEnd === flagStart ? 0 : triplets.qualityOf(bytes, flagStart, flagEnd);
      if (Number.isNaN(stamp) || quality < 0 || flagEnd === end) break;
      const next = this.#scanValue(record, flagEnd + 1, quality);
      if (next === 0) break;
      stamps[count] = stamp;
      qualities[count] = quality;
      amounts[count] = this.#amount;
      record.addTriplet(at, flagStart, flagEnd, next - 1);
      count++;
      at = next;
    }
    triplets.plainCount = count;
    return at;
  }

  /**
   * Gives the place after the value's comma, `end` + 1 at the line's end, 0 when the value is not plain; leaves the
   * value as a whole number of 10^-5.
   */
  #scanValue({ bytes, end, separator }: CmepRecord, start: number, quality: number): number {
    let digits = 0;
    let at = start;
    for (; at < end; at++) {
      const digit = (bytes[at] as number) - 0x30;
      if (digit < 0 || digit > 9) break;
      digits = digits * 10 + digit;
    }
    const wholeEnd = at;
    let fraction = 0;
    if (at < end && bytes[at] === point) {
      for (at++; at < end; at++) {
        const digit = (bytes[at] as number) - 0x30;
        if (digit < 0 || digit > 9) break;
        digits = digits * 10 + digit;
      }
      fraction = at - wholeEnd - 1;
      if (fraction === 0 || fraction > maxFractionDigits) return 0;
    }
    if (at < end && bytes[at] !== separator) return 0;
    this.#amount = digits * (toAmounts[fraction] as number);
    const isPlain = this.#triplets.isMissing(quality)
      ? at === start
      : wholeEnd > start && wholeEnd - start <= maxWholeDigits;
    return isPlain ? at + 1 : 0;
  }
}
