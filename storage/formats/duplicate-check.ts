/** Stamps kept of one series, and series remembered after their run: about 2 MB and 15 MB of memory at most. */
export const maxSeriesStamps = 200_000;
export const maxSeries = 100_000;

interface Span {
  first: number;
  last: number;
}

/** A stamp that was there before; `isExact` is false when only the period of an earlier run is known to hold it. */
export interface Repeat {
  readonly stamp: number;
  readonly isExact: boolean;
}

/**
 * Finds stamps that stand twice in one file. Exact while the records of a series follow each other (ruling 34); of a
 * series that was left, only its period is remembered.
 */
export class DuplicateCheck {
  readonly #spans = new Map<string, Span>();
  #series: readonly [string, string, string, string] | undefined;
  #stamps: number[] = [];
  /** Built only when a series stops ascending. */
  #seen: Set<number> | undefined;
  #earlier: Span | undefined;
  /** Latest stamp of the run that goes on. */
  #currentLast = Number.NEGATIVE_INFINITY;
  /** The series' whole period, as remembered. */
  #grown: Span = { first: 0, last: 0 };
  /** Whether more was met than is remembered: from there on a repeat may go unseen. */
  isCapped = false;

  /** Adds the ascending stamps of one record of the series (a, b, c, d); gives the first repeated one. */
  find(
    a: string,
    b: string,
    c: string,
    d: string,
    stamps: ArrayLike<number>,
    count: number,
  ): Repeat | undefined {
    const series = this.#series;
    const isSame =
      series !== undefined && series[0] === a && series[1] === b && series[2] === c && series[3] === d;
    if (!isSame) this.#begin([a, b, c, d]);
    const first = stamps[0] as number;
    const last = stamps[count - 1] as number;
    const repeat =
      first > this.#currentLast && this.#seen === undefined ? undefined : this.#search(stamps, count);
    this.#append(stamps, count);
    this.#currentLast = Math.max(this.#currentLast, last);
    this.#grown.first = Math.min(this.#grown.first, first);
    this.#grown.last = Math.max(this.#grown.last, last);
    if (repeat !== undefined) return { stamp: repeat, isExact: true };
    const earlier = this.#earlier;
    const isInEarlier = earlier !== undefined && first <= earlier.last && last >= earlier.first;
    return isInEarlier ? { stamp: Math.max(first, earlier.first), isExact: false } : undefined;
  }

  #begin(series: readonly [string, string, string, string]): void {
    const key = series.join('\0');
    const known = this.#spans.get(key);
    this.#series = series;
    this.#earlier = known === undefined ? undefined : { ...known };
    this.#currentLast = Number.NEGATIVE_INFINITY;
    this.#stamps = [];
    this.#seen = undefined;
    // The span in the map is the one that grows, so leaving a series costs nothing.
    this.#grown = known ?? { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
    if (known !== undefined) return;
    if (this.#spans.size < maxSeries) this.#spans.set(key, this.#grown);
    else this.isCapped = true;
  }

  #search(stamps: ArrayLike<number>, count: number): number | undefined {
    this.#seen ??= new Set(this.#stamps);
    for (let i = 0; i < count; i++) {
      const stamp = stamps[i] as number;
      if (this.#seen.has(stamp)) return stamp;
    }
    return undefined;
  }

  #append(stamps: ArrayLike<number>, count: number): void {
    if (this.#stamps.length + count > maxSeriesStamps) {
      this.isCapped = true;
      return;
    }
    for (let i = 0; i < count; i++) {
      this.#stamps.push(stamps[i] as number);
      this.#seen?.add(stamps[i] as number);
    }
  }
}
