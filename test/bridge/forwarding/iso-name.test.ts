import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchIsoName, maxParts, toIsoName } from '../../../bridge/forwarding/iso-name.ts';

const sha256 = 'c0ffee00'.padEnd(64, '0');
const part = { transaction: 100, part: 1, sha256 };

describe('toIsoName', () => {
  test('is transaction, part and attempt in base 36, three characters of the digest, and the extension', () => {
    expect(toIsoName({ ...part, attempt: 40 }, 'dat')).toMatch(/^2s-1-14-[0-9a-z]{3}\.dat$/);
  });

  test('keeps the key in 16 characters, or refuses', () => {
    const largest = { transaction: 36 ** 6 - 1, part: maxParts, attempt: maxParts, sha256 };
    expect(toIsoName(largest, 'csv')).toHaveLength(20);
    expect(() => toIsoName({ ...largest, transaction: 36 ** 6 }, 'csv')).toThrow(/too long/);
  });
});

describe('matchIsoName', () => {
  const name = toIsoName({ ...part, attempt: 2 }, 'csv');

  test.each([
    ['as sent', name],
    ['with the file id before it', `528527_${name}`],
    ['in upper case', name.toUpperCase()],
    ['cut in the extension', `528527_${name}`.slice(0, -2)],
    ['cut after the key', `528527_${name}`.slice(0, -4)],
  ])('finds the attempt: %s', (_, listed) => {
    expect(matchIsoName(listed, part)).toEqual({ kind: 'attempt', attempt: 2 });
  });

  test('finds any attempt of the part, and tells them apart', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 46_000 }), (attempt) => {
        expect(matchIsoName(toIsoName({ ...part, attempt }, 'csv'), part)).toEqual({
          kind: 'attempt',
          attempt,
        });
      }),
    );
  });

  test('never takes another part, transaction or hand-made name for ours', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 1_000 }),
        (transaction, number) => {
          fc.pre(transaction !== part.transaction || number !== part.part);
          const other = toIsoName({ transaction, part: number, attempt: 1, sha256 }, 'csv');
          expect(matchIsoName(other, part)).toEqual({ kind: 'other' });
          expect(matchIsoName(`9_${other}`, part)).toEqual({ kind: 'other' });
        },
      ),
    );
    for (const listed of ['', 'meter data.csv', '2s-1.csv', `x${name}`]) {
      expect(matchIsoName(listed, part)).toEqual({ kind: 'other' });
    }
  });

  test.each([
    ['cut in the key', name.slice(0, 8)],
    ['cut before the attempt', '2s-1-'],
    ['cut before the part', '2s-'],
    ['cut in the transaction', '528527_2'],
    ['the file id and nothing else', '528527_'],
    ['something in place of the digest', '2s-1-2.csv'],
    ['more after the digest', name.replace('.csv', 'x.csv')],
  ])('never says "other" of what begins like the part: %s', (_, listed) => {
    expect(matchIsoName(listed, part)).toEqual({ kind: 'other-content' });
  });

  test.each(['_1.csv', ' (2).csv', '_csv', '.csv.txt'])('finds the attempt with %s after the key', (end) => {
    expect(matchIsoName(name.replace('.csv', end), part)).toEqual({ kind: 'attempt', attempt: 2 });
  });

  test('says when the key is ours but the content is not', () => {
    const other = { ...part, sha256: 'deadbeef'.padEnd(64, '0') };
    expect(matchIsoName(name, other)).toEqual({ kind: 'other-content' });
  });
});
