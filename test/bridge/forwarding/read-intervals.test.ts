import { expect, test } from 'vitest';
import { readIntervals } from '../../../bridge/forwarding/omar/read-intervals.ts';
import { setUpForwardings } from '../../storage/forwardings/forwarding-setup.ts';
import { settings } from './step-setup.ts';

async function read(text: string) {
  const { store, map, post, keep } = await setUpForwardings();
  await map('M1');
  const posting = await post({ sets: [{}] });
  const context = { ...store, postings: store.catalogue.postings, settings };
  return readIntervals(context, posting, { file: await keep(text), extension: 'csv' });
}

const header = 'RESOURCE_ID,MEASUREMENT_TYPE,UOM,INTERVAL_MINUTES,INTERVAL_END_GMT,VALUE,QUALITY\r\n';
const row = (hour: number) => `R_1,LOAD,KWH,60,2026-11-19T${hour}:00:00Z,1.000,\r\n`;

test('each interval of a part is known by its line', async () => {
  expect(await read(header + row(10) + row(11))).toEqual([
    { resourceId: 'R_1', endAt: Date.UTC(2026, 10, 19, 10), line: 2 },
    { resourceId: 'R_1', endAt: Date.UTC(2026, 10, 19, 11), line: 3 },
  ]);
});

test('a part that is gone has none either', async () => {
  const { store, map, post, keep } = await setUpForwardings();
  await map('M1');
  const posting = await post({ sets: [{}] });
  const context = { ...store, postings: store.catalogue.postings, settings };
  const file = await keep(header + row(10));
  await store.files.remove('on-line', file.key);
  expect(await readIntervals(context, posting, { file, extension: 'csv' })).toEqual([]);
});

test('a part in a layout that is not known any more has none, so that what the ISO says of it still counts', async () => {
  expect(await read('R_1;1.000;2026-11-19T10:00:00Z\r\n')).toEqual([]);
});
