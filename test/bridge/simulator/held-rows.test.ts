import { describe, expect, test } from 'vitest';
import { createHeldRows } from '../../../bridge/simulator/omar/held-rows.ts';
import type { HeldFile } from '../../../bridge/simulator/omar/ledger.ts';
import { validateMeterData } from '../../../bridge/simulator/omar/validation.ts';
import { getOmarCsvLayout } from '../../../storage/formats/omar-csv/columns.ts';
import { dayMs } from '../../../storage/model/time.ts';
import { toCsv } from '../omar/omar-setup.ts';

const now = Date.UTC(2004, 2, 1) + 10 * dayMs;

function toFile(fileId: number, owner: string): HeldFile {
  return {
    ...{ fileId, owner, name: `${fileId}.csv`, format: 'CSV', bytes: 1, sha256: '', receivedAt: now },
    ...{ records: 1, ends: 'Validation Passed', validationMs: 0, errors: [] },
  };
}

test('files that passed are read once, and again when one more has, each owner’s apart', () => {
  const read: number[] = [];
  const find = createHeldRows(({ fileId }) => {
    read.push(fileId);
    return fileId === 3 ? Buffer.from(toCsv(1).toString().replace(',0.250,', ',9,')) : toCsv(2);
  }, getOmarCsvLayout('gmt'));
  const [one, two, three] = [toFile(1, 'a'), toFile(2, 'b'), toFile(3, 'a')];
  const rows = find([one], now);
  expect(rows).toMatchObject([{ value: '0.250' }, { value: '1.250' }]);
  expect(find([one], now)).toBe(rows);
  expect(find([two], now)).toEqual(rows);
  expect(read).toEqual([1, 2]);
  expect(find([one, three], now)).toMatchObject([{ value: '9' }, { value: '1.250' }]);
  expect(read).toEqual([1, 2, 1, 3]);
});

describe('what passed validation is what is held', () => {
  const layout = getOmarCsvLayout('gmt');
  const whole = toCsv(2).toString();
  const [header = ''] = whole.split('\r\n');

  test.each([
    ['as it is made', whole],
    ['without header', whole.replace(`${header}\r\n`, '')],
    ['with the header in small letters', whole.replace(header, header.toLowerCase())],
    ['with blank lines', `\r\n${whole.replaceAll('\r\n', '\r\n\r\n')}`],
    ['with LF', whole.replaceAll('\r\n', '\n')],
    ['without the last line end', whole.replace(/\r\n$/, '')],
  ])('%s', (_, text) => {
    const bytes = Buffer.from(text);
    expect(validateMeterData('CSV', bytes, { layout }, now)).toEqual({ records: 2, errors: [] });
    const series = { resourceId: 'EXAMPL_1_UNIT1', measurementType: 'GEN', unit: 'KWH', intervalMinutes: 15 };
    const endAt = Date.UTC(2004, 2, 1, 0, 15);
    expect(createHeldRows(() => bytes, layout)([toFile(1, 'a')], now)).toEqual([
      { ...series, endAt, value: '0.250', isEstimated: false },
      { ...series, endAt: endAt + 900_000, value: '1.250', isEstimated: false },
    ]);
  });

  test('but what is kept of a run with another layout is told with row and column', () => {
    const find = createHeldRows(() => toCsv(2), getOmarCsvLayout('pacific-standard'));
    expect(find([toFile(1, 'a')], now)).toEqual({
      why: expect.stringMatching(/^File 1 passed validation and cannot be read: row 1, .*pacific-standard/),
    });
  });
});
