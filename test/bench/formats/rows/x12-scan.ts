import { toX12Month, toX12Totals } from '../data/x12-month.ts';
import type { FormatRow } from '../format-row.ts';
import { scanCleanFile } from '../scan-file.ts';

const ours = {
  name: 'ours',
  run: (file: string) => scanCleanFile('x12-867', file, { profile: 'california' }).summary.records,
};

export const x12Scan: FormatRow = {
  name: 'x12-scan',
  title: 'X12 867 with intervals, all checks, summary and reading sets',
  megabytes: 300,
  write: toX12Month,
  subjects: [ours],
  targets: [
    { kind: 'speed', atLeast: 100 },
    { kind: 'memory', atMost: 150 },
  ],
};

/** Eight reading sets in 530 bytes: no target, but worth knowing. More is beyond what the checks remember. */
export const x12TotalsScan: FormatRow = {
  name: 'x12-totals-scan',
  title: 'X12 867 with totals and reads, all checks, summary and reading sets',
  megabytes: 3,
  write: toX12Totals,
  subjects: [ours],
  targets: [],
};
