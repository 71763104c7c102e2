import { anyRecord, recordBytes, trailer as trailerFields } from '../../../../storage/formats/mdef/layout.ts';
import { toMdefRecords } from '../../../storage/formats/mdef/build-mdef.ts';
import { makeRandom } from './random.ts';

/**
 * A month of quarter hours in MDEF, of any size, the same at every run: meters with a delivered kWh and a kVARh channel,
 * each interval with both statuses, then the trailer.
 */
const quarters = 31 * 96;
const month = { start: '202601010001', stop: '202601312400' };

/** Whole meters, at most `maxBytes`, and the trailer; in pieces of one meter. */
export function* toMdefMonth(maxBytes: number): Generator<Buffer> {
  const random = makeRandom(0x9e3779b9);
  const values = () => Array.from({ length: quarters }, () => Math.round(4_000 * random()) / 8);
  const plans = [
    { ...month, label: 'KWH D', unitCode: '01', values: values() },
    { ...month, label: 'KVARH D', unitCode: '03', values: values() },
  ];
  const records = toMdefRecords(plans);
  const trailer = records.at(-1) as Buffer;
  const meter = Buffer.concat(records.slice(0, -1));
  const meters = Math.floor((maxBytes - recordBytes) / meter.length);
  for (let number = 1; number <= meters; number++) {
    const piece = Buffer.from(meter);
    const name = `METER_${String(number).padStart(9, '0')}`.padEnd(anyRecord.customer.length);
    for (let at = anyRecord.customer.offset; at < piece.length; at += recordBytes)
      piece.write(name, at, 'latin1');
    yield piece;
  }
  const count = (meters * meter.length) / recordBytes + 1;
  trailer.write(String(count).padStart(10, '0'), trailerFields.records.offset, 'latin1');
  yield trailer;
}
