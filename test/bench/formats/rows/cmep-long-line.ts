import { toCmepMonth } from '../data/cmep-month.ts';
import type { FormatRow } from '../format-row.ts';
import { scanFile } from '../scan-file.ts';

/** A file that is one line without an end; it must be refused, and not be swallowed first. */
export const cmepLongLine: FormatRow = {
  name: 'cmep-long-line',
  title: 'one line of CMEP without a line end, refused',
  megabytes: 1_000,
  *write(maxBytes) {
    for (const piece of toCmepMonth(maxBytes)) {
      for (let at = 0; at < piece.length; at++) if ((piece[at] as number) < 0x20) piece[at] = 0x2c;
      yield piece;
    }
  },
  subjects: [
    {
      name: 'ours',
      run(file) {
        const { isRefused, faultCounts, summary } = scanFile('cmep', file, { profile: 'strict' });
        if (!isRefused || faultCounts.E_LINE_LEN !== 1) throw new Error('The line was not refused');
        return summary.records;
      },
    },
  ],
  targets: [{ kind: 'memory', atMost: 150 }],
};
