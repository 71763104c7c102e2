import { toCmepMonth } from '../data/cmep-month.ts';
import type { FormatRow } from '../format-row.ts';
import { peers } from '../peers.ts';
import { scanCleanFile } from '../scan-file.ts';

export const cmepScan: FormatRow = {
  name: 'cmep-scan',
  title: 'CMEP, strict, all checks, summary and reading sets',
  megabytes: 1_000,
  write: toCmepMonth,
  subjects: [
    { name: 'ours', run: (file) => scanCleanFile('cmep', file, { profile: 'strict' }).summary.records },
    ...peers,
  ],
  targets: [
    { kind: 'speed', atLeast: 300 },
    { kind: 'memory', atMost: 150 },
    { kind: 'ratio', against: 'papaparse', atLeast: 1.3 },
    { kind: 'ratio', against: 'csv-parse', atLeast: 10 },
  ],
};
