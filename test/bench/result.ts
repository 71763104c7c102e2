/** The measured values of one figure of one server, one a round. */
export interface Series {
  readonly server: string;
  /** What was measured: `speed`, `p99`, `memory`. */
  readonly metric: string;
  readonly unit: string;
  readonly values: readonly number[];
}

/** What is asked of our figure, either of its median or of its ratio to another server's median. */
export interface Target {
  readonly metric: string;
  /** The server whose median is the measure; absent where the figure stands for itself. */
  readonly against?: string;
  /** Another metric of the same server as the measure, such as a smaller mailbox's; by default the same metric. */
  readonly againstMetric?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Where we are going; more than the floor. */
  readonly aim?: number;
}

export interface RowResult {
  readonly series: readonly Series[];
  /** What could not be measured, and why. */
  readonly notes: readonly string[];
}

export interface Verdict {
  readonly target: Target;
  /** Ours, or ours divided by theirs; undefined when either was not measured. */
  readonly value: number | undefined;
  readonly verdict: 'aim met' | 'met' | 'MISSED' | 'not measured';
}

export function toMedian(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
  return (upper + lower) / 2;
}

/** Half the range, as a share of the median: what differences of medians have to exceed. */
export function toSpread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / 2 / toMedian(values);
}

export function toVerdict(target: Target, series: readonly Series[]): Verdict {
  const find = (server: string, metric: string) => {
    const values = series.find((each) => each.server === server && each.metric === metric)?.values ?? [];
    return values.length === 0 ? undefined : toMedian(values);
  };
  const { metric, against, againstMetric = metric, atLeast = -Infinity, atMost = Infinity, aim } = target;
  const ours = find('ours', metric);
  const theirs = against === undefined ? 1 : find(against, againstMetric);
  if (ours === undefined || theirs === undefined)
    return { target, value: undefined, verdict: 'not measured' };
  const value = ours / theirs;
  if (value < atLeast || value > atMost) return { target, value, verdict: 'MISSED' };
  return { target, value, verdict: aim !== undefined && value >= aim ? 'aim met' : 'met' };
}
