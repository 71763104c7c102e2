import { describe, expect, test } from 'vitest';
import { createCmepScanner } from '../../storage/formats/cmep/cmep-scanner.ts';
import { toCmepChunks, toCmepFile } from './cmep-data.ts';

describe('the bench posts strict CMEP', () => {
  const file = toCmepFile(1_000_000, 7);
  const text = file.toString('latin1');
  const lines = text.split('\r\n').slice(0, -1);

  test('whole records of 48 triplets in printable ASCII, each line within 2046 characters', () => {
    expect(text.endsWith('\r\n')).toBe(true);
    expect(lines.length).toBeGreaterThan(900);
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(2046);
      expect(line).toMatch(
        /^MEPMD01,19970819,[A-Z-]+,,[A-Z-]+,,\d{12},MTR\d{9},OK,E,KWH,1\.0,00000015,48(,\d{12},E?,\d+\.\d{3}){48}$/,
      );
    }
  });

  test('stamps rise within a meter-day, and no meter-day comes twice', () => {
    const stamps = new Map<string, string[]>();
    for (const line of lines) {
      const fields = line.split(',');
      const meter = fields[7] ?? '';
      const before = stamps.get(meter) ?? [];
      stamps.set(meter, [...before, ...fields.slice(14).filter((_, index) => index % 3 === 0)]);
    }
    for (const each of stamps.values()) {
      expect(each).toHaveLength(96);
      expect(each).toEqual([...new Set(each)].sort());
    }
    expect([...stamps.keys()][0]).toBe('MTR000000007');
    expect([...stamps.keys()].at(-1)).toBe(`MTR${String(6 + stamps.size).padStart(9, '0')}`);
  });

  test('the strict scanner finds nothing at all in it', () => {
    const scanner = createCmepScanner({ profile: 'strict', now: Date.now() });
    scanner.push(file);
    const { faultCounts, isRefused, summary } = scanner.end();
    expect({ faultCounts, isRefused }).toEqual({ faultCounts: {}, isRefused: false });
    expect(summary.readings).toBe(lines.length * 48);
  });

  test.each([0, 1, 3_000, 200_000, 64 * 2 ** 20])(
    'at most %d bytes and less than 3 KiB fewer',
    (maxBytes) => {
      let bytes = 0;
      for (const chunk of toCmepChunks(maxBytes, 1)) bytes += chunk.length;
      expect(bytes).toBeLessThanOrEqual(maxBytes);
      expect(bytes).toBeGreaterThan(maxBytes - 3 * 1024);
    },
  );
});
