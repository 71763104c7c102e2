import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { detectFormat, headBytes } from '../../../../storage/formats/detect.ts';
import { createScanner } from '../../../../storage/formats/scanners.ts';
import { now, scan, scanChunks, toBytes } from '../scan.ts';
import { toRecord } from './records.ts';

const text = toRecord();
const at = '199804010900';
/** A PNG begins so; the second is as binary, and happens to have no NUL byte. */
const image = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]);
const noise = Uint8Array.from({ length: 600 }, (_, index) => 128 + ((index * 73) % 127));

/** Files of another kind, as detection names them before a scanner sees them. */
// biome-ignore format: one row a case
const foreign: readonly { why: string; bytes: Uint8Array; name?: string; code: string; message: RegExp }[] = [
  { why: 'an empty file', bytes: toBytes(''), code: 'E_EMPTY', message: /The file is empty/ },
  { why: 'only a byte order mark', bytes: toBytes('\xef\xbb\xbf'), code: 'E_BOM', message: /UTF-8 byte order mark/ },
  { why: 'a byte order mark before CMEP', bytes: toBytes(`\xef\xbb\xbf${text}`), code: 'E_BOM', message: /save it as plain ASCII/ },
  { why: 'a picture under a text name', bytes: image, name: '202611210101.dat', code: 'E_NUL', message: /NUL byte/ },
  { why: 'other binary under a text name', bytes: noise, name: 'usage.txt', code: 'E_UNKNOWN', message: /neither a CMEP record/ },
  { why: 'gzip under a text name', bytes: gzipSync(text), name: 'usage.dat', code: 'E_COMPRESSED', message: /gzip; unpack it first/ },
  { why: 'UTF-16 with its mark', bytes: Buffer.from(`\ufeff${text}`, 'utf16le'), code: 'E_UTF16', message: /UTF-16 text/ },
  { why: 'UTF-16 without it', bytes: Buffer.from(text, 'utf16le'), code: 'E_NUL', message: /NUL byte/ },
  { why: 'a NUL byte near the beginning', bytes: toBytes(`${text}\0`), code: 'E_NUL', message: /NUL byte/ },
];

