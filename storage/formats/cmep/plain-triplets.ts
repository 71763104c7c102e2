import type { CmepRecord } from './fields/record.ts';
import { StampReader } from './fields/stamp-reader.ts';
import type { Triplets } from './triplets.ts';

const comma = 0x2c;
const point = 0x2e;
const stampCharacters = 12;
const maxWholeDigits = 10;
const maxFractionDigits = 5;

/**
 * The fast lane for what nearly every triplet of MEPMD01 looks like: a whole stamp, a flag of the profile with a value
 * (or N without one), a plain number, no blanks, quotes or signs. It reads each byte once; splitting, stamps and
 * numbers apart need three passes and half the speed. It reports nothing: where a triplet is not plain it stops, and
 * the general checks go on from there with the same meaning.
 */
export class PlainTriplets {
  readonly #triplets: Triplets;
  readonly #reader = new StampReader();

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
    const { bytes, end } = record;
    const triplets = this.#triplets;
    const { stamps, qualities } = triplets;
    let count = 0;
    let at = from;
    while (count < stamps.length && at + stampCharacters + 2 <= end) {
      const flagStart = at + stampCharacters + 1;
      if (bytes[flagStart - 1] !== comma) break;
      const stamp = this.#reader.read(record, at);
      let flagEnd = flagStart;
      while (flagEnd < end && bytes[flagEnd] !== comma) flagEnd++;
      const quality = flagEnd === flagStart ? 0 : triplets.qualityOf(bytes, flagStart, flagEnd);
      if (Number.isNaN(stamp) || quality < 0 || flagEnd === end) break;
      const next = this.#scanValue(record, flagEnd + 1, quality);
      if (next === 0) break;
      stamps[count] = stamp;
      qualities[count] = quality;
      record.addTriplet(at, flagStart, flagEnd, next - 1);
      count++;
      at = next;
    }
    triplets.plainCount = count;
    return at;
  }

  /** Gives the place after the value's comma, `end` + 1 at the line's end, 0 when the value is not plain. */
  #scanValue(record: CmepRecord, start: number, quality: number): number {
    const wholeEnd = skipDigits(record, start);
    let end = wholeEnd;
    if (end < record.end && record.bytes[end] === point) {
      end = skipDigits(record, end + 1);
      if (end === wholeEnd + 1 || end - wholeEnd - 1 > maxFractionDigits) return 0;
    }
    if (end < record.end && record.bytes[end] !== comma) return 0;
    const isPlain = this.#triplets.isMissing(quality)
      ? end === start
      : wholeEnd > start && wholeEnd - start <= maxWholeDigits;
    return isPlain ? end + 1 : 0;
  }
}

/** The first place from `at` that is no digit, or the record's end. */
function skipDigits({ bytes, end }: CmepRecord, start: number): number {
  let at = start;
  while (at < end && (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39) at++;
  return at;
}
