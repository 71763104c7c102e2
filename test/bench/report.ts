import type { Machine } from './machine.ts';
import { type RowResult, type Series, type Target, toMedian, toSpread, toVerdict } from './result.ts';

/** A finished row with what it was asked to reach. */
export interface ReportedRow extends RowResult {
  readonly name: string;
  readonly title: string;
  readonly targets: readonly Target[];
}

/** The table of one row: a line a figure, then a line a target. */
export function toTable(row: ReportedRow): string {
  const figures = row.series.map((series) => [
    series.server,
    series.metric,
    toText(toMedian(series.values)),
    series.unit,
    series.values.length > 1 ? `±${(100 * toSpread(series.values)).toFixed(0)} %` : '',
    toRatio(series, row.series),
  ]);
  const lines = [`\n${row.name}: ${row.title}`, ...toColumns(figures)];
  for (const target of row.targets) {
    const { value, verdict } = toVerdict(target, row.series);
    lines.push(
      `  -> ${describe(target)}: ${value === undefined ? '' : `${value.toPrecision(3)}, `}${verdict}`,
    );
  }
  return [...lines, ...row.notes.map((note) => `  (${note})`)].join('\n');
}

/** The same for programs: every value, the medians, and the verdicts. */
export function toJson(machine: Machine, startedAt: Date, rows: readonly ReportedRow[]): string {
  const reported = rows.map((row) => ({
    ...row,
    series: row.series.map((series) => ({ ...series, median: toMedian(series.values) })),
    targets: row.targets.map((target) => toVerdict(target, row.series)),
  }));
  return `${JSON.stringify({ startedAt: startedAt.toISOString(), machine, rows: reported }, null, 2)}\n`;
}

/** Each figure as a multiple of the row's first server in the same metric. */
function toRatio(series: Series, all: readonly Series[]): string {
  const reference = all.find((each) => each.metric === series.metric);
  if (reference === undefined || reference === series) return '';
  const ratio = toMedian(series.values) / toMedian(reference.values);
  return `${ratio.toFixed(2)} x ${reference.server}`;
}

function describe({ metric, against, againstMetric, atLeast, atMost, aim }: Target): string {
  const bound = atLeast === undefined ? `at most ${atMost}` : `at least ${Number(atLeast.toPrecision(3))}`;
  const measure = against === undefined ? '' : ` x ${againstMetric ?? against}`;
  return `our ${metric} ${bound}${measure}${aim === undefined ? '' : `, aim ${aim}`}`;
}

function toText(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function toColumns(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines.map((line) =>
    `  ${line.map((cell, column) => (column === 2 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ')}`.trimEnd(),
  );
}
