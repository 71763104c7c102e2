import { parseDateTime } from '../xml/parse-date-time.ts';
import { createTemplateReader, type ReadRecord } from '../xml/template-reader.ts';
import { XmlFault, type XmlHandler } from '../xml/xml-reader.ts';
import type { MeterDataFormat, MeterReading } from './meter-data-format.ts';

export interface MeterDataReaderOptions {
  /** Each interval, in the order of the document; a series at once. */
  readonly onReading: (reading: MeterReading) => void;
  /** As a schema check: what the template does not have is refused. Otherwise it is passed over. */
  readonly isStrict?: boolean;
}

/**
 * A handler for a MeterData document: hands on its readings while it is read, holding one series at a time. Times of
 * any zone become instants; units and values stay as they are.
 *
 * @throws `XmlFault` from the handler: not such a document, or an interval without resource, type, unit, length, end
 *   or value
 */
export function createMeterDataReader(
  format: MeterDataFormat,
  { onReading, isStrict = false }: MeterDataReaderOptions,
): XmlHandler {
  return createTemplateReader(format.template, {
    isStrict,
    onRecord(list, record) {
      if (list !== 'series') return;
      const series = toSeries(record);
      for (const interval of record.lists.intervals ?? []) onReading(toReading(series, interval, format));
    },
  });
}

type Series = Pick<
  MeterReading,
  'resourceId' | 'resourceKind' | 'measurementType' | 'unit' | 'intervalMinutes' | 'scId'
>;

function toSeries(record: ReadRecord): Series {
  const resourceId = getField(record, 'resourceId', 'a series');
  const place = `the series of ${resourceId}`;
  const minutes = getField(record, 'intervalMinutes', place);
  if (!/^\d{1,4}$/.test(minutes)) throw new XmlFault(`intervalMinutes is "${minutes}" in ${place}`);
  return {
    resourceId,
    resourceKind: record.kind ?? '',
    measurementType: getField(record, 'measurementType', place),
    unit: getField(record, 'unit', place),
    intervalMinutes: Number(minutes),
    ...(record.fields.scId === undefined ? {} : { scId: record.fields.scId }),
  };
}

function toReading(series: Series, record: ReadRecord, { estimated }: MeterDataFormat): MeterReading {
  const place = `an interval of ${series.resourceId}`;
  const value = getField(record, 'value', place);
  if (!/^[+-]?\d{1,30}(\.\d{1,30})?$/.test(value)) {
    throw new XmlFault(`value is ${JSON.stringify(value)} in ${place}, expected a decimal`);
  }
  const { quality, updatedAt } = record.fields;
  return {
    ...series,
    endAt: parseDateTime(getField(record, 'endAt', place), `the end of ${place}`),
    value,
    isEstimated: quality === estimated,
    ...(quality === undefined ? {} : { quality }),
    ...(updatedAt === undefined ? {} : { updatedAt: parseDateTime(updatedAt, `the update of ${place}`) }),
  };
}

function getField({ fields }: ReadRecord, name: string, place: string): string {
  const value = fields[name];
  if (value === undefined || value === '') throw new XmlFault(`no ${name} in ${place}`);
  return value;
}
