import { describe, expect, test } from 'vitest';
import { isMaintenance, mrisEnvironments, mrisUrls } from '../../../bridge/mris/environments.ts';
import { hourMs, minuteMs } from '../../../storage/model/time.ts';

/** The hour of a day in 2026 by the clocks of California, with its offset from UTC. */
const pacific = (day: string, time: string, offset: '-07:00' | '-08:00') =>
  Date.parse(`2026-${day}T${time}:00${offset}`);

describe('isMaintenance()', () => {
  test.each([
    // Wednesday 25 November: the daily window.
    ['11-25', '08:59', '-08:00', true],
    ['11-25', '09:00', '-08:00', false],
    ['11-25', '15:59', '-08:00', false],
    ['11-25', '16:00', '-08:00', true],
    ['11-25', '23:59', '-08:00', true],
    ['11-26', '00:00', '-08:00', true],
    // Sunday to Tuesday: the weekly window.
    ['11-22', '12:00', '-08:00', false],
    ['11-23', '06:59', '-08:00', true],
    ['11-23', '12:00', '-08:00', true],
    ['11-23', '15:59', '-08:00', true],
    ['11-24', '08:59', '-08:00', true],
    ['11-24', '09:00', '-08:00', false],
    // The days the clocks change, both Sundays, and a Monday in summer.
    ['03-08', '08:59', '-07:00', true],
    ['03-08', '09:00', '-07:00', false],
    ['03-08', '01:59', '-08:00', true],
    ['11-01', '08:59', '-08:00', true],
    ['11-01', '09:00', '-08:00', false],
    ['07-06', '12:00', '-07:00', true],
    ['07-07', '09:00', '-07:00', false],
  ] as const)('MAP Stage on %s at %s (%s): %s', (day, time, offset, expected) => {
    expect(isMaintenance('map-stage', pacific(day, time, offset))).toBe(expected);
  });

  test('leaves six times seven hours of a week, also of the weeks the clocks change', () => {
    for (const start of ['03-04', '06-03', '10-28', '11-25']) {
      const from = pacific(start, '00:00', start.startsWith('11') ? '-08:00' : '-07:00');
      let open = 0;
      for (let at = from; at < from + 7 * 24 * hourMs; at += minuteMs) {
        if (!isMaintenance('map-stage', at)) open += 1;
      }
      expect(open / 60).toBe(6 * 7);
    }
  });

  test.each(mrisEnvironments.filter((name) => name !== 'map-stage'))('is never announced for %s', (name) => {
    for (let hour = 0; hour < 24 * 7; hour++) {
      expect(isMaintenance(name, Date.UTC(2026, 10, 22) + hour * hourMs)).toBe(false);
    }
  });
});

test('environments have the addresses of the Systems Access Information', () => {
  expect(mrisUrls).toEqual({
    production: 'https://ws.caiso.com/sst/stlmt',
    'production-ecn': 'https://ws.ecn.wepex.net/sst/stlmt',
    'map-stage': 'https://wsmap.caiso.com/sst/stlmt',
    simulator: undefined,
  });
});
