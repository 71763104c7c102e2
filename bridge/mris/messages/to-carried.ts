import type { MeterDataFormat } from '../../../storage/formats/meter-data-xml/meter-data-format.ts';

/** The units that documents of this format can carry, by measurement type: the type's own and those that become it. */
export function toCarried({
  measurementTypes,
  units,
}: Pick<MeterDataFormat, 'measurementTypes' | 'units'>): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(measurementTypes).map(([type, { unit }]) => [
      type,
      [...new Set([unit, ...units.filter(({ to }) => to === unit).map(({ from }) => from)])],
    ]),
  );
}
