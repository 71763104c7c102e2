import { type OmarRow, usualMeasurementTypes } from './columns.ts';
import { omarUnitOf } from './from-reading-set.ts';

/** The unit of readings that UOM and measurement type stand for: the way back of the usual types, else the UOM. */
export function toReadingUnit({ unit, measurementType }: Pick<OmarRow, 'unit' | 'measurementType'>): string {
  const found = Object.entries(usualMeasurementTypes).find(
    ([candidate, type]) => type === measurementType && omarUnitOf[candidate] === unit,
  );
  return found?.[0] ?? unit;
}
