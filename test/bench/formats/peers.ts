import { spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import Papa from 'papaparse';
import type { Subject } from './format-row.ts';

/** Counts lines and nothing else; its memory is that of the process beside ours and not shown. */
const wc: Subject = {
  name: 'wc -l',
  run(file) {
    const { stdout, status } = spawnSync('wc', ['-l', file], { encoding: 'utf8' });
    if (status !== 0) throw new Error('wc failed');
    return Number.parseInt(stdout, 10);
  },
};

/** Splits lines into fields, with no check at all. */
const papaparse: Subject = {
  name: 'papaparse',
  run: (file) =>
    new Promise((resolve, reject) => {
      let records = 0;
      Papa.parse(createReadStream(file, 'latin1'), {
        step: ({ data }: { data: string[] }) => {
          if (data.length > 1) records++;
        },
        complete: () => resolve(records),
        error: reject,
      });
    }),
};

/** Splits lines into fields, with no check at all. */
const csvParse: Subject = {
  name: 'csv-parse',
  async run(file) {
    let records = 0;
    const parser = parse({ relax_column_count: true, encoding: 'latin1' });
    parser.on('data', () => records++);
    await pipeline(createReadStream(file), parser);
    return records;
  },
};

export const peers: readonly Subject[] = [wc, papaparse, csvParse];
