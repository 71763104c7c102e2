import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type OmarColumnName,
  type OmarCsvLayout,
  omarColumns,
  omarCsvLayouts,
  omarIntervalMinutes,
  usualMeasurementTypes,
} from '../../../../storage/formats/omar-csv/columns.ts';
import { omarUnitOf } from '../../../../storage/formats/omar-csv/from-reading-set.ts';
import { createOmarCsvScanner } from '../../../../storage/formats/omar-csv/omar-csv-scanner.ts';
import { createOmarCsvWriter } from '../../../../storage/formats/omar-csv/omar-csv-writer.ts';
import { parseOmarCsvLayout } from '../../../../storage/formats/omar-csv/parse-layout.ts';
import { omarTimeFormats } from '../../../../storage/formats/omar-csv/time-formats.ts';
import { fuzzed } from '../fuzz.ts';
import { now } from '../scan.ts';
import { type Given, toGiven, write } from '../write.ts';

const columns = Object.keys(omarColumns) as OmarColumnName[];
/** What may be the same in every row instead of having a column, and what it is then. */
const fixed = { MEASUREMENT_TYPE: 'GEN', UOM: 'KWH', INTERVAL_MINUTES: '15' };
const isOptional = (name: OmarColumnName) => name === 'QUALITY' || Object.hasOwn(fixed, name);

/** Any layout that settings can ask for. */
const layouts: fc.Arbitrary<OmarCsvLayout> = fc
  .record({
    absent: fc.subarray(columns.filter(isOptional)),
    order: fc.shuffledSubarray(columns, { minLength: columns.length }),
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    header: fc.boolean(),
    heading: fc.constantFrom('Value', 'kWh of the interval'),
    timeFormat: fc.constantFrom(...Object.keys(omarTimeFormats)),
    zone: fc.constantFrom('gmt', 'pacific-standard'),
  })
  .filter(({ timeFormat, zone }) => timeFormat !== 'iso' || zone === 'gmt')
  .map(({ absent, order, heading, ...settings }) =>
    parseOmarCsvLayout({
      ...settings,
      name: 'generated',
      columns: order.filter((name) => !absent.includes(name)),
      headings: { VALUE: heading },
      fixed: Object.fromEntries(Object.entries(fixed).filter(([name]) => absent.some((one) => one === name))),
    }),
  );

/** Sets that the layout can say, each of a unit of its own. */
function setsOf(layout: OmarCsvLayout): fc.Arbitrary<Given[]> {
  const { fixed: same } = layout;
  const units = Object.keys(omarUnitOf).filter(
    (unit) =>
      (same.unit ?? omarUnitOf[unit]) === omarUnitOf[unit] &&
      (same.measurementType ?? usualMeasurementTypes[unit]) === usualMeasurementTypes[unit],
  );
  const lengths = omarIntervalMinutes.filter((minutes) => minutes === (same.intervalMinutes ?? minutes));
  const qualities = layout.columns.includes('QUALITY')
    ? (['validated', 'estimated'] as const)
    : (['validated'] as const);
  const reading = fc.record({
    value: fc.nat(10_000_000).map((value) => (value / 1000).toFixed(3)),
    quality: fc.constantFrom(...qualities),
  });
  const channel = fc.record({
    unit: fc.constantFrom(...units),
    intervalMinutes: fc.constantFrom(...lengths),
    readings: fc.array(reading, { minLength: 1, maxLength: 30 }),
  });
  const channels = fc.uniqueArray(channel, { minLength: 1, maxLength: 4, selector: ({ unit }) => unit });
  return fc
    .tuple(channels, fc.integer({ min: 0, max: 20_000 }))
    .map(([list, days]) =>
      list.map(({ readings, ...change }) => toGiven(readings, change, days * 86_400_000)),
    );
}

function read(file: Uint8Array, layout: OmarCsvLayout) {
  const sets: Given[] = [];
  const onReadingSet = (set: Given['set'], readings: () => Given['readings']) =>
    sets.push({ set, readings: readings() });
  const scanner = createOmarCsvScanner({ profile: layout.name, now, onReadingSet }, layout);
  scanner.push(file);
  return { sets, ...scanner.end() };
}

describe('createOmarCsvWriter, any sets', () => {
  it.each([
    { why: 'a layout of the table', any: fc.constantFrom(...omarCsvLayouts), runs: 300 },
    { why: 'any other layout', any: layouts, runs: 300 },
  ])('reads back what it writes, and writes what it reads: $why', ({ any, runs }) => {
    const file = any.chain((layout) => fc.tuple(fc.constant(layout), setsOf(layout)));
    fc.assert(
      fc.property(file, ([layout, given]) => {
        const writeOmar = (sets: readonly Given[]) =>
          write((options) => createOmarCsvWriter(options, layout), layout.name, sets);
        const toSaid = (sets: readonly Given[]) =>
          sets.map(({ set, readings }) => [set.unit, set.intervalMinutes, readings]);
        const first = writeOmar(given);
        expect(first.losses).toEqual({});
        const found = read(first.file, layout);
        expect(found.faults.filter(({ level }) => level === 'error')).toEqual([]);
        expect(toSaid(found.sets)).toEqual(toSaid(given));
        const again = writeOmar(found.sets);
        expect(again.losses).toEqual({});
        expect(again.file.equals(first.file)).toBe(true);
      }),
      fuzzed(runs),
    );
  });
});
