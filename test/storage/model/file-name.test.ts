import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type FileName,
  findFileName,
  parseFileName,
  toNextFileName,
} from '../../../storage/model/file-name.ts';
import { hourMs, minuteMs } from '../../../storage/model/time.ts';

const pacific = 'America/Los_Angeles';

describe('parseFileName', () => {
  it.each(['202611210101.dat', '202403100230.dat', '200002290000.dat', '999912312359.dat'])(
    'takes %s',
    (text) => {
      expect(parseFileName(text)).toBe(text);
    },
  );

  it.each([
    ['202611210101', 'no extension'],
    ['202611210101.DAT', 'upper case'],
    ['202613010101.dat', 'month 13'],
    ['202602290101.dat', 'not a leap year'],
    ['202611212400.dat', 'hour 24'],
    ['202611210160.dat', 'minute 60'],
    ['20261121010.dat', 'eleven digits'],
    ['2026112101011.dat', 'thirteen digits'],
    ['000011210101.dat', 'year 0'],
    ['２０２６11210101.dat', 'digits that are not ASCII'],
    ['202611210101.dat\n', 'a line end behind'],
    ['../202611210101.dat', 'a path'],
  ])('refuses %j: %s', (text) => {
    expect(findFileName(text)).toBeUndefined();
    expect(() => parseFileName(text)).toThrow('expected ccyymmddhhmm.dat with a real date and time');
  });
});

describe('toNextFileName', () => {
  it('labels the posting minute on the wall clock of the zone', () => {
    expect(toNextFileName(Date.UTC(2026, 10, 21, 9, 5), pacific, undefined)).toBe('202611210105.dat');
    expect(toNextFileName(Date.UTC(2026, 6, 21, 9, 5), pacific, undefined)).toBe('202607210205.dat');
    expect(toNextFileName(Date.UTC(2026, 6, 21, 9, 5), 'UTC', undefined)).toBe('202607210905.dat');
  });

  it('takes the next minute when the last name is as late, over hours, days and years', () => {
    const now = Date.UTC(2026, 11, 31, 12, 0);
    const next = (last: string) => toNextFileName(now, 'UTC', parseFileName(last));
    expect(next('202612311200.dat')).toBe('202612311201.dat');
    expect(next('202612311259.dat')).toBe('202612311300.dat');
    expect(next('202612312359.dat')).toBe('202701010000.dat');
    expect(next('202612311159.dat')).toBe('202612311200.dat');
  });

  it('rises through the repeated hour of autumn: the second 01:30 comes after the first 01:59', () => {
    const first = toNextFileName(Date.UTC(2026, 10, 1, 8, 59), pacific, undefined);
    expect(first).toBe('202611010159.dat');
    expect(toNextFileName(Date.UTC(2026, 10, 1, 9, 30), pacific, first)).toBe('202611010200.dat');
  });

  it('counts minutes on the calendar in spring: 02:00 is a name although no wall clock shows it', () => {
    const before = Date.UTC(2026, 2, 8, 9, 59);
    const first = toNextFileName(before, pacific, undefined);
    expect(first).toBe('202603080159.dat');
    expect(toNextFileName(before, pacific, first)).toBe('202603080200.dat');
    expect(toNextFileName(before + minuteMs, pacific, first)).toBe('202603080300.dat');
  });

  it('gives 100 names in one minute', () => {
    const now = Date.UTC(2026, 10, 21, 9, 5);
    const names: FileName[] = [];
    for (let at = 0; at < 100; at += 1) names.push(toNextFileName(now, pacific, names.at(-1)));
    expect(new Set(names).size).toBe(100);
    expect([...names].sort()).toEqual(names);
    expect(names.at(-1)).toBe('202611210244.dat');
  });

  it('refuses a name more than 24 hours ahead, so that a clock jump poisons no mailbox', () => {
    const now = Date.UTC(2026, 10, 21, 0, 0);
    expect(toNextFileName(now, 'UTC', parseFileName('202611212359.dat'))).toBe('202611220000.dat');
    expect(() => toNextFileName(now, 'UTC', parseFileName('202611220000.dat'))).toThrow(
      'more than 24 hours ahead',
    );
  });

  it('always rises, whatever the clock does within a day, through both changes of the year', () => {
    const aroundChanges = [Date.UTC(2026, 2, 8, 6), Date.UTC(2026, 10, 1, 5)];
    fc.assert(
      fc.property(
        fc.constantFrom(...aroundChanges),
        fc.array(fc.integer({ min: 0, max: 8 * hourMs }), { minLength: 1, maxLength: 60 }),
        (start, offsets) => {
          let last: FileName | undefined;
          for (const offset of offsets) {
            const next = toNextFileName(start + offset, pacific, last);
            expect(findFileName(next)).toBe(next);
            if (last !== undefined) expect(next > last).toBe(true);
            last = next;
          }
        },
      ),
    );
  });
});