/** What a scanner finds that was told to take the bytes as CMEP, or that met them past the beginning. */
// biome-ignore format: one row a case
const inside: readonly { why: string; bytes: Uint8Array; code: string; line: number; found: RegExp }[] = [
  { why: 'an empty file', bytes: toBytes(''), code: 'E_EMPTY', line: 0, found: /^$/ },
  { why: 'only a byte order mark', bytes: toBytes('\xef\xbb\xbf'), code: 'E_ASCII', line: 1, found: /^\\xef$/ },
  { why: 'a picture', bytes: image, code: 'E_ASCII', line: 1, found: /^\\x89$/ },
  { why: 'gzip', bytes: gzipSync(text), code: 'E_ASCII', line: 1, found: /^\\x1f$/ },
  { why: 'UTF-16', bytes: Buffer.from(text, 'utf16le'), code: 'E_ASCII', line: 1, found: /^\\x00$/ },
  { why: 'a NUL byte far into the file', bytes: toBytes(`${text.repeat(40)}${toRecord({ 8: 'A\0B' })}`), code: 'E_ASCII', line: 41, found: /^\\x00$/ },
  { why: '1e999', bytes: toBytes(toRecord({ 14: '1' }, `${at},,1e999`)), code: 'E_NUMBER', line: 1, found: /^1e999$/ },
  { why: 'NaN', bytes: toBytes(toRecord({ 14: '1' }, `${at},,NaN`)), code: 'E_NUMBER', line: 1, found: /^NaN$/ },
  { why: 'Infinity', bytes: toBytes(toRecord({ 14: '1' }, `${at},,Infinity`)), code: 'E_NUMBER', line: 1, found: /^Infinity$/ },
  { why: '40 digits', bytes: toBytes(toRecord({ 14: '1' }, `${at},,${'9'.repeat(40)}`)), code: 'E_NUMBER', line: 1, found: /^9{40}$/ },
  { why: '40 digits after the point', bytes: toBytes(toRecord({ 14: '1' }, `${at},,0.${'9'.repeat(40)}`)), code: 'E_NUMBER', line: 1, found: /^0\.9{40}$/ },
  { why: '29 February 1999', bytes: toBytes(toRecord({ 14: '1' }, '199902290900,,1')), code: 'E_DATETIME', line: 1, found: /^199902290900$/ },
  { why: '29 February 1999 as a version', bytes: toBytes(toRecord({ 2: '19990229' })), code: 'E_VERSION', line: 1, found: /^19990229$/ },
  { why: '24:00', bytes: toBytes(toRecord({ 14: '1' }, '199804012400,,1')), code: 'E_DATETIME', line: 1, found: /^199804012400$/ },
  { why: 'a quote that opens on one line', bytes: toBytes(toRecord({ 6: '"ACME' }) + text), code: 'E_QUOTE', line: 1, found: /^"ACME/ },
  { why: 'and closes on the next', bytes: toBytes(`${toRecord({ 6: '"ACME' })}INC"${text}`), code: 'E_QUOTE', line: 2, found: /^"MEPMD01/ },
];

describe('bad input', () => {
  it.each(foreign)('is told by its beginning: $why', ({ bytes, name, code, message }) => {
    const found = detectFormat(bytes.subarray(0, headBytes), name);
    expect(found).toMatchObject({ fault: { code, level: 'error' } });
    expect('fault' in found && found.fault.message).toMatch(message);
  });

  it.each(inside)('is told by the scanner: $why', ({ bytes, code, line, found }) => {
    const { faults, isRefused, sets } = scan('cmep', bytes, 'strict');
    expect(isRefused).toBe(true);
    const fault = faults.find((one) => one.code === code && one.line === line);
    expect(fault?.text).toMatch(found);
    expect(sets.map(({ set }) => set.line)).not.toContain(line);
  });

  it('does not spoil the line after unbalanced quotes', () => {
    const { sets } = scan('cmep', toBytes(toRecord({ 6: '"ACME' }) + text), 'strict');
    expect(sets.map(({ set }) => set.line)).toEqual([2]);
  });

  it('is not kept: a line of 64 MB without an end is passed over', () => {
    const scanner = createScanner('cmep', { profile: 'strict', now });
    const block = toBytes('MEPMD01,'.repeat(8_192));
    const before = process.memoryUsage();
    for (let taken = 0; taken < 64 << 20; taken += block.length) scanner.push(block);
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(1 << 20);
    expect(after.heapUsed - before.heapUsed).toBeLessThan(16 << 20);
    const { faults, faultCounts, summary } = scanner.end();
    expect(faultCounts).toEqual({ E_LINE_LEN: 1 });
    expect(faults[0]).toMatchObject({ code: 'E_LINE_LEN', line: 1, byteOffset: 0 });
    expect(summary.bytes).toBe(64 << 20);
  });

  it('with a flood of faults lists as many as asked for, and counts the rest by code', () => {
    const bad = toBytes(
      toRecord({ 11: 'KW/H', 14: '48' }, Array(48).fill(`${at},V,x`).join(',')).repeat(100),
    );
    function* chunks() {
      for (let records = 0; records < 2_500; records += 100) yield bad;
    }
    const options = { profile: 'strict', onReadingSet: () => undefined };
    const result = scanChunks('cmep', chunks(), options);
    // 47 stamps do not rise; flags and values are wrong 48 times.
    const faultCounts = { E_UNITS: 2_500, E_FLAG: 120_000, E_NUMBER: 120_000, E_ORDER: 117_500 };
    expect(result.faultCounts).toEqual(faultCounts);
    expect(result.faults).toHaveLength(1_000);
    const few = scanChunks('cmep', chunks(), { ...options, maxFaults: 7 });
    expect(few.faults).toEqual(result.faults.slice(0, 7));
    expect(few.faultCounts).toEqual(faultCounts);
  });
});
