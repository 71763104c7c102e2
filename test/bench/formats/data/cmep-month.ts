import { makeRandom } from './random.ts';

/**
 * A month of quarter hours as a UDC's MDMA would post it, in strict CMEP of any size, the same at every run. A meter
 * has KWHREG (opening and closing read), KWH and KVARH, the intervals in records of 48 with every stamp given; flags are
 * empty, E, A and N. The register agrees with its intervals, and nothing is missing or twice: the scan of it finds nothing.
 */
const metersPerBlock = 8;
const digits = 9;
/** January 2026, Pacific: ends from 2026-01-01 08:15 to 2026-02-01 08:00 UTC. */
const beginsAt = Date.UTC(2026, 0, 1, 8);
const quarterMs = 15 * 60_000;
const quarters = 31 * 96;
const perRecord = 48;
/** Later than every stamp in the files: what a scan of them takes for now. */
export const dataNow = Date.UTC(2026, 1, 2);

interface Block {
  readonly bytes: Buffer;
  /** Where the digits of accounts and meters stand, with the meter's index in the block. */
  readonly places: readonly { readonly at: number; readonly meter: number }[];
  /** Where the records end. */
  readonly ends: readonly number[];
}

let template: Block | undefined;

/** Whole records, at most `maxBytes` and less than a record shorter, in pieces of about 1.3 MB. */
export function* toCmepMonth(maxBytes: number): Generator<Buffer> {
  template ??= makeBlock();
  const { bytes, places, ends } = template;
  let left = maxBytes;
  for (let first = 1; ; first += metersPerBlock) {
    const length = ends.findLast((end) => end <= left) ?? 0;
    if (length === 0) return;
    const piece = Buffer.from(bytes.subarray(0, length));
    for (const { at, meter } of places) {
      if (at < length) piece.write(String(first + meter).padStart(digits, '0'), at, 'latin1');
    }
    yield piece;
    left -= length;
    if (length < bytes.length) return;
  }
}

function makeBlock(): Block {
  const random = makeRandom(0x9e3779b9);
  const records: string[] = [];
  const places: { at: number; meter: number }[] = [];
  const ends: number[] = [];
  let end = 0;
  for (let meter = 0; meter < metersPerBlock; meter++) {
    for (const record of toMeterMonth(random)) {
      for (const { index } of record.matchAll(/0{9}/g)) places.push({ at: end + index, meter });
      records.push(record);
      end += record.length;
      ends.push(end);
    }
  }
  return { bytes: Buffer.from(records.join(''), 'latin1'), places, ends };
}

function toMeterMonth(random: () => number): string[] {
  const scale = 0.4 + 4 * random();
  const active = Array.from({ length: quarters }, (_, index) => toThousandths(index, scale, random));
  const reactive = active.map((value) => Math.round(value * (0.2 + 0.1 * random())));
  const opening = Math.floor(90_000_000 * random());
  const closing = opening + active.reduce((sum, value) => sum + value, 0);
  const reads = `${toStamp(0)},,${toDecimal(opening)},${toStamp(quarters)},,${toDecimal(closing)}`;
  return [
    toRecord('KWHREG', '', 2, reads),
    ...toIntervals('KWH', active, random, false),
    ...toIntervals('KVARH', reactive, random, true),
  ];
}

function* toIntervals(
  unit: string,
  values: readonly number[],
  random: () => number,
  mayMiss: boolean,
): Generator<string> {
  for (let from = 0; from < values.length; from += perRecord) {
    const triplets = values.slice(from, from + perRecord).map((value, offset) => {
      const stamp = toStamp(from + offset + 1);
      const chance = random();
      // N has no value, and without all values a register cannot be compared: only where there is none.
      if (mayMiss && chance > 0.999) return `${stamp},N,`;
      const flag = chance < 0.004 ? 'E' : chance < 0.006 ? 'A' : '';
      return `${stamp},${flag},${toDecimal(value)}`;
    });
    yield toRecord(unit, '00000015', triplets.length, triplets.join(','));
  }
}

function toRecord(unit: string, interval: string, count: number, data: string): string {
  return `MEPMD01,19970819,123456789,A000000000,987654321,,202602011200,M000000000,OK,E,${unit},1,${interval},${count},${data}\r\n`;
}

function toThousandths(index: number, scale: number, random: () => number): number {
  const shape = 0.5 + 0.35 * Math.sin((((index % 96) - 30) / 48) * Math.PI);
  return Math.round(1_000 * scale * shape * (0.8 + 0.4 * random()));
}

function toStamp(quarter: number): string {
  return new Date(beginsAt + quarter * quarterMs).toISOString().replace(/[-T:]/g, '').slice(0, 12);
}

function toDecimal(thousandths: number): string {
  return (thousandths / 1_000).toFixed(3);
}
