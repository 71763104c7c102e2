import { findDecimal, toPlainText, toProduct } from '../../../../storage/formats/decimal.ts';
import type { Quality, Reading, ReadingSet } from '../../../../storage/formats/format.ts';
import {
  type Losses,
  type LossReason,
  lossReasons,
  type WriteResult,
} from '../../../../storage/formats/writer.ts';
import { createWriter, type TargetName } from '../../../../storage/formats/writers.ts';
import { now, type Scanned, scan } from '../scan.ts';

export interface SetWithReadings {
  readonly set: ReadingSet;
  readonly readings: readonly Reading[];
}

/** What a reading says, whatever the format: how much, and how sure it is. */
export interface Said {
  /** Value × multiplier, exact; empty when missing. */
  readonly quantity: string;
  readonly quality: Quality;
}

/** A file, as its own reader takes it. */
export interface Written extends Scanned {
  readonly bytes: Buffer;
  readonly result: WriteResult;
}

/** Writes sets as a file of the format and reads it back. */
export function writeAndRead(sets: readonly SetWithReadings[], format: TargetName, profile: string): Written {
  const pieces: Uint8Array[] = [];
  const writer = createWriter(format, {
    profile,
    now,
    onBytes: (bytes) => pieces.push(bytes),
    sender: '123456789',
    receiver: '987654321',
  });
  for (const { set, readings } of sets) writer.add(set, readings);
  const result = writer.end();
  const bytes = Buffer.concat(pieces);
  return { ...scan(format, bytes, profile), bytes, result };
}

/** Every reading by what it is about. The label of a time-of-use total or register tells it from others; the seasons of totals are CMEP's own. */
export function toSaid(sets: readonly SetWithReadings[]): Map<string, Said> {
  const all = new Map<string, Said>();
  for (const { set, readings } of sets) {
    const label = set.measure === 'interval' ? '' : set.channel.replace(/^[SW]:/, '');
    const about = [set.meter, set.unit, set.measure, label].join(' ');
    for (const { endAt, value, quality } of readings) {
      const quantity = value === '' ? '' : toQuantity(value, set.multiplier);
      all.set(`${about} ${new Date(endAt).toISOString()}`, { quantity, quality });
    }
  }
  return all;
}

const carried: ReadonlySet<string> = new Set<LossReason>(['rounded', 'flag', 'text']);

/** Readings that are not in the file, by the losses of one or several writers. */
export function countLeftOut(...all: readonly Losses[]): number {
  return sum(
    all.flatMap((losses) =>
      Object.keys(lossReasons)
        .filter((reason) => !carried.has(reason))
        .map((reason) => losses[reason as LossReason] ?? 0),
    ),
  );
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function toQuantity(value: string, multiplier: string): string {
  const [a, b] = [findDecimal(value), findDecimal(multiplier)];
  if (a === undefined || b === undefined) throw new Error(`${value} × ${multiplier} is no decimal`);
  return toPlainText(toProduct(a, b));
}
