import { expect, test } from 'vitest';
import { getOmarCsvLayout } from '../../storage/formats/omar-csv/columns.ts';
import { parseOmarCsvLayout } from '../../storage/formats/omar-csv/parse-layout.ts';
import { toOmarCsv } from '../../storage/formats/omar-csv/to-omar-csv.ts';
import { hourMs } from '../../storage/model/time.ts';
import { scanPart } from '../../storage/scan-part.ts';
import { periodStartAt, setUpForwardings } from './forwardings/forwarding-setup.ts';

const gmt = getOmarCsvLayout('gmt');
const pacific = getOmarCsvLayout('pacific-standard');
/** Its header is that of `gmt`. */
const likeGmt = parseOmarCsvLayout({
  ...{ name: 'like-gmt', columns: gmt.columns },
  ...{ timeFormat: 'digits', zone: 'pacific-standard' },
});
const own = parseOmarCsvLayout({
  name: 'own',
  columns: ['RESOURCE_ID', 'VALUE', 'INTERVAL_END_GMT'],
  delimiter: ';',
  fixed: { MEASUREMENT_TYPE: 'LOAD', UOM: 'KWH', INTERVAL_MINUTES: '60' },
});

const rows = [1, 2].map((hour) => ({
  ...{ resourceId: 'R_1', measurementType: 'LOAD', unit: 'KWH', intervalMinutes: 60 },
  ...{ endAt: periodStartAt + hour * hourMs, value: `${hour}.000`, isEstimated: false },
}));

test.each([
  ['gmt', 'gmt', gmt, gmt],
  ['gmt', 'pacific-standard', gmt, pacific],
  ['pacific-standard', 'gmt', pacific, gmt],
  ['gmt', 'one of our own', gmt, own],
  ['one of our own', 'the same', own, own],
  ['gmt', 'one with the same header', gmt, likeGmt],
  ['one with the header of gmt', 'the same', likeGmt, likeGmt],
])(
  'a part that was made in layout "%s" is read while "%s" is configured',
  async (_made, _set, made, csvLayout) => {
    const { store, map, post, keep } = await setUpForwardings();
    await map('M1');
    const posting = await post({ sets: [{}] });
    const file = await keep(Buffer.from(toOmarCsv(rows, made)).toString('latin1'));
    const deps = { ...store, postings: store.catalogue.postings, csvLayout };
    const found: object[] = [];
    await scanPart(deps, posting, { file, extension: 'csv' }, ({ meter }, readings) => {
      for (const { endAt, value } of readings()) found.push({ resourceId: meter, endAt, value });
    });
    expect(found).toEqual(rows.map(({ resourceId, endAt, value }) => ({ resourceId, endAt, value })));
  },
);

test.each([
  ['a layout that is no more known', own, gmt],
  [
    'what another one that is set now begins as, but is not',
    own,
    { ...own, fixed: { ...own.fixed, intervalMinutes: 1440 } },
  ],
])('a part in %s is not read', async (_what, made, csvLayout) => {
  const { store, map, post, keep } = await setUpForwardings();
  await map('M1');
  const posting = await post({ sets: [{}] });
  const file = await keep(Buffer.from(toOmarCsv(rows, made)).toString('latin1'));
  const deps = { ...store, postings: store.catalogue.postings, csvLayout };
  const scan = scanPart(deps, posting, { file, extension: 'csv' }, () => undefined);
  await expect(scan).rejects.toThrow('it is in no known layout');
});
