import { describe, expect, it } from 'vitest';
import { getOmarCsvLayout } from '../../../../storage/formats/omar-csv/columns.ts';
import { createOmarCsvScanner } from '../../../../storage/formats/omar-csv/omar-csv-scanner.ts';
import { createOmarCsvWriter } from '../../../../storage/formats/omar-csv/omar-csv-writer.ts';
import { parseOmarCsvLayout } from '../../../../storage/formats/omar-csv/parse-layout.ts';
import { now } from '../scan.ts';
import { type Given, toGiven, write } from '../write.ts';

const columns = ['RESOURCE_ID', 'INTERVAL_END_GMT', 'VALUE'];
const fixed = { MEASUREMENT_TYPE: 'LOAD', UOM: 'KWH', INTERVAL_MINUTES: '15' };
const small = { name: 'small', columns, fixed };

describe('parseOmarCsvLayout', () => {
  it('gives a layout of the table from the settings that say the same', () => {
    const layout = getOmarCsvLayout('gmt');
    expect(parseOmarCsvLayout({ name: 'gmt', columns: layout.columns })).toEqual(layout);
    const digits = { timeFormat: 'digits', zone: 'pacific-standard', header: false };
    expect(parseOmarCsvLayout({ name: 'pacific-standard', columns: layout.columns, ...digits })).toEqual(
      getOmarCsvLayout('pacific-standard'),
    );
  });

  // biome-ignore format: one row a case
  it.each([
    ['no settings', 'gmt', /layout is "gmt", expected settings by name/],
    ['an unknown setting', { ...small, colums: [] }, /layout.colums is "", expected only name, columns/],
    ['no name', { ...small, name: '' }, /name is "", expected 1 to 40/],
    ['no columns', { name: 'x' }, /columns is "undefined", expected a list/],
    ['an unknown column', { ...small, columns: ['RESOURCE'] }, /columns\[0\] is "RESOURCE", expected one of "RESOURCE_ID"/],
    ['a column twice', { ...small, columns: [...columns, 'VALUE'] }, /columns is "VALUE", expected each column once/],
    ['no column for the value', { ...small, columns: ['RESOURCE_ID', 'INTERVAL_END_GMT'] }, /expected RESOURCE_ID, INTERVAL_END_GMT, VALUE among them/],
    ['another delimiter', { ...small, delimiter: '/' }, /delimiter is "\/", expected one of ","/],
    ['a header that is neither on nor off', { ...small, header: 'yes' }, /header is "yes", expected one of true, false/],
    ['a heading of no column', { ...small, headings: { UOM: 'U' } }, /headings.UOM is "U", expected only RESOURCE_ID/],
    ['a heading with the delimiter', { ...small, headings: { VALUE: 'A,B' } }, /headings.VALUE is "A,B", expected 1 to 60 printable ASCII characters without/],
    ['a heading twice', { ...small, headings: { VALUE: 'INTERVAL_END_GMT' } }, /headings is "INTERVAL_END_GMT", expected each heading once/],
    ['an unknown form of time', { ...small, timeFormat: 'unix' }, /timeFormat is "unix", expected one of "iso", "digits", "slashes"/],
    ['UTC text for another zone', { ...small, zone: 'pacific-standard' }, /timeFormat is "iso", expected another form/],
    ['local prevailing time', { ...small, zone: 'America/Los_Angeles', timeFormat: 'digits' }, /zone is "America\/Los_Angeles".*repeats an hour in autumn/],
    ['no unit at all', { ...small, fixed: { ...fixed, UOM: undefined } }, /fixed.UOM is "undefined", expected one of KWH/],
    ['a length the ISO does not take', { ...small, fixed: { ...fixed, INTERVAL_MINUTES: '7' } }, /fixed.INTERVAL_MINUTES is "7", expected one of 5/],
    ['a fixed value beside a column', { ...small, columns: [...columns, 'UOM'] }, /fixed.UOM is "KWH", expected only MEASUREMENT_TYPE, INTERVAL_MINUTES/],
    ['a fixed value where every column is there', { name: 'x', columns: getOmarCsvLayout('gmt').columns, fixed: { UOM: 'KWH' } }, /fixed.UOM is "KWH", expected no setting here/],
  ])('refuses %s', (_, settings, message) => {
    expect(() => parseOmarCsvLayout(settings)).toThrow(message);
  });

  it('takes a length as a number, as YAML reads it', () => {
    const asNumber = { ...small, fixed: { ...fixed, INTERVAL_MINUTES: 15 } };
    expect(parseOmarCsvLayout(asNumber)).toEqual(parseOmarCsvLayout(small));
  });

  /** Written and read by the layout; the text of the file, and the sets that came back. */
  function roundTrip(settings: unknown, given: readonly Given[]) {
    const layout = parseOmarCsvLayout(settings);
    const { file, losses } = write((options) => createOmarCsvWriter(options, layout), layout.name, given);
    const back: Given[] = [];
    const onReadingSet = (set: Given['set'], readings: () => Given['readings']) =>
      back.push({ set, readings: readings() });
    const scanner = createOmarCsvScanner({ profile: layout.name, now, onReadingSet }, layout);
    scanner.push(file);
    const { isRefused } = scanner.end();
    return { text: file.toString('latin1'), losses, back, isRefused };
  }

  it('makes files of fewer columns, in another order, under other names', () => {
    const settings = {
      ...small,
      columns: ['VALUE', 'INTERVAL_END_GMT', 'RESOURCE_ID'],
      headings: { VALUE: 'Energy', RESOURCE_ID: 'Resource' },
      delimiter: ';',
      timeFormat: 'slashes',
      zone: 'pacific-standard',
    };
    const given = [
      toGiven(['1', '2.5']),
      toGiven(['3'], { unit: 'GKWH' }),
      toGiven(['4'], { intervalMinutes: 60 }),
    ];
    const { text, losses, back, isRefused } = roundTrip(settings, given);
    expect(text).toBe(
      'Energy;INTERVAL_END_GMT;Resource\r\n1.000;03/01/2020 00:15;METER_1\r\n2.500;03/01/2020 00:30;METER_1\r\n',
    );
    expect(losses).toEqual({ unit: 1, interval: 1 });
    expect(isRefused).toBe(false);
    expect(back.map(({ set, readings }) => [set.unit, set.channel, set.intervalMinutes, readings])).toEqual([
      [
        'KWH',
        'LOAD',
        15,
        [
          { endAt: Date.UTC(2020, 2, 1, 8, 15), value: '1.000', quality: 'validated' },
          { endAt: Date.UTC(2020, 2, 1, 8, 30), value: '2.500', quality: 'validated' },
        ],
      ],
    ]);
  });

  it('loses the flag of an estimate where there is no column for it', () => {
    const { losses, back } = roundTrip(small, [toGiven([{ value: '1', quality: 'estimated' }])]);
    expect(losses).toEqual({ flag: 1 });
    expect(back[0]?.readings[0]?.quality).toBe('validated');
  });
});
