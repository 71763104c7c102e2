import { toIsoText } from '../../model/time.ts';
import { writeXml } from '../xml/template-writer.ts';
import type { XmlRecord } from '../xml/xml-template.ts';
import type { MeterDataFormat, MeterDataRow, MeterReading } from './meter-data-format.ts';
import { type IsoRow, toIsoRow } from './to-iso-row.ts';

/**
 * The rows as a MeterData document in pieces of some hundred characters, so that a large one need not be held twice.
 * Resource and measurement type make a series; series and their intervals ascend, so that the same rows in any order
 * give the same bytes.
 *
 * @throws `invalid-request` as `toIsoRow` does, before the first piece
 */
export function writeMeterData(rows: readonly MeterDataRow[], format: MeterDataFormat): Iterable<string> {
  return writeReadings(
    rows.map((row) => toIsoRow(row, format)),
    format,
  );
}

/** The same for values that are in the ISO's own terms already, as its simulator holds them. */
export function* writeReadings(
  rows: readonly (IsoRow & Pick<MeterReading, 'scId' | 'updatedAt'>)[],
  format: MeterDataFormat,
): Iterable<string> {
  const series = [...Map.groupBy(rows, toSeriesKey)].sort(([a], [b]) => (a < b ? -1 : 1));
  yield* writeXml(format.template, {
    fields: {},
    lists: { series: mapped(series, ([, each]) => toSeriesRecord(each, format)) },
  });
}

/** Resource, measurement type, unit and interval length, so that series sort by them. */
export function toSeriesKey({ resourceId, measurementType, unit, intervalMinutes }: MeterDataRow): string {
  return [resourceId, measurementType, unit, String(intervalMinutes).padStart(4, '0')].join('\0');
}

/** The rows of one series, at least one, as the record of its element. */
export function toSeriesRecord(
  rows: readonly (IsoRow & Pick<MeterReading, 'scId' | 'updatedAt'>)[],
  format: MeterDataFormat,
): XmlRecord {
  const [first] = rows;
  if (first === undefined) throw new Error('Cannot write a series of no intervals');
  const { resourceId, measurementType, unit, intervalMinutes, scId, resourceKind } = first;
  return {
    kind: resourceKind,
    fields: { resourceId, measurementType, unit, intervalMinutes: String(intervalMinutes), scId },
    lists: {
      intervals: mapped(
        [...rows].sort((a, b) => a.endAt - b.endAt),
        (row) => toIntervalRecord(row, format),
      ),
    },
  };
}

/** One interval as the record of its element. */
export function toIntervalRecord(
  { endAt, value, isEstimated, updatedAt }: MeterDataRow & Pick<MeterReading, 'updatedAt'>,
  { estimated }: MeterDataFormat,
): XmlRecord {
  return {
    fields: {
      endAt: toIsoText(endAt),
      value,
      quality: isEstimated ? estimated : undefined,
      updatedAt: updatedAt === undefined ? undefined : toIsoText(updatedAt),
    },
    lists: {},
  };
}

function* mapped<From, To>(list: Iterable<From>, map: (one: From) => To): Generator<To> {
  for (const one of list) yield map(one);
}
