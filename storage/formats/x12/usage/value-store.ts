/** Quantities of one transaction set: an account with fifty meters in 5-minute intervals of a month has 450,000. */
export const maxSetReadings = 1_000_000;
/** 15 digits, a sign, a point and a zero before it. */
const maxValueBytes = 18;
const firstCapacity = 4_096;

/**
 * Values of one transaction set, as text, with the number of their quality: kept until its SE shows that it is whole,
 * because nothing is given out of a cut set. Grows up to {@link maxSetReadings}; about 25 MB then.
 */
export class ValueStore {
  text = Buffer.alloc(firstCapacity * maxValueBytes);
  /** Value k is `text[ends[k - 1], ends[k])`. */
  ends = new Int32Array(firstCapacity);
  qualities = new Uint8Array(firstCapacity);
  count = 0;
  /** Bytes of text in use. */
  used = 0;

  clear(): void {
    this.count = 0;
    this.used = 0;
  }

  /** Makes room for one more value; false when the set is full. */
  reserve(): boolean {
    if (this.count < this.ends.length) return true;
    if (this.count >= maxSetReadings) return false;
    const capacity = Math.min(maxSetReadings, this.ends.length * 2);
    const ends = new Int32Array(capacity);
    ends.set(this.ends);
    const qualities = new Uint8Array(capacity);
    qualities.set(this.qualities);
    const text = Buffer.alloc(capacity * maxValueBytes);
    this.text.copy(text, 0, 0, this.used);
    this.ends = ends;
    this.qualities = qualities;
    this.text = text;
    return true;
  }

  /** Adds a value of at most 18 characters; there must be room. */
  push(value: string, quality: number): void {
    this.used += this.text.write(value, this.used, 'latin1');
    this.ends[this.count] = this.used;
    this.qualities[this.count] = quality;
    this.count++;
  }

  valueText(index: number): string {
    return this.text.toString('latin1', index === 0 ? 0 : this.ends[index - 1], this.ends[index]);
  }
}
