import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { getOmarCsvLayout, type OmarCsvLayout } from '../../../../storage/formats/omar-csv/columns.ts';
import { createOmarCsvWriter } from '../../../../storage/formats/omar-csv/omar-csv-writer.ts';
import { scan, toBytes } from '../scan.ts';
import { write } from '../write.ts';
import { toVariedCmep } from './varied-cmep.ts';

/** The value first, the time last, no quality, another delimiter: nothing where it usually stands. */
const other: OmarCsvLayout = {
  ...getOmarCsvLayout('gmt'),
  name: 'other',
  columns: ['VALUE', 'RESOURCE_ID', 'MEASUREMENT_TYPE', 'UOM', 'INTERVAL_MINUTES', 'INTERVAL_END_GMT'],
  delimiter: ';',
  timeFormat: 'slashes',
  utcOffsetMinutes: -480,
  fixed: { isEstimated: false },
};

const { sets, isRefused } = scan('cmep', toBytes(toVariedCmep(150, true)), 'strict');

// biome-ignore format: one line
const losses = { identity: 7300, magnitude: 3274, missing: 8984, negative: 3524, overlap: 2312, raw: 8985, register: 60, rounded: 11055, text: 63396, unit: 10784 };

it.each([
  {
    layout: getOmarCsvLayout('gmt'),
    header: 1,
    bytes: 3053962,
    flag: 8600,
    sha256: '236659de6108d4fe8a912efb6109296cb6005f881b91c5e10ebc4e9e9bfb8d1a',
  },
  {
    layout: getOmarCsvLayout('pacific-standard'),
    header: 0,
    bytes: 2546712,
    flag: 8600,
    sha256: '6e2b0571119e1ca1d139b2850dc780bd8889a91d6b997608be245afeed2e2d59',
  },
  {
    layout: other,
    header: 1,
    bytes: 2729000,
    flag: 16574,
    sha256: '4e0159dea478bed45a6c295335f037d6dc5aff926ae050ec61354a5c53129d8c',
  },
])('writes the same bytes for the same file as ever, in layout $layout.name', (pinned) => {
  const { layout, header, bytes, flag, sha256 } = pinned;
  expect(isRefused).toBe(false);
  const { file, ...result } = write((options) => createOmarCsvWriter(options, layout), layout.name, sets);
  const readings = 63396;
  expect.soft(result).toEqual({ bytes, records: header + readings, readings, losses: { ...losses, flag } });
  expect(createHash('sha256').update(file).digest('hex')).toBe(sha256);
});
