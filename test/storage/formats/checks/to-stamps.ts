import type { StampRun } from '../../../../storage/formats/checks/stamp-runs.ts';

/** Every stamp of the runs. */
export function toStamps(runs: readonly StampRun[]): number[] {
  return runs.flatMap(({ first, last, step }) =>
    Array.from({ length: step === 0 ? 1 : (last - first) / step + 1 }, (_, index) => first + index * step),
  );
}
