import { describe, expect, it } from 'vitest';
import { toFloat32Text } from '../../../../storage/formats/mdef/float32.ts';

describe('toFloat32Text', () => {
  it.each([
    [0, '0'],
    [0.1, '0.1'],
    [885.5, '885.5'],
    [10.685218, '10.685218'],
    [-3, '-3'],
    [16_777_216, '16777216'],
    [1e-7, '0.0000001'],
    [3.4028234663852886e38, `34028235${'0'.repeat(31)}`],
    // A power of two: the nearest decimal of 8 digits does not read back, the one above it does.
    [2 ** 90, '1237940100000000000000000000'],
  ])('%d is %s', (value, text) => {
    expect(toFloat32Text(Math.fround(value))).toBe(text);
  });
});
