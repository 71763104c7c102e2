import type { MeterReading } from '../../../storage/formats/meter-data-xml/meter-data-format.ts';
import { toSeriesKey } from '../../../storage/formats/meter-data-xml/writer.ts';

/** Readings in the order they come; a row that is repeated word for word stands once. */
export interface ReadingList {
  readonly readings: readonly MeterReading[];
  add(reading: MeterReading): void;
}

export function createReadingList(): ReadingList {
  const readings: MeterReading[] = [];
  const firsts = new Map<string, MeterReading>();
  return {
    readings,
    add(reading) {
      const key = `${toSeriesKey(reading)}\0${reading.endAt}`;
      const first = firsts.get(key);
      if (first !== undefined && JSON.stringify(first) === JSON.stringify(reading)) return;
      if (first === undefined) firsts.set(key, reading);
      readings.push(reading);
    },
  };
}
