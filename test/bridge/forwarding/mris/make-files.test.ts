import { expect, test } from 'vitest';
import { makeFiles } from '../../../../bridge/forwarding/mris/make-files.ts';
import type { MeterDataRow } from '../../../../storage/formats/meter-data-xml/meter-data-format.ts';
import { mapping, toDocument, toRows } from '../../mris/mris-setup.ts';
import { settings } from '../step-setup.ts';

const format = mapping.meterData;
const ids = ['R_1', 'R_2', 'R_3'];
const days = ids.map((resourceId) => toRows(96, { resourceId }));
const maxPartBytes = Math.max(...days.map((day) => toDocument(day).length)) + 200;

test('batches are written one by one, when they are asked for', () => {
  let reads = 0;
  const watch = (row: MeterDataRow): MeterDataRow => ({
    ...row,
    get value() {
      reads += 1;
      return row.value;
    },
  });
  const made = makeFiles({ settings: { ...settings, maxPartBytes } }, days.flat().map(watch), format);
  const readsAt: number[] = [];
  const files = [];
  for (const file of made) {
    files.push(file);
    readsAt.push(reads);
  }
  expect(files).toEqual(days.map((day) => ({ bytes: toDocument(day), records: 96, extension: 'xml' })));
  const [first = 0, second = 0, third = 0] = readsAt;
  expect(second - first).toBeGreaterThanOrEqual(96);
  expect(third - second).toBe(second - first);
});

test('an interval that is there twice, and a day that is too large, are known before the first batch', () => {
  const rows = days.flat();
  const [row] = toRows(1, { resourceId: 'R_3' });
  if (row === undefined) throw new Error('no row');
  const twice = [...makeFiles({ settings: { ...settings, maxPartBytes } }, [...rows, row], format)];
  expect(twice).toEqual([{ why: expect.stringMatching(/^GEN of resource R_3 until .* is in it twice$/) }]);
  const small = [...makeFiles({ settings: { ...settings, maxPartBytes: 2_000 } }, rows, format)];
  expect(small).toEqual([
    { why: expect.stringMatching(/^resource R_1 on .* bytes of one day, the ISO takes 2000$/) },
  ]);
});
