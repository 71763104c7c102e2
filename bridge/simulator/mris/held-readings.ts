import { toSeriesKey } from '../../../storage/formats/meter-data-xml/writer.ts';
import type { Instant } from '../../../storage/model/time.ts';
import { toState } from './holdings.ts';
import type { HeldBatch, HeldReading } from './ledger.ts';

/** What a retrieve asks for; what is undefined is not asked for. */
export interface ReadingFilter {
  readonly resourceIds: ReadonlySet<string> | undefined;
  /** Intervals that end after the start, up to and including the end. */
  readonly startAt: Instant;
  readonly endAt: Instant;
  readonly measurementType: string | undefined;
  readonly intervalMinutes: number | undefined;
  readonly updatedSinceAt: Instant | undefined;
}

/** A reading with the time it came. */
type ShownReading = HeldReading & { readonly updatedAt: Instant };

/** What holds of the batches that are through: of each interval the value that came last, with the time it came. */
export function toHeld(batches: readonly HeldBatch[], now: Instant): ShownReading[] {
  const held = new Map<string, ShownReading>();
  for (const batch of batches) {
    if (toState(batch, now) === 'in-process') continue;
    const updatedAt = batch.receivedAt + batch.validationMs;
    for (const reading of batch.readings) {
      held.set(`${toSeriesKey(reading)}\0${reading.endAt}`, { ...reading, updatedAt });
    }
  }
  return [...held.values()];
}

/** What of it is asked for. */
export function selectReadings(held: readonly ShownReading[], filter: ReadingFilter): ShownReading[] {
  const { resourceIds, startAt, endAt, measurementType, intervalMinutes, updatedSinceAt } = filter;
  return held.filter(
    (each) =>
      (resourceIds?.has(each.resourceId) ?? true) &&
      each.endAt > startAt &&
      each.endAt <= endAt &&
      (measurementType ?? each.measurementType) === each.measurementType &&
      (intervalMinutes ?? each.intervalMinutes) === each.intervalMinutes &&
      each.updatedAt >= (updatedSinceAt ?? 0),
  );
}
