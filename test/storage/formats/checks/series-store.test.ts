import { expect, it } from 'vitest';
import { SeriesStore } from '../../../../storage/formats/checks/series-store.ts';
import { toRecord } from '../cmep/records.ts';
import { scan, toBytes } from '../scan.ts';

const [{ set }] = scan('cmep', toBytes(toRecord()), 'strict').sets as [ReturnType<typeof scan>['sets'][0]];

it('keeps one title for equal series, and none for those that pass', () => {
  const store = new SeriesStore();
  const kept = store.toTitle(set, 'interval', true);
  for (let i = 1; i <= 1_000; i++) {
    const multiplier = `1.${i}`;
    expect(store.toTitle({ ...set, multiplier }, 'interval', false)).toMatchObject({ multiplier });
  }
  expect(store.titles).toBe(1);
  expect(store.toTitle(set, 'interval', true)).toBe(kept);
  expect(store.toTitle(set, 'interval', false)).toBe(kept);
});
