import type { Instant } from '../../model/time.ts';
import { XmlFault } from './xml-reader.ts';

const pattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/**
 * The instant of an `xs:dateTime`, to the millisecond. One without a zone has no instant.
 *
 * @param place what it is, for the message
 * @throws `XmlFault`
 */
export function parseDateTime(text: string, place: string): Instant {
  const [, local = '', fraction = '', zone = ''] = pattern.exec(text) ?? [];
  const at = Date.parse(`${local}${fraction.slice(0, 4)}${zone}`);
  // A day that there is not, such as 30 February, is taken for one of the next month.
  const isReal = Date.parse(`${local}Z`) >= 0 && new Date(`${local}Z`).toISOString().startsWith(local);
  if (Number.isNaN(at) || !isReal) {
    throw new XmlFault(`${place} is ${JSON.stringify(text)}, expected a date and time with its zone`);
  }
  return at;
}
