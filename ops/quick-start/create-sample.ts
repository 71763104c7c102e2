import { dayMs, type Instant, minuteMs } from '../../storage/model/time.ts';
import { toTradeDay } from '../../storage/model/trade-day.ts';

/** A day's file that the quick start posts, with what it says about itself. */
export interface Sample {
  readonly name: string;
  readonly text: string;
  /** The trade day of its readings. */
  readonly day: string;
  readonly meters: readonly string[];
  readonly readings: number;
}

/** The meter that the quick start maps to a resource of the ISO, and one that is nobody's resource. */
export const mappedMeter = 'QS0000001';
const meters = [mappedMeter, 'QS0000002'];

const intervalMs = 15 * minuteMs;
const maxReadingsPerRecord = 48;

/**
 * Makes a CMEP file by the strict rules: two meters, all quarter-hours of yesterday in California (92, 96 or 100 of
 * them), validated, stamped in UTC at the end of each interval.
 */
export function createSample(now: Instant): Sample {
  const newest = Math.floor(now / intervalMs) * intervalMs;
  const recent = Array.from({ length: 3 * 96 }, (_, back) => newest - back * intervalMs);
  const today = toTradeDay(now + 1);
  const day = toTradeDay(recent.find((endAt) => toTradeDay(endAt) < today) ?? now);
  const ends = recent.filter((endAt) => toTradeDay(endAt) === day).reverse();
  const records = meters.flatMap((meter, index) =>
    toRuns(ends).map((run) => toRecord(meter, run, now, 40 + 25 * index)),
  );
  return {
    name: `sample-${day.replaceAll('-', '')}.dat`,
    text: records.map((record) => `${record}\r\n`).join(''),
    day,
    meters,
    readings: ends.length * meters.length,
  };
}

function toRuns(ends: readonly Instant[]): (readonly Instant[])[] {
  const count = Math.ceil(ends.length / maxReadingsPerRecord);
  return Array.from({ length: count }, (_, at) =>
    ends.slice(at * maxReadingsPerRecord, (at + 1) * maxReadingsPerRecord),
  );
}

function toRecord(meter: string, ends: readonly Instant[], now: Instant, base: number): string {
  const triplets = ends.flatMap((endAt) => [toStamp(endAt), '', toValue(endAt, now, base)]);
  const fields = ['MEPMD01', '19970819', '123456789', '', '987654321', '', toStamp(now), meter, 'OK', 'E'];
  return [...fields, 'KWH', '1', '00000015', ends.length, ...triplets].join(',');
}

/** More by day than by night; different from start to start, so that every file posted is a file of its own. */
function toValue(endAt: Instant, now: Instant, base: number): string {
  const daylight = 1 - Math.cos((2 * Math.PI * (endAt % dayMs)) / dayMs - (8 / 12) * Math.PI);
  return (base + 30 * daylight + (Math.floor(now / 1000) % 1000) / 1000).toFixed(3);
}

/** CMEP's Date/Time: UTC, to the minute. */
function toStamp(at: Instant): string {
  return new Date(at).toISOString().replace(/[-T:]/g, '').slice(0, 12);
}
