import { toInvalid } from '../../model/errors.ts';
import { minuteMs, toIsoText } from '../../model/time.ts';
import { findDecimal, toFixedText } from '../decimal.ts';
import type { MeterDataFormat, MeterDataRow } from './meter-data-format.ts';

/** A row as the ISO gets it: its unit and value are those of the measurement type. */
export interface IsoRow extends MeterDataRow {
  readonly resourceKind: string;
}

/**
 * A row in the terms of MRI-S. The value is carried exactly: `1.250` kWh is `0.001250` MWh.
 *
 * @throws `invalid-request` naming resource, interval, value and what was expected, for what the format's tables do
 *   not have
 */
export function toIsoRow(row: MeterDataRow, format: MeterDataFormat): IsoRow {
  const { resourceId, measurementType, intervalMinutes, endAt } = row;
  const type = Object.hasOwn(format.measurementTypes, measurementType)
    ? format.measurementTypes[measurementType]
    : undefined;
  if (type === undefined) {
    const known = Object.keys(format.measurementTypes).join(', ');
    throw refuse(row, 'measurementType', measurementType, `one of ${known}`);
  }
  if (!/^[A-Za-z0-9_.-]{1,64}$/.test(resourceId)) {
    throw refuse(row, 'resourceId', resourceId, '1 to 64 letters, digits, dots, dashes and underscores');
  }
  if (!type.intervalMinutes.includes(intervalMinutes)) {
    const expected = `one of ${type.intervalMinutes.join(', ')} for ${measurementType}`;
    throw refuse(row, 'intervalMinutes', String(intervalMinutes), expected);
  }
  if (endAt % (intervalMinutes * minuteMs) !== 0) {
    throw refuse(row, 'endAt', toIsoText(endAt), `a multiple of ${intervalMinutes} minutes`);
  }
  return {
    ...row,
    unit: type.unit,
    value: toValue(row, type.unit, format),
    resourceKind: Object.hasOwn(format.resourceKinds, resourceId)
      ? (format.resourceKinds[resourceId] ?? type.resource)
      : type.resource,
  };
}

function toValue(row: MeterDataRow, unit: string, { units }: MeterDataFormat): string {
  const { value } = row;
  const decimal = /^-?\d{1,15}(\.\d{1,9})?$/.test(value) ? findDecimal(value) : undefined;
  if (decimal === undefined) throw refuse(row, 'value', value, 'a decimal number');
  if (row.unit === unit) return value;
  const rule = units.find(({ from, to }) => from === row.unit && to === unit);
  if (rule === undefined) throw refuse(row, 'unit', row.unit, `${unit}, or a unit that becomes it`);
  const scale = decimal.scale - rule.powerOfTen;
  const shifted =
    scale >= 0
      ? { digits: decimal.digits, scale }
      : { digits: decimal.digits * 10n ** BigInt(-scale), scale: 0 };
  return toFixedText(shifted, shifted.scale).text;
}

function refuse({ resourceId, endAt }: MeterDataRow, at: string, value: string, expected: string): Error {
  return toInvalid(`Cannot write meter data of ${resourceId} for the interval until ${toIsoText(endAt)}`, {
    at,
    value,
    expected,
  });
}
