import { describe, expect, test } from 'vitest';
import { explainErrors } from '../../../bridge/forwarding/explain-errors.ts';
import { parseMapping } from '../../../storage/model/resource.ts';
import { hourMs } from '../../../storage/model/time.ts';

/** 2026-11-19T09:00Z, which is 01:00 in the ISO's zone. */
const endAt = Date.UTC(2026, 10, 19, 9);
const intervals = [
  { resourceId: 'R_1', endAt, line: 2 },
  { resourceId: 'R_1', endAt: endAt + hourMs, line: 3 },
  { resourceId: 'R_12', endAt, line: 4 },
];
const mapped = ['1', '12'].map((number, id) => ({
  id,
  ...parseMapping(
    {
      meter: `M${number}`,
      unit: 'KWH',
      resourceId: `R_${number}`,
      measurementType: 'LOAD',
      account: 'sc-one',
      way: 'omar',
      effectiveFrom: '2026-01-01',
    },
    'Cannot map',
  ),
}));
const explain = (words: string, of = intervals) => explainErrors([{ words, occurrences: 2 }], of, mapped)[0];

describe('what the ISO says is explained by what was posted', () => {
  test.each([
    ['Invalid interval length (R_12)', { resourceId: 'R_12', meter: 'M12', intervalEndAt: null, line: null }],
    ['R_1: Duplicate interval 2026-11-19T10:00:00Z', { meter: 'M1', intervalEndAt: endAt + hourMs, line: 3 }],
    ['Resource R_1, interval ending 11/19/2026 01:00:00', { meter: 'M1', intervalEndAt: endAt, line: 2 }],
    ['R_1 202611190900 closed', { meter: 'M1', intervalEndAt: endAt, line: 2 }],
    ['Value not numeric in line 4', { resourceId: 'R_12', meter: 'M12', intervalEndAt: endAt, line: 4 }],
    ['Record No: 3 is out of range', { resourceId: 'R_1', intervalEndAt: endAt + hourMs, line: 3 }],
    ['Interval 2026-11-19 10:00 is late', { resourceId: '', meter: '', intervalEndAt: endAt + hourMs }],
  ])('%s', (words, found) => {
    expect(explain(words)).toMatchObject({ words, occurrences: 2, ...found });
  });

  test.each([
    'The file could not be read',
    'Resource R_3 is not registered',
    'Interval 2026-11-20T09:00:00Z is closed',
    'line 99 is wrong',
    '',
  ])('but not more than it says: %s', (words) => {
    const nothing = { resourceId: '', meter: '', unit: '', intervalEndAt: null, line: null };
    expect(explain(words)).toEqual({ words, occurrences: 2, ...nothing });
  });

  test('where the part has one resource only, it is that one', () => {
    expect(explain('Incomplete day', intervals.slice(0, 2))).toMatchObject({ meter: 'M1', unit: 'KWH' });
  });

  test('a system that names things in fields of their own is believed', () => {
    const told = { words: 'rejected', occurrences: 1, resourceId: 'R_12', intervalEndAt: endAt };
    expect(explainErrors([told], intervals, mapped)).toMatchObject([{ meter: 'M12', line: 4 }]);
  });
});
