import type {
  MeterDataFormat,
  MeterReading,
} from '../../../storage/formats/meter-data-xml/meter-data-format.ts';
import { createMeterDataReader } from '../../../storage/formats/meter-data-xml/reader.ts';
import { toSeriesKey } from '../../../storage/formats/meter-data-xml/writer.ts';
import { createXmlReader, XmlFault } from '../../../storage/formats/xml/xml-reader.ts';
import { type Instant, minuteMs } from '../../../storage/model/time.ts';
import { type ValidationCode, validationTexts } from '../validation-texts.ts';

/** One error log: about intervals of a series, or about the batch as a whole. */
interface LoggedError {
  readonly message: string;
  readonly series?: Pick<MeterReading, 'resourceId' | 'resourceKind' | 'measurementType'>;
  readonly intervalEndsAt: Instant[];
}

/** What the validation of a batch found. */
export interface Validation {
  readonly records: number;
  readonly errors: readonly LoggedError[];
  /** The readings in which nothing was found. */
  readonly valid: readonly MeterReading[];
}

export interface ValidationRules {
  readonly format: MeterDataFormat;
  /** Resources that there are; undefined for all that are well named. */
  readonly resources: ReadonlySet<string> | undefined;
  /** Nothing may lie after it. */
  readonly now: Instant;
  /** An error that the first record has in any case. */
  readonly forced: ValidationCode | undefined;
}

/**
 * Checks a MeterData document: strictly against the template, as a schema would, then each reading as far as the
 * content alone allows: not whether a trade date is complete or closed, nor who owns a resource.
 */
export function validateMeterData(document: Buffer, rules: ValidationRules): Validation {
  const errors = new Map<string, LoggedError>();
  const valid: MeterReading[] = [];
  const seen = new Set<string>();
  let records = 0;
  const onReading = (reading: MeterReading) => {
    records += 1;
    const code = records === 1 && rules.forced ? rules.forced : findCode(reading, seen, rules);
    if (code === undefined) valid.push(reading);
    else note(errors, code, reading);
  };
  try {
    const reader = createXmlReader(createMeterDataReader(rules.format, { onReading, isStrict: true }));
    reader.write(new TextDecoder('utf-8', { fatal: true }).decode(document));
    reader.end();
  } catch (error) {
    if (!(error instanceof XmlFault || error instanceof TypeError)) throw error;
    const message = `${validationTexts[records === 0 ? 1 : 2]}: ${error.message}`;
    return { records, errors: [{ message, intervalEndsAt: [] }], valid: [] };
  }
  if (records === 0) errors.set('', { message: validationTexts[1], intervalEndsAt: [] });
  return { records, errors: [...errors.values()], valid };
}

function note(errors: Map<string, LoggedError>, code: ValidationCode, reading: MeterReading): void {
  const { resourceId, resourceKind, measurementType, endAt } = reading;
  const key = `${code}\0${toSeriesKey(reading)}`;
  const known = errors.get(key);
  if (known !== undefined) {
    known.intervalEndsAt.push(endAt);
    return;
  }
  const series = { resourceId, resourceKind, measurementType };
  errors.set(key, { message: validationTexts[code], series, intervalEndsAt: [endAt] });
}

function findCode(
  reading: MeterReading,
  seen: Set<string>,
  { format, resources, now }: ValidationRules,
): ValidationCode | undefined {
  const { resourceId, resourceKind, measurementType, unit, intervalMinutes, endAt, value } = reading;
  if (!/^[A-Z0-9_-]{1,32}$/.test(resourceId) || resources?.has(resourceId) === false) return 3;
  const type = Object.hasOwn(format.measurementTypes, measurementType)
    ? format.measurementTypes[measurementType]
    : undefined;
  const kind = Object.hasOwn(format.resourceKinds, resourceId)
    ? format.resourceKinds[resourceId]
    : type?.resource;
  if (type === undefined || type.unit !== unit || kind !== resourceKind) return 5;
  if (!type.intervalMinutes.includes(intervalMinutes)) return 6;
  if (endAt % (intervalMinutes * minuteMs) !== 0) return 7;
  if (endAt > now) return 12;
  if (!/^\d{1,12}(\.\d{1,9})?$/.test(value)) return 10;
  const key = `${toSeriesKey(reading)}\0${endAt}`;
  if (seen.has(key)) return 8;
  seen.add(key);
  return undefined;
}
