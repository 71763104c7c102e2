import fc from 'fast-check';
import { toRegister, toTotal } from '../x12/write.ts';
import type { SetWithReadings } from './convert.ts';

const labels = ['ON-PEAK', 'PART-PEAK', 'OFF-PEAK'];

/** A register: its opening read and its rise; a month's usage is rise × multiplier. */
const reads = fc.record({ opening: fc.nat(500_000), rise: fc.nat(5_000) });

const meter = fc.record({
  unit: fc.constantFrom('KWH', 'KVARH'),
  multiplier: fc.constantFrom('1', '40'),
  rows: fc.uniqueArray(fc.tuple(fc.constantFrom(...labels), reads), {
    selector: ([label]) => label,
    minLength: 1,
  }),
  /** Opening read of the register of all times of use, if the meter has one. */
  total: fc.option(fc.nat(500_000)),
  isTotalFirst: fc.boolean(),
});
type Meter = typeof meter extends fc.Arbitrary<infer Value> ? Value : never;

/** The sets of an 867 whose meters have a register for each time of use, and mostly one for all. */
export const touSets: fc.Arbitrary<readonly SetWithReadings[]> = fc
  .array(meter, { minLength: 1, maxLength: 3 })
  .map((meters) => meters.flatMap((one, index) => toMeterSets(one, `M${index}`)));

function toMeterSets(
  { unit, multiplier, rows, total, isTotalFirst }: Meter,
  name: string,
): SetWithReadings[] {
  const toRow = (label: string, opening: number, rise: number) => [
    toTotal(String(rise * Number(multiplier)), { meter: name, unit, channel: label }),
    toRegister([String(opening), String(opening + rise)], {
      meter: name,
      unit: `${unit}REG`,
      channel: label === 'TOTAL' ? '' : label,
      multiplier,
    }),
  ];
  const ofTimes = rows.flatMap(([label, { opening, rise }]) => toRow(label, opening, rise));
  const ofAll =
    total === null
      ? []
      : toRow(
          'TOTAL',
          total,
          rows.reduce((sum, [, { rise }]) => sum + rise, 0),
        );
  return isTotalFirst ? [...ofAll, ...ofTimes] : [...ofTimes, ...ofAll];
}
