import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { FormatName } from '../../../storage/formats/format.ts';
import { type Scanned, scan, scanChunks, toChunks } from './scan.ts';

/** Cases that the gate runs over all formats; `npm run fuzz -- --runs N` runs each property as much oftener. */
const gateRuns = 20_000;

/**
 * How often fast-check runs a property: `cases` in the gate, and its share of N under `npm run fuzz -- --runs N`, which
 * takes every `*.property.test.ts` of this folder. A failure prints its seed; `--seed S` runs it again.
 */
export function fuzzed(cases: number): fc.Parameters<unknown> {
  const { FUZZ_RUNS, FUZZ_SEED } = process.env;
  const factor = FUZZ_RUNS === undefined ? 1 : Number(FUZZ_RUNS) / gateRuns;
  const numRuns = Math.max(1, Math.round(cases * factor));
  return FUZZ_SEED === undefined ? { numRuns } : { numRuns, seed: Number(FUZZ_SEED) };
}

/** What may happen to a file: places are taken modulo its length. */
type Damage =
  | { readonly kind: 'flip'; readonly at: number; readonly bits: number }
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array };

/** Bytes that mean something to a text format are more likely than others. */
const likelyByte = fc.oneof(
  fc.integer({ min: 0, max: 255 }),
  fc.constantFrom(...[...',"\r\n0159.-EHNRM \0'].map((character) => character.charCodeAt(0))),
);

export const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.oneof(fc.nat(4), fc.nat()) }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: fc.nat(),
    bytes: fc.array(likelyByte, { minLength: 1, maxLength: 4 }).map((bytes) => Uint8Array.from(bytes)),
  }),
);

/** The bytes after the damage; a cut takes at least one. */
export function toDamaged(bytes: Uint8Array, what: Damage): Uint8Array {
  const at = what.at % bytes.length;
  const before = bytes.subarray(0, at);
  if (what.kind === 'insert') return Buffer.concat([before, what.bytes, bytes.subarray(at)]);
  if (what.kind === 'cut') {
    const length = 1 + (what.length % (bytes.length - at));
    return Buffer.concat([before, bytes.subarray(at + length)]);
  }
  const flipped = Uint8Array.from(bytes);
  flipped[at] = (flipped[at] as number) ^ what.bits;
  return flipped;
}

/** Sizes of chunks, again and again; single bytes among them. */
export const chunkSizes = fc.oneof(
  { weight: 1, arbitrary: fc.constant([1]) },
  { weight: 9, arbitrary: fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 }) },
);

/** The same for any way to cut the chunks. @returns the scan of the whole */
export function expectSameInChunks(
  format: FormatName,
  bytes: Uint8Array,
  profile: string,
  sizes: readonly number[],
): Scanned {
  const whole = scan(format, bytes, profile);
  // Not expect: comparing takes it longer than scanning.
  deepStrictEqual(scanChunks(format, toChunks(bytes, sizes), { profile }), whole);
  return whole;
}

const decimal = /^[+-]?\d+(\.\d+)?([EeDd][+-]?\d+)?$/;

/** What holds of the scan of any bytes at all (ruling 33): it ends, and what it hands on holds together. */
export function expectSound(format: FormatName, bytes: Uint8Array, profile: string): Scanned {
  const scanned = scan(format, bytes, profile);
  const { sets, summary, faults, faultCounts, isRefused } = scanned;
  expect(summary.bytes).toBe(bytes.length);
  expect(summary.readingSets).toBe(sets.length);
  expect(summary.readings).toBe(sets.reduce((sum, { readings }) => sum + readings.length, 0));
  const errorLines = new Set(faults.filter(({ level }) => level === 'error').map(({ line }) => line));
  expect(isRefused).toBe(errorLines.size > 0);
  const total = Object.values(faultCounts).reduce((sum, count) => sum + count, 0);
  expect(total).toBeGreaterThanOrEqual(faults.length);
  for (const { byteOffset, text, message } of faults) {
    const isPlaced = byteOffset >= 0 && byteOffset <= bytes.length;
    if (!isPlaced || !/^[ -~]{0,60}$/.test(text) || message === '')
      expect.fail(`fault ${message} at ${byteOffset}`);
  }
  for (const { set, readings } of sets) {
    if (readings.length !== set.readings || errorLines.has(set.line)) expect.fail(`set of line ${set.line}`);
    if (!(set.byteStart < set.byteEnd && set.byteEnd <= bytes.length))
      expect.fail(`range of line ${set.line}`);
    for (const { quality, value, endAt } of readings) {
      const isValueRight = quality === 'missing' ? value === '' : decimal.test(value);
      const isInPeriod = endAt >= set.periodStartAt && endAt <= set.periodEndAt;
      if (!isValueRight || !isInPeriod)
        expect.fail(`reading ${quality} ${value} ${endAt} of line ${set.line}`);
    }
  }
  return scanned;
}
