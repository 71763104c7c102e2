import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getOmarCsvLayout, omarColumns, toHeaderLine } from '../../../../storage/formats/omar-csv/columns.ts';
import { omarCsvFaults } from '../../../../storage/formats/omar-csv/faults.ts';
import { omarUnitOf } from '../../../../storage/formats/omar-csv/from-reading-set.ts';
import { toOmarCsv } from '../../../../storage/formats/omar-csv/to-omar-csv.ts';
import { createScanner } from '../../../../storage/formats/scanners.ts';
import { maxDistinctMeters } from '../../../../storage/formats/summary-tally.ts';
import { now, scan, scanChunks, toBytes, toChunks } from '../scan.ts';

const header = `${toHeaderLine(getOmarCsvLayout('gmt'))}\r\n`;
const cells = ['EXAMPL_1_UNIT1', 'GEN', 'KWH', '15', '2004-03-01T08:15:00Z', '1250.000', ''];

/** A file of one row, with some cells (by number, from 1) replaced. */
function toFile(change: Readonly<Record<number, string>> = {}): string {
  return `${header}${cells.map((cell, index) => change[index + 1] ?? cell).join(',')}\r\n`;
}

const row = toFile().slice(header.length);

// biome-ignore format: one row a case
const badFiles: readonly { code: keyof typeof omarCsvFaults; why: string; text: string; line: number; field: string; found: string }[] = [
  { code: 'E_EMPTY', why: 'a header and no row', text: header, line: 0, field: 'file', found: '' },
  { code: 'E_EOL', why: 'an E may be cut off', text: toFile().trimEnd(), line: 2, field: 'line', found: 'EXAMPL' },
  { code: 'E_ASCII', why: 'no ASCII', text: toFile({ 1: 'CAF\xc9' }), line: 2, field: 'line', found: '\\xc9' },
  { code: 'E_LINE_LEN', why: '1001 characters', text: `${header}${'x'.repeat(1001)}\r\n`, line: 2, field: 'line', found: 'xxx' },
  { code: 'E_BLANK_LINE', why: 'a line without text', text: `${toFile()}\r\n`, line: 3, field: 'line', found: '' },
  { code: 'E_HEADER', why: 'columns in another order', text: toFile().replace('UOM,INTERVAL_MINUTES', 'INTERVAL_MINUTES,UOM'), line: 1, field: 'line', found: 'RESOURCE_ID' },
  { code: 'E_COLUMNS', why: 'a cut row', text: `${header}EXAMPL_1_UNIT1,GEN\r\n`, line: 2, field: 'line', found: 'EXAMPL' },
  { code: 'E_COLUMNS', why: 'a comma too many', text: toFile({ 7: ',' }), line: 2, field: 'line', found: 'EXAMPL' },
  { code: 'E_RESOURCE', why: 'lower case', text: toFile({ 1: 'exampl' }), line: 2, field: 'RESOURCE_ID', found: 'exampl' },
  { code: 'E_RESOURCE', why: 'quotes', text: toFile({ 1: '"EXAMPL"' }), line: 2, field: 'RESOURCE_ID', found: '"EXAMPL"' },
  { code: 'E_MEASUREMENT', why: 'no such type', text: toFile({ 2: 'WIND' }), line: 2, field: 'MEASUREMENT_TYPE', found: 'WIND' },
  { code: 'E_UNITS', why: 'no such unit', text: toFile({ 3: 'GALREG' }), line: 2, field: 'UOM', found: 'GALREG' },
  { code: 'E_INTERVAL', why: 'seven minutes', text: toFile({ 4: '7' }), line: 2, field: 'INTERVAL_MINUTES', found: '7' },
  { code: 'E_DATETIME', why: 'no real day', text: toFile({ 5: '2004-02-30T08:15:00Z' }), line: 2, field: 'INTERVAL_END_GMT', found: '2004-02-30' },
  { code: 'E_DATETIME', why: '29 February of a common year', text: toFile({ 5: '1999-02-29T08:15:00Z' }), line: 2, field: 'INTERVAL_END_GMT', found: '1999-02-29' },
  { code: 'E_DATETIME', why: 'hour 24', text: toFile({ 5: '2004-03-01T24:00:00Z' }), line: 2, field: 'INTERVAL_END_GMT', found: '2004-03-01T24' },
  { code: 'E_DATETIME', why: 'seconds', text: toFile({ 5: '2004-03-01T08:15:01Z' }), line: 2, field: 'INTERVAL_END_GMT', found: '2004-03-01' },
  { code: 'E_DATETIME', why: 'no digits', text: toFile({ 5: 'YYYY-MM-DDT08:15:00Z' }), line: 2, field: 'INTERVAL_END_GMT', found: 'YYYY' },
  { code: 'E_DATETIME', why: 'an offset', text: toFile({ 5: '2004-03-01T08:15:00-08:00' }), line: 2, field: 'INTERVAL_END_GMT', found: '2004-03-01' },
  { code: 'E_BOUNDARY', why: 'eight past', text: toFile({ 5: '2004-03-01T08:08:00Z' }), line: 2, field: 'INTERVAL_END_GMT', found: 'EXAMPL' },
  { code: 'E_NUMBER', why: 'negative', text: toFile({ 6: '-1.000' }), line: 2, field: 'VALUE', found: '-1.000' },
  { code: 'E_NUMBER', why: 'four places', text: toFile({ 6: '1.0000' }), line: 2, field: 'VALUE', found: '1.0000' },
  { code: 'E_NUMBER', why: 'NaN', text: toFile({ 6: 'NaN' }), line: 2, field: 'VALUE', found: 'NaN' },
  { code: 'E_NUMBER', why: 'an exponent', text: toFile({ 6: '1e999' }), line: 2, field: 'VALUE', found: '1e999' },
  { code: 'E_NUMBER', why: '40 digits', text: toFile({ 6: '9'.repeat(40) }), line: 2, field: 'VALUE', found: '999' },
  { code: 'E_QUALITY', why: 'no such flag', text: toFile({ 7: 'R' }), line: 2, field: 'QUALITY', found: 'R' },
  { code: 'W_OPEN_END', why: 'only CR at the end', text: toFile().slice(0, -1), line: 2, field: 'line', found: 'EXAMPL' },
  { code: 'N_LF', why: 'LF alone', text: toFile().replaceAll('\r', ''), line: 1, field: 'line', found: 'RESOURCE' },
];

