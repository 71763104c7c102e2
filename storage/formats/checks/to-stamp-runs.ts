import { minuteMs } from '../../model/time.ts';
import type { ReadingSet } from '../format.ts';
import type { SeriesKind } from './series.ts';
import type { StampRun } from './stamp-runs.ts';

/** The stamps of one record as runs, how many stood twice in it, and the index of the first that did; -1 for none. */
interface RecordRuns {
  readonly runs: StampRun[];
  readonly repeats: number;
  readonly firstRepeat: number;
}

/** The stamps of a set as one run, which they nearly always are; undefined when their distances differ. */
export function findRegularRun(
  kind: SeriesKind,
  set: ReadingSet,
  stamps: ArrayLike<number>,
  count: number,
): StampRun | undefined {
  const { line, byteStart } = set;
  const first = stamps[0] as number;
  if (kind === 'total') {
    const start = set.periodStartAt / minuteMs;
    return { start, first, last: first, step: first - start, line, byteStart };
  }
  const step = kind === 'interval' ? set.intervalMinutes : count > 1 ? (stamps[1] as number) - first : 0;
  if (step < 0 || (count > 1 && step === 0)) return undefined;
  for (let i = 1; i < count; i++) {
    if ((stamps[i] as number) - (stamps[i - 1] as number) !== step) return undefined;
  }
  const start = kind === 'interval' ? first - step : first - 1;
  return { start, first, last: stamps[count - 1] as number, step, line, byteStart };
}

/** The instants of a run without its first; it has two at least. */
export function toRest(run: StampRun): StampRun {
  const first = run.first + run.step;
  return { ...run, start: first - 1, first, step: first === run.last ? 0 : run.step };
}

/**
 * The stamps of a set in any order as several runs. Where whole intervals are missing the covered time has a hole;
 * where a stamp is only off the grid it has none, because that is one record's inexact clock.
 */
export function toRuns(
  kind: SeriesKind,
  { intervalMinutes, line, byteStart }: ReadingSet,
  stamps: ArrayLike<number>,
  count: number,
): RecordRuns {
  const sorted = toSorted(stamps, count);
  const runs: StampRun[] = [];
  let run: StampRun | undefined;
  for (const stamp of sorted) {
    const distance = run === undefined ? Number.POSITIVE_INFINITY : stamp - run.last;
    const step = kind === 'interval' ? intervalMinutes : run?.step || distance;
    if (run !== undefined && distance === step) {
      run.step = step;
      run.last = stamp;
      continue;
    }
    const isOffGrid = run !== undefined && kind === 'interval' && distance < 2 * step;
    const start: number = isOffGrid ? (run as StampRun).last : stamp - (kind === 'interval' ? step : 1);
    run = { start, first: stamp, last: stamp, step: kind === 'interval' ? step : 0, line, byteStart };
    runs.push(run);
  }
  const repeats = count - sorted.length;
  return { runs, repeats, firstRepeat: repeats === 0 ? -1 : findRepeat(stamps, count) };
}

function findRepeat(stamps: ArrayLike<number>, count: number): number {
  const seen = new Set<number>();
  for (let i = 0; i < count; i++) if (seen.size === seen.add(stamps[i] as number).size) return i;
  return -1;
}

/** Ascending stamps without repeats. */
function toSorted(stamps: ArrayLike<number>, count: number): number[] {
  const all = Array.from({ length: count }, (_, index) => stamps[index] as number).sort((a, b) => a - b);
  return all.filter((stamp, index) => stamp !== all[index - 1]);
}
