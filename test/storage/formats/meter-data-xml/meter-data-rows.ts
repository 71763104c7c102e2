import type {
  MeterDataFormat,
  MeterDataRow,
  MeterReading,
} from '../../../../storage/formats/meter-data-xml/meter-data-format.ts';
import { createMeterDataReader } from '../../../../storage/formats/meter-data-xml/reader.ts';
import { writeMeterData } from '../../../../storage/formats/meter-data-xml/writer.ts';
import { createXmlReader } from '../../../../storage/formats/xml/xml-reader.ts';

/** A format that is not the ISO's: other names, another order. */
export const format: MeterDataFormat = {
  template: {
    namespace: 'urn:test',
    document: {
      element: 'Data',
      children: [
        {
          element: 'Series',
          each: 'series',
          children: [
            { element: 'length', field: 'intervalMinutes' },
            { element: 'Load', kind: 'Load', children: [{ element: 'id', field: 'resourceId' }] },
            {
              element: 'Interval',
              each: 'intervals',
              children: [
                { element: 'value', field: 'value' },
                { element: 'end', field: 'endAt' },
                { element: 'flag', field: 'quality' },
                { element: 'changed', field: 'updatedAt' },
              ],
            },
            { element: 'Plant', kind: 'Plant', children: [{ element: 'id', field: 'resourceId' }] },
            { element: 'unit', field: 'unit' },
            { element: 'type', field: 'measurementType' },
          ],
        },
      ],
    },
  },
  measurementTypes: {
    GEN: { resource: 'Plant', unit: 'MWH', intervalMinutes: [5, 15, 60] },
    LOAD: { resource: 'Load', unit: 'MWH', intervalMinutes: [15] },
  },
  resourceKinds: { PUMP: 'Plant' },
  units: [
    { from: 'KWH', to: 'MWH', powerOfTen: -3 },
    { from: 'GWH', to: 'MWH', powerOfTen: 3 },
  ],
  estimated: 'E',
};

export const row: MeterDataRow = {
  resourceId: 'PLANT_1',
  measurementType: 'GEN',
  unit: 'KWH',
  intervalMinutes: 15,
  endAt: Date.UTC(2026, 10, 24, 8, 15),
  value: '1.250',
  isEstimated: false,
};

export function write(rows: readonly MeterDataRow[]): string {
  return [...writeMeterData(rows, format)].join('');
}

export function read(xml: string): MeterReading[] {
  const readings: MeterReading[] = [];
  const reader = createXmlReader(createMeterDataReader(format, { onReading: (one) => readings.push(one) }));
  reader.write(xml);
  reader.end();
  return readings;
}
