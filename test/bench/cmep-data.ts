/**
 * Strict CMEP of any size, the same at every run: one meter-day of 96 quarter hours as two MEPMD01 records of 48
 * triplets, CRLF, ascending end stamps, flags empty or E, values with noise so that it compresses as real data does.
 * Meters are `MTR` and nine digits, counted up, so that no meter-day comes twice.
 */
const metersPerBlock = 128;
const meterPattern = /MTR\d{9}/g;

interface Block {
  readonly bytes: Buffer;
  /** Where the nine digits of each meter stand, in each of its records. */
  readonly digitsAt: readonly number[];
  /** Where the records of each meter end. */
  readonly ends: readonly number[];
}

const templates: { 1?: Block; 2?: Block } = {};

/**
 * A file of whole meter-days, at most `maxBytes` long and less than 3 KiB shorter.
 *
 * @param firstMeter the number of its first meter
 */
export function toCmepFile(maxBytes: number, firstMeter: number): Buffer {
  return Buffer.concat([...toCmepChunks(maxBytes, firstMeter)]);
}

/**
 * The same in pieces of about 256 KiB; each is the reader's own. Blocks repeat but for their meters.
 *
 * @param recordsPerMeter 1: only the first half of each meter-day, so that there are twice as many meters
 */
export function* toCmepChunks(
  maxBytes: number,
  firstMeter: number,
  recordsPerMeter: 1 | 2 = 2,
): Generator<Buffer> {
  templates[recordsPerMeter] ??= makeBlock(recordsPerMeter);
  const { bytes, digitsAt, ends } = templates[recordsPerMeter];
  for (let left = maxBytes, meter = firstMeter; ; meter += metersPerBlock) {
    const length = ends.findLast((end) => end <= left) ?? 0;
    if (length === 0) return;
    const chunk = Buffer.from(bytes.subarray(0, length));
    for (const [index, at] of digitsAt.entries()) {
      if (at < length) {
        const number = meter + Math.floor(index / recordsPerMeter);
        chunk.write(String(number).padStart(9, '0'), at, 'latin1');
      }
    }
    yield chunk;
    left -= length;
    if (length < bytes.length) return;
  }
}

function makeBlock(recordsPerMeter: 1 | 2): Block {
  const random = makeRandom(0x9e3779b9);
  const days = Array.from({ length: metersPerBlock }, () => toMeterDay(random, recordsPerMeter));
  const text = days.join('');
  let end = 0;
  return {
    bytes: Buffer.from(text, 'latin1'),
    digitsAt: Array.from(text.matchAll(meterPattern), (match) => match.index + 3),
    ends: days.map((day) => {
      end += day.length;
      return end;
    }),
  };
}

/** The Pacific day 2025-11-19 in UTC: its last interval ends at 08:00 of the 20th. */
const dayBegins = Date.UTC(2025, 10, 19, 8);
const quarterMs = 15 * 60_000;

function toMeterDay(random: () => number, recordsPerMeter: 1 | 2): string {
  const scale = 0.2 + 3 * random();
  const toRecord = (first: number) => {
    const head = 'MEPMD01,19970819,MDMA-BENCH,,ESP-BENCH,,202511200930,MTR000000000,OK,E,KWH,1.0,00000015,48';
    const triplets = Array.from({ length: 48 }, (_, offset) => toTriplet(first + offset, scale, random));
    return `${head},${triplets.join(',')}\r\n`;
  };
  return recordsPerMeter === 1 ? toRecord(0) : toRecord(0) + toRecord(48);
}

function toTriplet(interval: number, scale: number, random: () => number): string {
  const stamp = new Date(dayBegins + (interval + 1) * quarterMs).toISOString().replace(/[-T:]/g, '');
  const shape = 0.5 + 0.35 * Math.sin(((interval - 30) / 48) * Math.PI);
  const value = (scale * shape * (0.8 + 0.4 * random())).toFixed(3);
  return `${stamp.slice(0, 12)},${random() < 0.01 ? 'E' : ''},${value}`;
}

/** A small generator of numbers from 0 to 1 (mulberry32), so that every run sends the same bytes. */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
