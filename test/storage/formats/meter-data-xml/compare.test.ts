import { expect, test } from 'vitest';
import { compareMeterData } from '../../../../storage/formats/meter-data-xml/compare.ts';
import { minuteMs } from '../../../../storage/model/time.ts';
import { format, read, row, write } from './meter-data-rows.ts';

const rows = [0, 1, 2, 3].map((at) => ({
  ...row,
  endAt: row.endAt + at * 15 * minuteMs,
  value: `${at}.500`,
}));
const held = read(write(rows));

test('what was sent and is held is the same', () => {
  expect(compareMeterData(rows, held, format)).toEqual({ same: 4, missing: [], different: [] });
});

test('a value is compared as a number, in the ISO’s unit', () => {
  const written = held.map((one) => ({ ...one, value: `+${one.value.replace(/0+$/, '')}000` }));
  expect(compareMeterData(rows, written, format)).toMatchObject({ same: 4 });
});

test('what is not held is missing, what is held in another way is different, and more is not looked at', () => {
  const [first, second, third, fourth] = held;
  if (!first || !second || !third || !fourth) throw new Error('not four');
  const changed = [
    { ...first, value: '9' },
    { ...second, isEstimated: true },
    third,
    { ...third, value: '7' },
    { ...fourth, unit: 'KWH' },
    { ...fourth, resourceId: 'OTHER' },
  ];
  const { same, missing, different } = compareMeterData(rows, changed, format);
  expect(same).toBe(0);
  expect(missing).toMatchObject([{ endAt: fourth.endAt, value: '0.003500', unit: 'MWH' }]);
  expect(different.map(({ sent, held: found }) => [sent.endAt, found.length])).toEqual([
    [first.endAt, 1],
    [second.endAt, 1],
    [third.endAt, 2],
  ]);
});
