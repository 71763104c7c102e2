import { expect, it } from 'vitest';
import { addMonths, isZone, toWallClock } from '../../../storage/model/time.ts';

it('addMonths keeps the day, or takes the last one of a shorter month', () => {
  expect(new Date(addMonths(Date.UTC(2023, 10, 21, 9, 5), 36)).toISOString()).toBe(
    '2026-11-21T09:05:00.000Z',
  );
  expect(new Date(addMonths(Date.UTC(2024, 1, 29), 36)).toISOString()).toBe('2027-02-28T00:00:00.000Z');
  expect(new Date(addMonths(Date.UTC(2026, 7, 31), 6)).toISOString()).toBe('2027-02-28T00:00:00.000Z');
});

it('isZone knows zones from words', () => {
  expect(isZone('America/Los_Angeles')).toBe(true);
  expect(isZone('Pacific/Nowhere')).toBe(false);
});

it('toWallClock shows midnight as hour 0', () => {
  expect(toWallClock(Date.UTC(2026, 0, 1, 8, 0), 'America/Los_Angeles')).toEqual({
    year: 2026,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
  });
});
