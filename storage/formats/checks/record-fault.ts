import { minuteMs, toIsoText } from '../../model/time.ts';
import type { Fault, ReadingSet } from '../format.ts';

/** A fault of what one record says, beyond its fields; `text` is what it is about. */
export function toRecordFault(
  { line, byteStart }: Pick<ReadingSet, 'line' | 'byteStart'>,
  message: string,
  text: string,
): Omit<Fault, 'code' | 'level'> {
  return { line, field: 'record', fieldNumber: 0, byteOffset: byteStart, text: text.slice(0, 60), message };
}

/** What a series is called in a fault: meter, unit, and channel where there is one. */
export function toSeriesName(meter: string, { unit, channel }: Pick<ReadingSet, 'unit' | 'channel'>): string {
  return channel === '' ? `${meter} ${unit}` : `${meter} ${unit} ${channel}`;
}

/** Minutes since 1970 as `1998-04-01T09:00Z`. */
export function toStampText(minutes: number): string {
  return `${toIsoText(minutes * minuteMs).slice(0, 16)}Z`;
}
