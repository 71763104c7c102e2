/**
 * Stamps one step apart, such as the quarter hours of a month, kept as their ends: this is why a file of any length
 * fits into little memory. All times are minutes since 1970.
 */
export interface StampRun {
  /** What the run covers begins here and ends with `last`. An instant covers the minute that it ends. */
  start: number;
  first: number;
  last: number;
  /** Minutes from one stamp to the next; 0 for one instant alone. */
  step: number;
  /** Where the record with the run's earliest stamps stands in the file. */
  line: number;
  byteStart: number;
}

/** What of a run was there before. */
export interface Clash {
  /** Stamps that were there before, and the first of them. */
  readonly repeats: number;
  readonly firstRepeat: number;
  /** Whether a part of the covered time was there before. */
  readonly isOverlap: boolean;
}

export const noClash: Clash = { repeats: 0, firstRepeat: Number.NaN, isOverlap: false };

/**
 * Adds a run to the runs of its series, which are sorted and cover no minute twice; neighbours become one. A run that
 * overlaps others on another grid of intervals is not added: what it covers is known, and it is reported.
 *
 * @param areInstants whether the stamps are reads at instants; these never overlap, they only repeat
 * @param hasRoom whether the run may be added; otherwise it is only held against those that there are
 */
export function addRun(runs: StampRun[], run: StampRun, areInstants: boolean, hasRoom = true): Clash {
  const from = findIndex(runs, run.start);
  let to = from;
  while (to < runs.length && (runs[to] as StampRun).start < run.last) to++;
  if (to === from) {
    if (hasRoom) insert(runs, from, run, areInstants);
    return noClash;
  }
  const met = runs.slice(from, to);
  const clash = toClash(met, run, !areInstants);
  if (!hasRoom) return clash;
  if (met.every((one) => isOnOneGrid(one, run))) {
    runs.splice(from, met.length);
    insert(runs, from, met.reduce(toUnion, run), areInstants);
  } else if (areInstants) {
    const step = run.step || 1;
    for (let stamp = run.first; stamp <= run.last; stamp += step) addInstant(runs, stamp, run);
  }
  return clash;
}

/** Index of the first run that ends after `time`. */
function findIndex(runs: readonly StampRun[], time: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle] as StampRun).last > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

function insert(runs: StampRun[], index: number, run: StampRun, areInstants: boolean): void {
  const before = runs[index - 1];
  const after = runs[index];
  if (before !== undefined && isNext(before, run, areInstants)) {
    before.step = run.first - before.last;
    before.last = run.last;
    if (after === undefined || !isNext(before, after, areInstants)) return;
    before.last = after.last;
    runs.splice(index, 1);
  } else if (after !== undefined && isNext(run, after, areInstants)) {
    runs[index] = { ...run, step: after.first - run.last, last: after.last };
  } else {
    runs.splice(index, 0, run);
  }
}

/** Whether `b` goes on where `a` ends, with the same step. */
function isNext(a: StampRun, b: StampRun, areInstants: boolean): boolean {
  const distance = b.first - a.last;
  if (!areInstants) return a.step === b.step && distance === a.step && b.start === a.last;
  return (a.step === 0 || a.step === distance) && (b.step === 0 || b.step === distance);
}

function isOnOneGrid(a: StampRun, b: StampRun): boolean {
  const step = a.step || b.step;
  if (step === 0) return a.first === b.first;
  return (b.step === 0 || b.step === step) && (a.first - b.first) % step === 0;
}

/** Both runs as one; they overlap and are on one grid. */
function toUnion(a: StampRun, b: StampRun): StampRun {
  const earlier = a.first <= b.first ? a : b;
  return {
    start: Math.min(a.start, b.start),
    first: earlier.first,
    last: Math.max(a.last, b.last),
    step: a.step || b.step,
    line: earlier.line,
    byteStart: earlier.byteStart,
  };
}

function toClash(met: readonly StampRun[], run: StampRun, isOverlap: boolean): Clash {
  let repeats = 0;
  let firstRepeat = Number.NaN;
  for (const one of met) {
    const step = run.step || 1;
    const skipped = Math.max(0, Math.ceil((one.first - run.first) / step));
    const to = Math.min(one.last, run.last);
    for (let stamp = run.first + skipped * step; stamp <= to; stamp += step) {
      if (one.step !== 0 && (stamp - one.first) % one.step !== 0) continue;
      if (repeats++ === 0) firstRepeat = stamp;
    }
  }
  return { repeats, firstRepeat, isOverlap };
}

/** Adds one instant that may lie between the stamps of a run, which it then divides. */
function addInstant(runs: StampRun[], stamp: number, { line, byteStart }: StampRun): void {
  const instant: StampRun = { start: stamp - 1, first: stamp, last: stamp, step: 0, line, byteStart };
  const index = findIndex(runs, stamp - 1);
  const met = runs[index];
  if (met === undefined || met.first > stamp) {
    insert(runs, index, instant, true);
  } else if (!isOnOneGrid(met, instant)) {
    const before = stamp - ((stamp - met.first) % met.step);
    const after = before + met.step;
    const left = { ...met, last: before, step: before === met.first ? 0 : met.step };
    const right = { ...met, start: after - 1, first: after, step: after === met.last ? 0 : met.step };
    runs.splice(index, 1, left, instant, right);
  }
}
