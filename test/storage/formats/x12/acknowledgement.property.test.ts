import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkSizes, damage, expectSameInChunks, expectSound, fuzzed, toDamaged } from '../fuzz.ts';
import { scan, toBytes } from '../scan.ts';
import { acknowledge } from './acknowledge.ts';
import { header, loop, toFile, toSet } from './build-x12.ts';

const [bpt = '', ...parties] = header;
const sets = [1, 2].map((n) => toSet([bpt.replace('000001', `00000${n}`), ...parties, ...loop], `000${n}`));
const file = toBytes(toFile({ sets }));
const isaBytes = 106;

describe('toAcknowledgement, any file', () => {
  it('writes a 997 that its own reader takes, for any 867 behind its ISA', () => {
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (places) => {
        const rest = places.reduce(
          (some, place) => (some.length === 0 ? some : toDamaged(some, place)),
          file.subarray(isaBytes),
        );
        const text = Buffer.concat([file.subarray(0, isaBytes), rest]).toString('latin1');
        let answer: string;
        try {
          answer = acknowledge(text);
        } catch (error) {
          expect(String(error)).toMatch(/no ISA and GS could be read/);
          return;
        }
        const { faults } = scan('x12-997', toBytes(answer), 'california');
        // Control numbers and ids are mirrored as they came, damaged ones too.
        const mirrored = faults.filter(
          ({ field }) => /^(AK1|AK2|GS0[23])/.test(field) || field.startsWith('AK90'),
        );
        expect(faults.length, JSON.stringify(faults)).toBe(mirrored.length);
      }),
      fuzzed(400),
    );
  });

  it('answers a segment whose name holds a line break', () => {
    const text = toFile({
      sets: [toSet([...header, ...loop.slice(0, 1), 'A\nB*1', ...loop.slice(1)], '0001')],
    });
    const { faults } = scan('x12-997', toBytes(acknowledge(text)), 'california');
    expect(faults).toEqual([]);
  });

  it('reads a 997 the same for every way to cut the chunks, damaged or not', () => {
    const answer = toBytes(acknowledge(toFile({ sets })));
    fc.assert(
      fc.property(fc.option(damage), chunkSizes, (place, sizes) => {
        const bytes = place === null ? answer : toDamaged(answer, place);
        expectSameInChunks('x12-997', bytes, 'california', sizes);
      }),
      fuzzed(300),
    );
  });

  it('reads any damaged 997 without harm', () => {
    const answer = toBytes(acknowledge(toFile({ sets })));
    fc.assert(
      fc.property(damage, (place) => {
        expectSound('x12-997', toDamaged(answer, place), 'california');
      }),
      fuzzed(300),
    );
  });
});
