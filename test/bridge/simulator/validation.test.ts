import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { validateMeterData } from '../../../bridge/simulator/omar/validation.ts';
import { getOmarCsvLayout } from '../../../storage/formats/omar-csv/columns.ts';
import { parseOmarCsvLayout } from '../../../storage/formats/omar-csv/parse-layout.ts';
import { toCsv } from '../omar/omar-setup.ts';

const now = Date.UTC(2026, 0, 1);
const gmt = getOmarCsvLayout('gmt');
const csv = (text: string | Buffer, layout = gmt) =>
  validateMeterData('CSV', Buffer.from(text), { layout }, now);
const types = ['GEN', 'LOAD', 'CBL', 'MBMA', 'MGO', 'TMNT'];
const row = 'EXAMPL_1,GEN,KWH,15,2004-03-01T08:15:00Z,1250.000,E';

describe('CSV', () => {
  test.each([
    ['with header and CR LF', toCsv(96), 96],
    ['without header, with LF', `${row}\n`, 1],
    ['another unit beside the first', `${row}\n${row.replace('KWH', 'KVARH')}`, 2],
    ['every measurement type', types.map((type) => row.replace('GEN', type)).join('\n'), types.length],
  ])('passes %s', (_, text, records) => {
    expect(csv(text)).toEqual({ records, errors: [] });
  });

  test.each([
    ['File is empty or cannot be parsed', row, ''],
    ['Invalid record format', ',E', ''],
    ['Invalid record format', ',E', ',X'],
    ['Invalid record format', '2004-03-01T08:15:00Z', '2004-03-01 08:15'],
    ['Invalid record format', '2004-03-01T08:15:00Z', '2004-13-01T08:15:00Z'],
    ['Unknown resource identifier', 'EXAMPL_1', 'example 1'],
    ['Invalid measurement type or unit (EXAMPL_1)', 'GEN', 'SUN'],
    ['Invalid measurement type or unit (EXAMPL_1)', 'KWH', 'W'],
    ['Invalid interval length (EXAMPL_1)', ',15,', ',20,'],
    ['Invalid record format', '08:15:00', '08:15:01'],
    ['Interval end not on interval boundary (EXAMPL_1)', '08:15:00', '08:10:00'],
    ['Interval is in the future (EXAMPL_1)', '2004-', '2027-'],
    ['Value not numeric or out of range (EXAMPL_1)', '1250.000', '1.25e3'],
    ['Value not numeric or out of range (EXAMPL_1)', '1250.000', '-1'],
    ['Duplicate interval (EXAMPL_1)', row, `${row}\n${row}`],
  ])('fails with %s', (words, pattern, replacement) => {
    expect(csv(row.replace(pattern, replacement)).errors).toEqual([{ words, occurrences: 1 }]);
  });
});

describe('CSV in a layout of its own', () => {
  const layout = parseOmarCsvLayout({
    name: 'own',
    columns: ['INTERVAL_END_GMT', 'RESOURCE_ID', 'VALUE'],
    headings: { VALUE: 'Energy' },
    delimiter: ';',
    timeFormat: 'digits',
    zone: 'pacific-standard',
    fixed: { MEASUREMENT_TYPE: 'LOAD', UOM: 'KWH', INTERVAL_MINUTES: '15' },
  });
  const own = '200403010015;EXAMPL_1;1250.000';

  test.each([
    ['with header', `INTERVAL_END_GMT;RESOURCE_ID;Energy\r\n${own}\r\n`],
    ['without header', own],
  ])('passes %s', (_, text) => {
    expect(csv(text, layout)).toEqual({ records: 1, errors: [] });
  });

  test.each([
    ['Invalid record format', row],
    ['Invalid record format', 'RESOURCE_ID;INTERVAL_END_GMT;VALUE'],
    ['Invalid record format', `${own};E`],
    ['Interval end not on interval boundary (EXAMPL_1)', own.replace('0015', '0020')],
    ['Duplicate interval (EXAMPL_1)', `${own}\n${own}`],
  ])('fails with %s', (words, text) => {
    expect(csv(text, layout).errors).toEqual([{ words, occurrences: 1 }]);
  });

  test('a header is an error where the layout has none', () => {
    const headless = getOmarCsvLayout('pacific-standard');
    const header = 'RESOURCE_ID,MEASUREMENT_TYPE,UOM,INTERVAL_MINUTES,INTERVAL_END_GMT,VALUE,QUALITY';
    const text = `${header}\nEXAMPL_1,GEN,KWH,15,200403010015,1250.000,E`;
    expect(csv(text, headless)).toMatchObject({ records: 2, errors: [{ words: 'Invalid record format' }] });
  });
});

test('of the resources that there are, each other is told with its id', () => {
  const bytes = Buffer.from(`${row}\n${row.replace('EXAMPL_1', 'OTHER_1')}`);
  const { errors } = validateMeterData('CSV', bytes, { layout: gmt, resources: ['EXAMPL_1'] }, now);
  expect(errors).toEqual([{ words: 'Unknown resource identifier (OTHER_1)', occurrences: 1 }]);
});

test('an error that was ordered comes before those that are there', () => {
  const forced = validateMeterData('CSV', Buffer.from(row.replace('GEN', 'SUN')), { layout: gmt }, now, 4);
  expect(forced.errors.map(({ words }) => words)).toEqual([
    'Resource not assigned to submitter',
    'Invalid measurement type or unit (EXAMPL_1)',
  ]);
});

describe('MDEF', () => {
  const toRecord = (code: number, fill: (record: Buffer) => void = () => undefined) => {
    const record = Buffer.alloc(216, ' ');
    record.writeInt16LE(216, 0);
    record.writeInt16LE(code, 2);
    fill(record);
    return record;
  };
  const trailer = (total: string) => toRecord(9999, (record) => record.write(total, 34));
  const mdef = (...records: Buffer[]) =>
    validateMeterData('MDEF', Buffer.concat(records), { layout: gmt }, now);

  test('passes when its records and its trailer agree', () => {
    expect(mdef(toRecord(1), toRecord(10), trailer('0000000003'))).toEqual({ records: 3, errors: [] });
  });

  test.each([
    ['File is empty or cannot be parsed', []],
    ['File is empty or cannot be parsed', [Buffer.alloc(215)]],
    ['Invalid record format', [toRecord(1), Buffer.alloc(1)]],
    ['Invalid record format', [toRecord(10), trailer('0000000002')]],
    ['Invalid record format', [toRecord(1), Buffer.alloc(216), trailer('0000000003')]],
    ['Record count does not match trailer', [toRecord(1), trailer('0000000003')]],
    ['Record count does not match trailer', [toRecord(1), toRecord(10)]],
  ])('fails with %s', (words, records) => {
    expect(mdef(...records).errors).toEqual([{ words, occurrences: 1 }]);
  });

  test('passes a real file', ({ skip }) => {
    const file = new URL('../../../../shared/data/mdef/DT010516.MDE', import.meta.url);
    if (!existsSync(file)) {
      console.warn('SKIPPED the real MDEF file: its folder is not beside this checkout');
      skip('its folder is not beside this checkout');
    }
    const bytes = readFileSync(file);
    expect(mdef(bytes)).toEqual({ records: bytes.length / 216, errors: [] });
  });
});
