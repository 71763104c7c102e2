import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../../../storage/formats/detect.ts';
import { scan } from '../scan.ts';

const folder = new URL('../../../../../shared/data/mdef/', import.meta.url);
const isThere = existsSync(folder);
if (!isThere) console.warn(`Skipped: the real MDEF samples are not here (${folder.pathname})`);

/** First channel of each file, as its source describes it. */
// biome-ignore format: one row a file
const files = [
  { name: 'DT010435.MDE', records: 26, channels: 8, start: '2016-10-10T11:15', stop: '2016-10-11T02:00', intervals: 59, first: '885.5', last: '577.5', sum: 50162, warnings: {} },
  { name: 'DT010516.MDE', records: 42, channels: 8, start: '2016-10-10T00:00', stop: '2016-10-11T00:00', intervals: 96, first: '10.685218', last: '10.685218', sum: 914.25, warnings: {} },
  { name: 'DT030918.MDE', records: 44, channels: 7, start: '2016-10-10T05:15', stop: '2016-10-11T07:45', intervals: 106, first: '7', last: '0', sum: 462, warnings: { W_CHANNELS: 1 } },
];

/** Values of the first channel, read with nothing but the offsets; knows nothing of the scanner. */
function readNaively(bytes: Buffer): number[] {
  const [channelStatus, intervalStatus] = [315, 316].map(
    (at) => bytes.toString('latin1', at, at + 1) === 'Y',
  );
  const slot = 4 + (channelStatus === true ? 2 : 0) + (intervalStatus === true ? 2 : 0);
  const values: number[] = [];
  for (
    let record = 2;
    bytes.readInt16LE(record * 216 + 2) >= 1001 && bytes.readInt16LE(record * 216 + 2) < 9999;
    record++
  ) {
    for (let at = 24; at + slot <= 216; at += slot) {
      if (bytes.readUInt32LE(record * 216 + at) === 0x7fff7fff) return values;
      values.push(bytes.readFloatLE(record * 216 + at));
    }
  }
  return values;
}

describe.skipIf(!isThere)('real MDEF files', () => {
  it.each(files)('$name scans to what is known of it', (file) => {
    const bytes = readFileSync(new URL(file.name, folder));
    const { isRefused, faultCounts, summary, sets } = scan('mdef', bytes, 'pacific-standard');
    expect({ isRefused, faultCounts }).toEqual({ isRefused: false, faultCounts: file.warnings });
    expect(summary).toMatchObject({ records: file.records, readingSets: file.channels, meters: 1 });
    const [channel] = sets;
    expect(channel?.set).toMatchObject({
      unit: 'KWH D',
      readings: file.intervals,
      intervalMinutes: 15,
      periodStartAt: Date.parse(`${file.start}:00-08:00`),
      periodEndAt: Date.parse(`${file.stop}:00-08:00`),
    });
    const values = (channel?.readings ?? []).map(({ value }) => value);
    expect([values[0], values.at(-1)]).toEqual([file.first, file.last]);
    expect(values.reduce((sum, value) => sum + Number(value), 0)).toBeCloseTo(file.sum, 1);
    expect(values.map((value) => Math.fround(Number(value)))).toEqual(readNaively(bytes));
    expect(detectFormat(bytes, file.name)).toMatchObject({ format: 'mdef' });
    expect(detectFormat(bytes, 'x.csv')).toMatchObject({ fault: { code: 'E_NAME' } });
  });
});
