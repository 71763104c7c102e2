import { describe, expect, test } from 'vitest';
import type { FormatName } from '../../../storage/formats/format.ts';
import { createScanner } from '../../../storage/formats/scanners.ts';
import { dataNow, toCmepMonth } from './data/cmep-month.ts';
import { toMdefMonth } from './data/mdef-month.ts';
import { toX12Month, toX12Totals } from './data/x12-month.ts';

function scan(format: FormatName, profile: string, pieces: Iterable<Buffer>) {
  const scanner = createScanner(format, { profile, now: dataNow });
  for (const piece of pieces) scanner.push(piece);
  return scanner.end();
}

describe('the data of the formats bench', () => {
  const text = Buffer.concat([...toCmepMonth(3_000_000)]).toString('latin1');
  const lines = text.split('\r\n').slice(0, -1);
  const intervals = lines.filter((line) => line.includes(',00000015,'));

  test('CMEP: quarter hours, 48 triplets a line, every stamp given, several flags', () => {
    expect(text.endsWith('\r\n')).toBe(true);
    expect(intervals.length).toBeGreaterThan(lines.length * 0.95);
    for (const line of intervals) {
      expect(line.length).toBeLessThanOrEqual(2_046);
      expect(line).toMatch(
        /^MEPMD01,19970819,\d+,A\d{9},\d+,,\d{12},M\d{9},OK,E,K(W|VAR)H,1,00000015,48(,\d{12},([EA]?,\d+\.\d{3}|N,)){48}$/,
      );
    }
    const flags = new Set([...text.matchAll(/,\d{12},([A-Z]?),/g)].map(([, flag]) => flag));
    expect([...flags].sort()).toEqual(['', 'A', 'E', 'N']);
  });

  test('CMEP: grouped by meter and unit, each with a register that agrees with its intervals', () => {
    const order = lines.map((line) => line.split(',')).map((fields) => `${fields[7]} ${fields[10]}`);
    const runs = order.filter((name, index) => name !== order[index - 1]);
    expect(new Set(runs).size).toBe(runs.length);
    expect(runs.slice(0, 4)).toEqual([
      'M000000001 KWHREG',
      'M000000001 KWH',
      'M000000001 KVARH',
      'M000000002 KWHREG',
    ]);
    const { faultCounts, summary } = scan('cmep', 'strict', toCmepMonth(3_000_000));
    expect(faultCounts).toEqual({});
    expect(summary.meters).toBe(summary.accounts);
    // A difference beyond the tolerance would be found: the last read of the first meter, made larger.
    const [register = ''] = lines;
    const wrong = register.replace(/\d+\.\d{3}$/, (read) => String(Number(read) + 10));
    expect(
      scan('cmep', 'strict', [Buffer.from(text.replace(register, wrong), 'latin1')]).faultCounts,
    ).toEqual({
      C_REGISTER_SUM: 1,
    });
  });

  test.each([0, 100, 200_000, 5_000_000])(
    'CMEP: at most %d bytes, and less than a record fewer',
    (maxBytes) => {
      let bytes = 0;
      for (const piece of toCmepMonth(maxBytes)) bytes += piece.length;
      expect(bytes).toBeLessThanOrEqual(maxBytes);
      expect(bytes).toBeGreaterThan(maxBytes - 2_048);
    },
  );

  test('MDEF: meters of two channels of a month, with a trailer that counts them', () => {
    const { faultCounts, summary } = scan('mdef', 'pacific-standard', toMdefMonth(1_000_000));
    expect(faultCounts).toEqual({});
    expect(summary.readings).toBe(summary.meters * 2 * 31 * 96);
    expect(summary.bytes).toBeLessThanOrEqual(1_000_000);
    expect(summary.bytes).toBeGreaterThan(900_000);
  });

  test('X12: sets of an account, with two channels of a month or with its totals', () => {
    const intervals = scan('x12-867', 'california', toX12Month(3_000_000));
    expect(intervals.faultCounts).toEqual({});
    expect(intervals.summary.readings).toBe(intervals.summary.meters * 2 * 31 * 96);
    const totals = scan('x12-867', 'california', toX12Totals(100_000));
    expect(totals.faultCounts).toEqual({});
    expect(totals.summary.readingSets).toBe(totals.summary.meters * 8);
    for (const { bytes, most } of [
      { bytes: intervals.summary.bytes, most: 3_000_000 },
      { bytes: totals.summary.bytes, most: 100_000 },
    ]) {
      expect(bytes).toBeLessThanOrEqual(most);
      expect(bytes).toBeGreaterThan(0.95 * most);
    }
  });
});
