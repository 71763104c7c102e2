import type { Reading, ReadingSet } from '../../../../storage/formats/format.ts';
import type { WriteResult } from '../../../../storage/formats/writer.ts';
import { createX12Writer, type X12WriteOptions } from '../../../../storage/formats/x12/usage/usage-writer.ts';
import { minuteMs } from '../../../../storage/model/time.ts';
import { now } from '../scan.ts';

export interface Given {
  readonly set: ReadingSet;
  readonly readings: readonly Reading[];
}

export interface Written extends WriteResult {
  readonly text: string;
  readonly bytesWritten: Uint8Array;
}

/** Writes the sets as one 867. */
export function write(given: readonly Given[], options: Partial<X12WriteOptions> = {}): Written {
  const pieces: Uint8Array[] = [];
  const writer = createX12Writer({
    profile: 'california',
    now,
    onBytes: (bytes) => pieces.push(bytes),
    ...options,
  });
  for (const { set, readings } of given) writer.add(set, readings);
  const result = writer.end();
  const bytesWritten = Buffer.concat(pieces);
  return { ...result, bytesWritten, text: bytesWritten.toString('latin1') };
}

/** Midnight of 2025-11-19 in Los Angeles. */
export const startAt = Date.UTC(2025, 10, 19, 8);

/** An interval set of values (a letter before one is its CMEP flag), from midnight on. */
export function toInterval(values: readonly string[], change: Partial<ReadingSet> = {}): Given {
  const minutes = change.intervalMinutes ?? 60;
  const from = change.periodStartAt ?? startAt;
  const readings = values.map((text, index) => toReading(text, from + (index + 1) * minutes * minuteMs));
  const periodEndAt = from + values.length * minutes * minuteMs;
  return {
    set: toSetOf(readings, { intervalMinutes: minutes, periodStartAt: from, periodEndAt, ...change }),
    readings,
  };
}

export function toReading(text: string, endAt: number): Reading {
  const qualities = { E: 'estimated', A: 'adjusted', R: 'raw', N: 'missing' } as const;
  const flag = text[0] as keyof typeof qualities;
  const isFlagged = Object.hasOwn(qualities, flag);
  return {
    endAt,
    value: isFlagged ? text.slice(1) : text,
    quality: isFlagged ? qualities[flag] : 'validated',
  };
}

export function toSetOf(readings: readonly Reading[], change: Partial<ReadingSet>): ReadingSet {
  const count = (quality: Reading['quality']) => readings.filter((one) => one.quality === quality).length;
  return {
    line: 1,
    byteStart: 0,
    byteEnd: 1,
    sender: '333333333',
    receiver: '222222222',
    account: 'ACCT1',
    senderAccount: 'ACCT1',
    receiverAccount: '',
    sdp: '',
    meter: 'M1',
    commodity: 'E',
    unit: 'KWH',
    channel: '',
    measure: 'interval',
    purpose: 'OK',
    multiplier: '1',
    intervalMinutes: 0,
    periodStartAt: startAt,
    periodEndAt: startAt,
    readings: readings.length,
    estimated: count('estimated'),
    adjusted: count('adjusted'),
    raw: count('raw'),
    missing: count('missing'),
    createdAt: now,
    externalReference: '',
    correctsReference: '',
    reason: '',
    ...change,
  };
}

const month = { periodStartAt: Date.UTC(2025, 9, 1, 7), periodEndAt: Date.UTC(2025, 10, 1, 7) };

/** The total of October 2025. */
export function toTotal(value: string, change: Partial<ReadingSet> = {}): Given {
  const period = { ...month, ...change };
  const readings = [toReading(value, period.periodEndAt)];
  return {
    set: toSetOf(readings, { measure: 'total', channel: 'TOTAL', purpose: 'SUMMARY', ...period }),
    readings,
  };
}

/** The reads at begin and end of October 2025. */
export function toRegister(values: readonly string[], change: Partial<ReadingSet> = {}): Given {
  const period = { ...month, ...change };
  const [first = '', ...others] = values;
  const readings = [
    toReading(first, period.periodStartAt),
    ...others.map((value) => toReading(value, period.periodEndAt)),
  ];
  return { set: toSetOf(readings, { measure: 'register', unit: 'KWHREG', ...period }), readings };
}
