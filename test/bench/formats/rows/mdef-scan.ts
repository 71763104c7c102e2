import { toMdefMonth } from '../data/mdef-month.ts';
import type { FormatRow } from '../format-row.ts';
import { scanCleanFile } from '../scan-file.ts';

export const mdefScan: FormatRow = {
  name: 'mdef-scan',
  title: 'MDEF, all checks, summary and reading sets',
  megabytes: 300,
  write: toMdefMonth,
  subjects: [
    {
      name: 'ours',
      run: (file) => scanCleanFile('mdef', file, { profile: 'pacific-standard' }).summary.records,
    },
  ],
  targets: [
    { kind: 'speed', atLeast: 100 },
    { kind: 'memory', atMost: 150 },
  ],
};
