import { toMedian } from '../result.ts';
import type { RowTarget } from './format-row.ts';

/** What one run of one subject came to. */
export interface Figures {
  readonly megabytes: number;
  readonly records: number;
  readonly seconds: number;
  /** Of all threads of the process. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

/** Medians of the runs of a subject. */
export interface Measured {
  readonly subject: string;
  /** MB of input a second. */
  readonly speed: number;
  /** MB of input a second of processor time: what it would be with a core of its own. */
  readonly speedOfCpu: number;
  readonly recordsPerSecond: number;
  readonly peakMegabytes: number;
}

export function toMeasured(subject: string, runs: readonly Figures[]): Measured {
  const medianOf = (toValue: (run: Figures) => number) => toMedian(runs.map(toValue));
  return {
    subject,
    speed: medianOf(({ megabytes, seconds }) => megabytes / seconds),
    speedOfCpu: medianOf(({ megabytes, cpuSeconds }) => megabytes / cpuSeconds),
    recordsPerSecond: medianOf(({ records, seconds }) => records / seconds),
    peakMegabytes: Math.max(...runs.map(({ peakMegabytes }) => peakMegabytes)),
  };
}

/** A target in words, with what was reached. */
export function toVerdict(target: RowTarget, all: readonly Measured[]): string {
  const ours = all.find(({ subject }) => subject === 'ours');
  if (ours === undefined) return 'not measured';
  switch (target.kind) {
    case 'speed':
      return toText(ours.speed >= target.atLeast, `${ours.speed.toFixed(0)} MB/s, wanted ${target.atLeast}`);
    case 'memory': {
      const { peakMegabytes } = ours;
      return toText(
        peakMegabytes <= target.atMost,
        `${peakMegabytes.toFixed(0)} MB at most, wanted ${target.atMost}`,
      );
    }
    case 'ratio': {
      const theirs = all.find(({ subject }) => subject === target.against);
      if (theirs === undefined) return `not measured: ${target.against}`;
      const ratio = ours.speed / theirs.speed;
      const words = `${ratio.toFixed(2)} × ${target.against}, wanted ${target.atLeast}`;
      return toText(ratio >= target.atLeast, words);
    }
  }
}

function toText(isMet: boolean, words: string): string {
  return `${isMet ? 'met' : 'MISSED'}: ${words}`;
}
