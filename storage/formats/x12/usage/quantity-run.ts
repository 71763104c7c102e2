import type { Quality } from '../../format.ts';
import { quantityCodes } from '../codes.ts';
import type { Separators } from '../separators.ts';
import type { ValueStore } from './value-store.ts';

/** Qualities by the number that the value store keeps. */
export const qualities: readonly Quality[] = ['validated', 'estimated', 'adjusted', 'raw', 'missing'];

const lf = 0x0a;
const cr = 0x0d;
const point = 0x2e;
const digitZero = 0x30;
const places = 5;
const powers = [100_000, 10_000, 1_000, 100, 10, 1] as const;
/** A plain segment is at most as long: QTY, code, 15 digits with point, unit, separators and a line break. */
const longestPlain = 34;

/** What the quantities of a loop add up to, by the rules of `SetAmounts`. */
export interface RunAmounts {
  sum: number;
  first: number;
  last: number;
}

/**
 * The fast lane for the intervals of a loop: takes segments that are exactly `QTY*code*digits[.digits]*unit~`, with the
 * loop's own unit and direction, at most 15 digits and 5 decimals, where they lie. Whatever differs in one byte is
 * left to the general rules, which find the same in plain segments.
 */
export class QuantityRun {
  readonly #store: ValueStore;
  /** Quality number by the two bytes of QTY01, for each direction; -1 where the lane does not take it. */
  readonly #delivered = new Int8Array(65_536).fill(-1);
  readonly #received = new Int8Array(65_536).fill(-1);
  #codes = this.#delivered;
  #head = 0;
  #unit = 0;
  #separator = 0;
  #terminator = 0;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #bytes: Buffer | undefined;
  #isFirst = true;
  readonly amounts: RunAmounts = { sum: 0, first: 0, last: 0 };
  /** Quantities of each quality. */
  readonly totals = new Int32Array(qualities.length);
  /** Segments taken at the last call. */
  count = 0;

  constructor(store: ValueStore) {
    this.#store = store;
    for (const { code, quality, isReceived } of quantityCodes) {
      if (quality === 'missing') continue;
      const word = (code.charCodeAt(0) << 8) | code.charCodeAt(1);
      (isReceived ? this.#received : this.#delivered)[word] = qualities.indexOf(quality);
    }
  }

  /** Forgets the loop before. */
  clear(): void {
    this.totals.fill(0);
    this.amounts.sum = 0;
    this.amounts.first = Number.NaN;
    this.amounts.last = Number.NaN;
    this.#isFirst = true;
  }

  /** Begins the quantities of a loop, whose first one has shown its direction and unit. */
  begin({ element, terminator }: Separators, unit: string, isReceived: boolean): void {
    this.#separator = element;
    this.#terminator = terminator;
    this.#head = (0x51 << 24) | (0x54 << 16) | (0x59 << 8) | element | 0;
    this.#unit = (unit.charCodeAt(0) << 8) | unit.charCodeAt(1);
    this.#codes = isReceived ? this.#received : this.#delivered;
  }

  /** Adds one amount (NaN: not exact) to what the loop adds up to. */
  add(amount: number): void {
    const { amounts } = this;
    const exact = amount <= Number.MAX_SAFE_INTEGER ? amount : Number.NaN;
    const sum = amounts.sum + exact;
    amounts.sum = sum <= Number.MAX_SAFE_INTEGER ? sum : Number.NaN;
    if (this.#isFirst) amounts.first = exact;
    this.#isFirst = false;
    amounts.last = exact;
  }

  /** Takes plain quantities from `at` on; gives where the first other thing starts. */
  take(bytes: Buffer, start: number): number {
    if (this.#bytes !== bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    const last = bytes.length - longestPlain;
    let at = start;
    let count = 0;
    while (at <= last && this.#store.reserve()) {
      const next = this.#takeOne(bytes, at);
      if (next === 0) break;
      at = next;
      count++;
      while (bytes[at] === lf || bytes[at] === cr) at++;
    }
    this.count = count;
    return at;
  }

  /** Takes the segment at `at`; gives the place behind its terminator, or 0 when it is not plain. */
  #takeOne(bytes: Buffer, at: number): number {
    const view = this.#view;
    const separator = this.#separator;
    if (view.getInt32(at) !== this.#head || bytes[at + 6] !== separator) return 0;
    const quality = this.#codes[view.getUint16(at + 4)] as number;
    if (quality < 0) return 0;
    const store = this.#store;
    const text = store.text;
    let used = store.used;
    let value = 0;
    let p = at + 7;
    const begin = p;
    let byte = bytes[p] as number;
    while (byte >= digitZero && byte <= 0x39) {
      value = value * 10 + (byte - digitZero);
      text[used++] = byte;
      byte = bytes[++p] as number;
      if (p - begin > 15) return 0;
    }
    if (p === begin) return 0;
    let decimals = 0;
    if (byte === point) {
      text[used++] = point;
      byte = bytes[++p] as number;
      const fraction = p;
      while (byte >= digitZero && byte <= 0x39) {
        value = value * 10 + (byte - digitZero);
        text[used++] = byte;
        byte = bytes[++p] as number;
        if (p - fraction > places) return 0;
      }
      decimals = p - fraction;
      if (decimals === 0 || p - begin > 16) return 0;
    }
    if (byte !== separator || view.getUint16(p + 1) !== this.#unit || bytes[p + 3] !== this.#terminator)
      return 0;
    store.ends[store.count] = used;
    store.qualities[store.count++] = quality;
    store.used = used;
    (this.totals[quality] as number)++;
    this.add(value * (powers[decimals] as number));
    return p + 4;
  }
}
