import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toWallClock } from '../../../storage/model/time.ts';
import { ZoneClock } from '../../../storage/model/zone-clock.ts';

const at = (text: string) => Date.parse(`${text}Z`) / 60_000;
const pacific = new ZoneClock('America/Los_Angeles');

describe('ZoneClock', () => {
  it.each([
    ['a winter midnight', '1998-03-01T00:00', '1998-03-01T08:00'],
    ['a summer midnight', '1998-07-01T00:00', '1998-07-01T07:00'],
    ['the last minute before spring', '2026-03-08T01:59', '2026-03-08T09:59'],
    ['the first minute after spring', '2026-03-08T03:00', '2026-03-08T10:00'],
    ['before the repeated hour', '2026-11-01T00:59', '2026-11-01T07:59'],
    ['after the repeated hour', '2026-11-01T02:00', '2026-11-01T10:00'],
  ])('knows %s', (_, wall, utc) => {
    expect(pacific.toUtc(at(wall))).toBe(at(utc));
    expect(pacific.toUtc(at(wall), true)).toBe(at(utc));
    expect(pacific.toWall(at(utc))).toBe(at(wall));
  });

  it('gives both instants of the hour that autumn repeats', () => {
    expect(pacific.toUtc(at('2026-11-01T01:30'))).toBe(at('2026-11-01T08:30'));
    expect(pacific.toUtc(at('2026-11-01T01:30'), true)).toBe(at('2026-11-01T09:30'));
  });

  it.each(['2026-03-08T02:00', '2026-03-08T02:59'])('knows that spring leaves out %s', (wall) => {
    expect(pacific.toUtc(at(wall))).toBeNaN();
  });

  it('has no instant for no time', () => expect(pacific.toUtc(Number.NaN)).toBeNaN());

  it.each(['America/Los_Angeles', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'])(
    'agrees with the time-zone data in %s, both ways',
    (zone) => {
      const clock = new ZoneClock(zone);
      const minutes = fc.integer({ min: at('1990-01-01T00:00'), max: at('2037-12-31T00:00') });
      fc.assert(
        fc.property(minutes, (utc) => {
          const { year, month, day, hour, minute } = toWallClock(utc * 60_000, zone);
          const wall = Date.UTC(year, month - 1, day, hour, minute) / 60_000;
          expect(clock.toWall(utc)).toBe(wall);
          expect([clock.toUtc(wall), clock.toUtc(wall, true)]).toContain(utc);
        }),
      );
    },
  );
});
