import type { Reading, ReadingSet } from '../../../storage/formats/format.ts';
import type { WriteOptions, WriteResult, Writer } from '../../../storage/formats/writer.ts';
import { now } from './scan.ts';

export interface Given {
  readonly set: ReadingSet;
  readonly readings: readonly Reading[];
}

export interface Written extends WriteResult {
  readonly file: Buffer;
}

/** The sets as one file; checks that the result counts the bytes that came. */
export function write(
  create: (options: WriteOptions) => Writer,
  profile: string,
  given: readonly Given[],
): Written {
  const pieces: Uint8Array[] = [];
  const writer = create({ profile, now, onBytes: (bytes) => pieces.push(bytes) });
  for (const { set, readings } of given) writer.add(set, readings);
  const result = writer.end();
  const file = Buffer.concat(pieces);
  if (file.length !== result.bytes)
    throw new Error(`${file.length} bytes came, ${result.bytes} were counted`);
  return { ...result, file };
}

const plainSet: ReadingSet = {
  line: 1,
  byteStart: 0,
  byteEnd: 0,
  sender: '',
  receiver: '',
  account: '',
  senderAccount: '',
  receiverAccount: '',
  sdp: '',
  meter: 'METER_1',
  commodity: 'E',
  unit: 'KWH',
  channel: '',
  measure: 'interval',
  purpose: '',
  multiplier: '1',
  intervalMinutes: 15,
  periodStartAt: 0,
  periodEndAt: 0,
  readings: 0,
  estimated: 0,
  adjusted: 0,
  raw: 0,
  missing: 0,
  createdAt: null,
  externalReference: '',
  correctsReference: '',
  reason: '',
};

/** A set of readings that follow each other from 1 March 2020 08:00 UTC; a value may be a reading of its own. */
export function toGiven(
  values: readonly (string | Partial<Reading>)[],
  change: Partial<ReadingSet> = {},
  startAt = Date.UTC(2020, 2, 1, 8),
): Given {
  const stepMs = (change.intervalMinutes ?? 15) * 60_000;
  const readings = values.map((value, index): Reading => {
    const own = typeof value === 'string' ? { value } : value;
    return { endAt: startAt + (index + 1) * stepMs, value: '', quality: 'validated', ...own };
  });
  const counts = { estimated: 0, adjusted: 0, raw: 0, missing: 0, validated: 0 };
  for (const { quality } of readings) counts[quality]++;
  const { estimated, adjusted, raw, missing } = counts;
  const periodEndAt = startAt + values.length * stepMs;
  const period = { periodStartAt: startAt, periodEndAt, readings: values.length };
  return { set: { ...plainSet, ...period, estimated, adjusted, raw, missing, ...change }, readings };
}
