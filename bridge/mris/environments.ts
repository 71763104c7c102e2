import { type Instant, toDayNumber, toWallClock } from '../../storage/model/time.ts';
import { isoZone } from '../../storage/model/trade-day.ts';

/**
 * Where the web services of Settlements are (Systems Access Information 10.1). None is listed for the ECN: its address
 * is that of the ECN's other services.
 */
export const mrisUrls = {
  production: 'https://ws.caiso.com/sst/stlmt',
  'production-ecn': 'https://ws.ecn.wepex.net/sst/stlmt',
  'map-stage': 'https://wsmap.caiso.com/sst/stlmt',
  simulator: undefined,
} as const;

export type MrisEnvironment = keyof typeof mrisUrls;

export const mrisEnvironments = Object.keys(mrisUrls) as MrisEnvironment[];

const monday = 1;
const tuesday = 2;

/**
 * Whether the ISO has announced that an environment may be down then, so that nobody is alarmed: MAP Stage daily from
 * 16:00 to 09:00 and weekly from Monday 07:00 to Tuesday 09:00, by the clocks of California (Systems Access
 * Information 10.1, "MAP Stage Environment"). The hours count from their first minute up to the last one's end.
 */
export function isMaintenance(environment: MrisEnvironment, at: Instant): boolean {
  if (environment !== 'map-stage') return false;
  const { year, month, day, hour } = toWallClock(at, isoZone);
  // 1970-01-01 was a Thursday.
  const weekday = (toDayNumber(year, month, day) + 4) % 7;
  const isDaily = hour >= 16 || hour < 9;
  const isWeekly = (weekday === monday && hour >= 7) || (weekday === tuesday && hour < 9);
  return isDaily || isWeekly;
}
