import type { OmarCsvLayout, OmarRow } from './columns.ts';
import { omarUnitOf } from './from-reading-set.ts';

/** The unit of readings that UOM and measurement type stand for: the way back of `measurementTypes`, else the UOM. */
export function toReadingUnit(
  { unit, measurementType }: Pick<OmarRow, 'unit' | 'measurementType'>,
  { measurementTypes }: OmarCsvLayout,
): string {
  const found = Object.entries(measurementTypes).find(
    ([candidate, type]) => type === measurementType && omarUnitOf[candidate] === unit,
  );
  return found?.[0] ?? unit;
}
