import { expect, it } from 'vitest';
import { SeriesStore } from '../../../../storage/formats/checks/series-store.ts';
import { toRecord } from '../cmep/records.ts';
import { scan, toBytes } from '../scan.ts';

const [{ set }] = scan('cmep', toBytes(toRecord()), 'strict').sets as [ReturnType<typeof scan>['sets'][0]];

it('keeps one title for equal series, and none for those that pass', () => {
  const store = new SeriesStore();
  const kept = store.toTitle(set, 'interval', true);
  for (let i = 1; i <= 1_000; i++) {
    const passing = { ...set, multiplier: `1.${i}` };
    const title = store.toTitle(passing, 'interval', false);
    expect(title).toMatchObject({ multiplier: passing.multiplier });
    expect(store.toTitle(passing, 'interval', false)).not.toBe(title);
  }
  expect(store.toTitle(set, 'interval', true)).toBe(kept);
  expect(store.toTitle(set, 'interval', false)).toBe(kept);
});
