import type { CheckLevel, Fault, FaultLevel, ScanOptions } from './format.ts';

/** What one code means: how grave it is, and why the rule exists. */
interface FaultRule {
  readonly level: FaultLevel;
  readonly reason: string;
}

export type FaultTable<Code extends string> = Readonly<Record<Code, FaultRule>>;

type FoundFault = Omit<Fault, 'code' | 'level'>;

const defaultMaxFaults = 1_000;
const maxTextCharacters = 60;

/** Offending bytes as a person may see them: at most 60 characters, outside printable ASCII as `\xhh`. */
export function toFaultText(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    const isPrintable = byte >= 0x20 && byte <= 0x7e;
    const next = isPrintable ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
    if (text.length + next.length > maxTextCharacters) return text;
    text += next;
  }
  return text;
}

/**
 * The faults of one file. Errors and milder faults are kept up to the limit each, so that a flood of notes never
 * hides the error for which a file is refused; what is beyond the limit is counted.
 */
export class FaultList<Code extends string> {
  readonly #table: FaultTable<Code>;
  readonly #levels: Readonly<Record<string, CheckLevel>>;
  readonly #maxFaults: number;
  // By plain text, so that a list of more codes may stand where one of fewer is asked for.
  readonly #counts = new Map<string, number>();
  readonly #errors: { order: number; fault: Fault }[] = [];
  readonly #others: { order: number; fault: Fault }[] = [];
  #errorCount = 0;
  #count = 0;

  /** @param options most faults listed, and levels that take the place of the table's (`off`: not reported) */
  constructor(table: FaultTable<Code>, options: Pick<ScanOptions, 'maxFaults' | 'levels'> = {}) {
    this.#table = table;
    this.#levels = options.levels ?? {};
    this.#maxFaults = options.maxFaults ?? defaultMaxFaults;
  }

  /** All faults so far, listed or not. */
  get count(): number {
    return this.#count;
  }

  /** All faults of level `error` so far. */
  get errorCount(): number {
    return this.#errorCount;
  }

  countOf(code: Code): number {
    return this.#counts.get(code) ?? 0;
  }

  /** @param fault what was found; as a function it is only asked where it is listed, which a flood of faults is not */
  add(code: Code, fault: FoundFault | (() => FoundFault)): void {
    const level = this.#levels[code] ?? this.#table[code].level;
    if (level === 'off') return;
    this.#counts.set(code, this.countOf(code) + 1);
    const order = this.#count++;
    if (level === 'error') this.#errorCount++;
    const list = level === 'error' ? this.#errors : this.#others;
    if (list.length >= this.#maxFaults) return;
    const found = typeof fault === 'function' ? fault() : fault;
    list.push({ order, fault: { code, level, ...found } });
  }

  /** A fault of the whole file. */
  addForFile(code: Code, message: string, byteOffset = 0): void {
    this.add(code, { line: 0, field: 'file', fieldNumber: 0, byteOffset, text: '', message });
  }

  /** The listed faults (errors first to be listed, then in the order of the file) and the counts of all. */
  toResult(): { faults: Fault[]; faultCounts: Record<string, number>; isRefused: boolean } {
    const room = Math.max(0, this.#maxFaults - this.#errors.length);
    const listed = [...this.#errors, ...this.#others.slice(0, room)].sort((a, b) => a.order - b.order);
    return {
      faults: listed.map(({ fault }) => fault),
      faultCounts: Object.fromEntries(this.#counts),
      isRefused: this.#errorCount > 0,
    };
  }
}
