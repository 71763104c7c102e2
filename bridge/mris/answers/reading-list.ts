import type { MeterReading } from '../../../storage/formats/meter-data-xml/meter-data-format.ts';
import { toSeriesKey } from '../../../storage/formats/meter-data-xml/writer.ts';
import { XmlFault } from '../../../storage/formats/xml/xml-reader.ts';

/** The ISO gives at most 200,000 records; whoever sends many more is not the ISO. */
const maxReadings = 250_000;

/** Readings in the order they come; a row that is repeated word for word stands once. */
export interface ReadingList {
  readonly readings: readonly MeterReading[];
  /** @throws `XmlFault` after 250,000 */
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
      if (readings.length >= maxReadings) throw new XmlFault(`more than ${maxReadings} readings`);
      if (first === undefined) firsts.set(key, reading);
      readings.push(reading);
    },
  };
}