describe('createOmarCsvScanner', () => {
  it.each(badFiles)('$code: $why', ({ code, text, line, field, found }) => {
    const { faults, faultCounts, isRefused, sets } = scan('omar-csv', toBytes(text), 'gmt');
    const fault = faults.find((one) => one.code === code);
    expect(fault, JSON.stringify(faultCounts)).toMatchObject({
      line,
      field,
      level: omarCsvFaults[code].level,
    });
    expect(fault?.text.startsWith(found)).toBe(true);
    expect(isRefused).toBe(omarCsvFaults[code].level === 'error');
    const others = Object.keys(faultCounts).filter((one) => one !== code && one !== 'W_OPEN_END');
    expect(others).toEqual([]);
    const hasOwnRow = omarCsvFaults[code].level !== 'error' || line === 1;
    expect(sets.length > 0).toBe(hasOwnRow);
  });

  it('says once that there are more resources than it counts', () => {
    function* chunks() {
      yield toBytes(header);
      for (let i = 0; i <= maxDistinctMeters; i++) yield toBytes(row.replace('EXAMPL_1_UNIT1', `R${i}`));
    }
    const { faultCounts } = scanChunks('omar-csv', chunks(), {
      profile: 'gmt',
      onReadingSet: () => undefined,
    });
    expect(faultCounts).toEqual({ C_CAP: 1, C_ACCOUNT_CAP: 1, N_METER_CAP: 1 });
  });

  it.each([
    { code: 'C_DUPLICATE', why: 'the row twice', text: toFile() + row },
    {
      code: 'C_DUPLICATE',
      why: 'again after another resource',
      text: toFile() + row.replace('UNIT1', 'UNIT2') + row,
    },
    { code: 'C_FUTURE', why: 'after now', text: toFile({ 5: '2030-01-01T00:15:00Z' }) },
    { code: 'C_GAP', why: 'a quarter hour is missing', text: toFile() + row.replace('08:15', '08:45') },
  ])('$code: $why', ({ code, text }) => {
    const { isRefused, faults } = scan('omar-csv', toBytes(text), 'gmt');
    expect(isRefused).toBe(false);
    expect(faults.map((fault) => fault.code)).toContain(code);
    const options = { profile: 'gmt', levels: { [code]: 'error' } } as const;
    expect(scanChunks('omar-csv', [toBytes(text)], options).isRefused).toBe(true);
  });

  it.each([
    ['of the same run', ['08:15', '08:30', '08:15', '08:30', '08:30'], 4, '3 of the 5', '08:15'],
    ['out of order', ['08:45', '08:15', '08:30', '08:45'], 5, '1 of the 4', '08:45'],
  ])('names the first row that repeats one %s, and its instant', (_, times, line, count, time) => {
    const text = header + times.map((one) => row.replace('08:15', one)).join('');
    const fault = scan('omar-csv', toBytes(text), 'gmt').faults.find(({ code }) => code === 'C_DUPLICATE');
    expect(fault).toMatchObject({ line, byteOffset: header.length + (line - 2) * row.length });
    expect(fault?.message).toMatch(new RegExp(`^${count} readings .*, the first of [-0-9]+T${time}Z\\.$`));
  });

  it('names the row that repeats one of another run', () => {
    const [early, late] = ['08:15', '08:30'].map((one) => row.replace('08:15', one)) as [string, string];
    const text = header + late + row.replace('UNIT1', 'UNIT2') + early + late;
    const fault = scan('omar-csv', toBytes(text), 'gmt').faults.find(({ code }) => code === 'C_DUPLICATE');
    expect(fault).toMatchObject({ line: 5, byteOffset: header.length + 3 * row.length });
    expect(fault?.message).toMatch(/the first of [-0-9]+T08:30Z\.$/);
  });

  it('takes rows in any order of time', () => {
    const minutes = ['30', '15', '00', '45'];
    const text = header + minutes.map((minute) => row.replace('08:15', `08:${minute}`)).join('');
    expect(scan('omar-csv', toBytes(text), 'gmt').faults).toEqual([]);
  });

  it('has a case for every code', () => {
    const covered = new Set<string>([...badFiles.map(({ code }) => code), 'N_METER_CAP']);
    expect(Object.keys(omarCsvFaults).filter((code) => !covered.has(code))).toEqual([]);
  });

  it('makes a reading set of neighbouring rows of one resource, type and unit', () => {
    const text = toFile() + row.replace('08:15', '08:30').replace(',\r', ',E\r') + row.replace('GEN', 'LOAD');
    const { sets, summary, faults } = scan('omar-csv', toBytes(text), 'gmt');
    expect(faults.map(({ code }) => code)).toEqual(['C_ESTIMATED_SHARE']);
    expect(sets.map(({ set }) => [set.meter, set.channel, set.line, set.readings, set.estimated])).toEqual([
      ['EXAMPL_1_UNIT1', 'GEN', 2, 2, 1],
      ['EXAMPL_1_UNIT1', 'LOAD', 4, 1, 0],
    ]);
    expect(sets[0]?.set).toMatchObject({
      byteStart: header.length,
      byteEnd: header.length + 2 * row.length + 1,
      periodStartAt: Date.parse('2004-03-01T08:00:00Z'),
      periodEndAt: Date.parse('2004-03-01T08:30:00Z'),
    });
    expect(sets[0]?.readings).toEqual([
      { endAt: Date.parse('2004-03-01T08:15:00Z'), value: '1250.000', quality: 'validated' },
      { endAt: Date.parse('2004-03-01T08:30:00Z'), value: '1250.000', quality: 'estimated' },
    ]);
    expect(summary).toMatchObject({ records: 3, readings: 3, units: { GKWH: 2, KWH: 1 }, meters: 1 });
  });

  it('cuts very long runs, so that memory stays bounded', () => {
    const rows = Array.from({ length: 4_001 }, (_, index) => {
      const endAt = new Date(Date.UTC(2004, 0, 1) + index * 900_000).toISOString().replace('.000', '');
      return row.replace('2004-03-01T08:15:00Z', endAt);
    });
    const { sets } = scan('omar-csv', toBytes(header + rows.join('')), 'gmt');
    expect(sets.map(({ set }) => set.readings)).toEqual([4_000, 1]);
  });

  it('hands on nothing of a run with an error in it', () => {
    const text = toFile() + row.replace('1250.000', 'x') + row.replace('08:15', '08:45');
    expect(scan('omar-csv', toBytes(text), 'gmt').sets).toEqual([]);
  });

  it('takes nothing from a row that was cut, wherever the file is cut', () => {
    const bytes = toBytes(toFile() + row.replace('08:15', '08:30').replace(',\r', ',E\r'));
    const whole = scan('omar-csv', bytes, 'gmt').sets[0]?.readings ?? [];
    for (let length = 0; length < bytes.length; length++) {
      const { sets, isRefused } = scan('omar-csv', bytes.subarray(0, length), 'gmt');
      for (const { readings } of sets) expect(whole.slice(0, readings.length)).toEqual(readings);
      const isAtRow = length > header.length && [0x0a, 0x0d].includes(bytes[length - 1] as number);
      expect(isRefused, `cut at ${length}`).toBe(!isAtRow);
    }
  });

  it.each(['gmt', 'pacific-standard'])('reads back what the writer writes in layout %s', (name) => {
    const layout = getOmarCsvLayout(name);
    const rows = fc.array(
      fc.record({
        resourceId: fc.constantFrom('A_1', 'B-2'),
        measurementType: fc.constantFrom('GEN', 'LOAD'),
        unit: fc.constantFrom('KWH', 'KVARH'),
        intervalMinutes: fc.constant(15),
        endAt: fc.integer({ min: 0, max: 1_500_000 }).map((quarter) => quarter * 900_000),
        value: fc.nat(10_000_000).map((value) => (value / 1000).toFixed(3)),
        isEstimated: fc.boolean(),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(rows, fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (list, sizes) => {
        const bytes = toOmarCsv(list, layout);
        const whole = scan('omar-csv', bytes, name);
        expect(whole.isRefused).toBe(false);
        const back = whole.sets.flatMap(({ set, readings }) =>
          readings.map(({ endAt, value, quality }) => [
            set.meter,
            set.channel,
            omarUnitOf[set.unit],
            endAt,
            value,
            quality,
          ]),
        );
        expect(back).toEqual(
          list.map((one) => [
            one.resourceId,
            one.measurementType,
            one.unit,
            one.endAt,
            one.value,
            one.isEstimated ? 'estimated' : 'validated',
          ]),
        );
        expect(scanChunks('omar-csv', toChunks(bytes, sizes), { profile: name })).toEqual(whole);
      }),
    );
  });

  it('writes Pacific standard time all year in that layout', () => {
    const layout = getOmarCsvLayout('pacific-standard');
    const endAt = Date.parse('2020-07-01T00:15:00-08:00');
    const one = {
      resourceId: 'A',
      measurementType: 'GEN',
      unit: 'KWH',
      intervalMinutes: 15,
      endAt,
      value: '1.000',
      isEstimated: true,
    };
    expect(Buffer.from(toOmarCsv([one], layout)).toString()).toBe('A,GEN,KWH,15,202007010015,1.000,E\r\n');
    expect(Object.keys(omarColumns)).toHaveLength(7);
  });

  it('reads a year in any order of days, and forgets none of the faults of a day read before', () => {
    const days = Array.from({ length: 366 }, (_, day) => new Date(Date.UTC(2004, 0, 1 + day) + 900_000));
    const rows = [...days]
      .reverse()
      .map((day) => row.replace('2004-03-01T08:15:00Z', day.toISOString().replace('.000', '')));
    const { isRefused, summary } = scan('omar-csv', toBytes(header + rows.join('')), 'gmt');
    expect(isRefused).toBe(false);
    expect(summary).toMatchObject({
      readings: 366,
      firstAt: Date.UTC(2004, 0, 1),
      lastAt: days.at(-1)?.getTime(),
    });
    const bad = row.replace('2004-03-01', '2004-02-30');
    const twice = scan('omar-csv', toBytes(header + row + bad + bad), 'gmt');
    expect(twice.faultCounts).toEqual({ E_DATETIME: 2 });
  });

  it('passes over a row of 1 GB without keeping it', () => {
    const scanner = createScanner('omar-csv', { profile: 'gmt', now });
    const before = process.memoryUsage().rss;
    const chunk = Buffer.alloc(1 << 20, 'x');
    scanner.push(toBytes(header));
    for (let i = 0; i < 1_024; i++) scanner.push(chunk);
    scanner.push(toBytes(`\r\n${row}`));
    const { faultCounts, summary } = scanner.end();
    expect(faultCounts).toEqual({ E_LINE_LEN: 1 });
    expect(summary.bytes).toBe(2 ** 30 + header.length + row.length + 2);
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  it('refuses an unknown layout by name', () => {
    expect(() => scan('omar-csv', toBytes(''), 'x')).toThrow(/"x".*gmt, pacific-standard/);
  });
});
