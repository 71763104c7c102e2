import type { ReadingSet } from '../format.ts';
import { Meter } from './meter-checks.ts';
import { Series, type SeriesKind, type SeriesTitle } from './series.ts';
import type { StampRun } from './stamp-runs.ts';

/** What is kept of a series, in numbers: its title, the slot of the meter's series before it, its run, its amounts. */
const fields = 14;
/** Few, because the bridge scans many small files. */
const slotsPerBlock = 256;
/** Titles that are looked through one by one: nearly every file has fewer, and a key costs more to make. */
const firstTitles = 16;
const isSummable = 1;
const isCapped = 2;

/**
 * Keeps the series of the meters that are not being read. Numbers outside the engine's heap, about 110 bytes a series:
 * as objects they would take four times as much, and the collector's time at every turn.
 */
export class SeriesStore {
  readonly #blocks: Float64Array[] = [];
  readonly #titles = new Map<string, SeriesTitle>();
  readonly #titleOfId: SeriesTitle[] = [];
  /** Slot of each meter's last series, by the meter's key. */
  readonly #lastSlots = new Map<string, number>();
  /** The runs of series that have not exactly one. */
  readonly #runs = new Map<number, StampRun[]>();
  #slots = 0;

  get meters(): number {
    return this.#lastSlots.size;
  }

  /** Series kept; those of the meter being read count when it is put back. */
  get series(): number {
    return this.#slots;
  }

  /**
   * What a new series of the set is called; equal ones that are kept are one object.
   *
   * @param isKept false for a series that is never put, so that a file of ever new titles takes no memory
   */
  toTitle(
    { commodity, unit, channel, measure, multiplier }: ReadingSet,
    kind: SeriesKind,
    isKept: boolean,
  ): SeriesTitle {
    const isRegister = measure === 'register';
    for (let id = 0; id < this.#titleOfId.length && id < firstTitles; id++) {
      const title = this.#titleOfId[id] as SeriesTitle;
      const isIt =
        title.unit === unit &&
        title.channel === channel &&
        title.kind === kind &&
        title.multiplier === multiplier &&
        title.isRegister === isRegister &&
        title.commodity === commodity;
      if (isIt) return title;
    }
    const key = [kind, isRegister, commodity, unit, channel, multiplier].join('\0');
    let title = this.#titles.get(key);
    if (title === undefined) {
      const id = this.#titleOfId.length;
      title = { id, kind, isRegister, commodity, unit, channel, multiplier };
      if (!isKept) return title;
      this.#titles.set(key, title);
      this.#titleOfId.push(title);
    }
    return title;
  }

  /** Keeps a meter, new or changed. */
  put(meter: Meter): void {
    let last = -1;
    for (const series of meter.series) {
      if (series.slot === -1) this.#addSlot(series, last);
      this.#write(series);
      last = series.slot;
    }
    if (last !== -1) this.#lastSlots.set(meter.key, last);
  }

  /** The meter as it was put; undefined when it never was. */
  find(key: string): Meter | undefined {
    const last = this.#lastSlots.get(key);
    return last === undefined ? undefined : this.#read(key, last);
  }

  *all(): Generator<Meter> {
    for (const [key, last] of this.#lastSlots) yield this.#read(key, last);
  }

  #read(key: string, last: number): Meter {
    const meter = new Meter(key);
    for (let slot = last; slot !== -1; ) {
      const [block, at] = this.#find(slot);
      meter.series.push(this.#readSeries(slot, block, at));
      slot = block[at + 1] as number;
    }
    meter.series.reverse();
    return meter;
  }

  #addSlot(series: Series, before: number): void {
    if (this.#slots % slotsPerBlock === 0) this.#blocks.push(new Float64Array(slotsPerBlock * fields));
    series.slot = this.#slots++;
    const [block, at] = this.#find(series.slot);
    block[at] = series.title.id;
    block[at + 1] = before;
  }

  #find(slot: number): [Float64Array, number] {
    const block = this.#blocks[Math.floor(slot / slotsPerBlock)] as Float64Array;
    return [block, (slot % slotsPerBlock) * fields];
  }

  #write(series: Series): void {
    const [block, at] = this.#find(series.slot);
    const [run] = series.runs;
    if (run === undefined || series.runs.length > 1) {
      this.#runs.set(series.slot, series.runs);
    } else {
      if (this.#runs.size > 0) this.#runs.delete(series.slot);
      block[at + 2] = run.start;
      block[at + 3] = run.first;
      block[at + 4] = run.last;
      block[at + 5] = run.step;
      block[at + 6] = run.line;
      block[at + 7] = run.byteStart;
    }
    block[at + 8] = series.sum;
    block[at + 9] = series.firstAt;
    block[at + 10] = series.lastAt;
    block[at + 11] = series.firstRead;
    block[at + 12] = series.lastRead;
    block[at + 13] = (series.isSummable ? isSummable : 0) | (series.isCapped ? isCapped : 0);
  }

  #readSeries(slot: number, block: Float64Array, at: number): Series {
    const series = new Series(this.#titleOfId[block[at] as number] as SeriesTitle);
    series.slot = slot;
    series.runs = this.#runs.get(slot) ?? [
      {
        start: block[at + 2] as number,
        first: block[at + 3] as number,
        last: block[at + 4] as number,
        step: block[at + 5] as number,
        line: block[at + 6] as number,
        byteStart: block[at + 7] as number,
      },
    ];
    series.sum = block[at + 8] as number;
    series.firstAt = block[at + 9] as number;
    series.lastAt = block[at + 10] as number;
    series.firstRead = block[at + 11] as number;
    series.lastRead = block[at + 12] as number;
    const flags = block[at + 13] as number;
    series.isSummable = (flags & isSummable) !== 0;
    series.isCapped = (flags & isCapped) !== 0;
    return series;
  }
}
