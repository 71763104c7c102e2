import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cmepProfiles } from '../../../../storage/formats/cmep/profiles.ts';
import type { Scanned } from '../scan.ts';
import { scan, scanChunks, toBytes, toChunks } from '../scan.ts';
import { write } from './make-sets.ts';
import { toEquipmentRecord, toRecord, toTouRecord } from './records.ts';

const stampAt = (minutes: number) =>
  new Date(minutes * 60_000).toISOString().replace(/[-T:]/g, '').slice(0, 12);
const firstMinutes = Date.UTC(1998, 2, 1) / 60_000;

/** Flag and value as they may stand in strict CMEP. */
const flagAndValue = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom('', 'E', 'A', 'R'), fc.integer({ min: 0, max: 99_999 }))
      .map(([flag, value]) => `${flag},${value / 100}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('N,', ',-0.5', 'E,1E2', ',+3', ',0000000000012', 'A,12345678901', ',0.123456'),
  },
);

/** A record without error: a step of 15 minutes, any stamp after the first given or omitted. */
const record = fc
  .record({
    meter: fc.constantFrom('M1', 'M2', '"M, 3"'),
    unit: fc.constantFrom('KWH', 'KVARH', 'KWHREG'),
    start: fc.integer({ min: 0, max: 20_000 }),
    triplets: fc.array(fc.tuple(fc.boolean(), flagAndValue), { minLength: 1, maxLength: 48 }),
    tail: fc.constantFrom('', ','),
  })
  .map(({ meter, unit, start, triplets, tail }) => {
    const data = triplets.map(([isGiven, rest], index) => {
      const isNeeded = isGiven || index === 0;
      return `${isNeeded ? stampAt(firstMinutes + start + 15 * index) : ''},${rest}`;
    });
    const change = { 8: meter, 11: unit, 13: '00000015', 14: String(triplets.length) };
    return toRecord(change, data.join(',')).replace('\r\n', `${tail}\r\n`);
  });
const file = fc.array(record, { minLength: 1, maxLength: 6 }).map((records) => toBytes(records.join('')));

/** Records of every type. */
const anyFile = fc
  .array(
    fc.oneof(
      record,
      fc.constantFrom(
        toTouRecord(),
        toEquipmentRecord(),
        toRecord({ 1: 'MLA01', 2: '20080501', 11: 'METERDQ', 13: '', 14: '1' }, '199804010900,R0,4'),
        'MEPAD01,19970912,a,b,c,d,199804020830,1,MD-REQ,1,"x, y",\r\n',
        'MEPBD01,19970819,a,b,c,d,199804020830,what,ever\r\n',
      ),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((records) => toBytes(records.join('')));

function toLines(scanned: Scanned): string[] {
  return scanned.sets.map(({ set, readings }) =>
    JSON.stringify([set.line, set.meter, set.channel, readings]),
  );
}

describe('createCmepScanner, any file', () => {
  it('gives the same for every way to cut the chunks', () => {
    fc.assert(
      fc.property(
        file,
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 }),
        (bytes, sizes) => {
          const whole = scan('cmep', bytes, 'strict');
          expect(scanChunks('cmep', toChunks(bytes, sizes), { profile: 'strict' })).toEqual(whole);
          expect(scanChunks('cmep', toChunks(bytes, [1]), { profile: 'strict' })).toEqual(whole);
          expect(whole.isRefused).toBe(false);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('reads plain triplets in the fast lane as the general rules read them', () => {
    fc.assert(
      fc.property(file, (bytes) => {
        const plain = scan('cmep', bytes, 'smartsynch');
        // A blank before the first stamp means nothing in this profile and keeps the record out of the fast lane.
        const padded = Buffer.from(bytes)
          .toString('latin1')
          .replaceAll(/^((?:"[^"]*"|[^,"])*,){14}/gm, '$& ');
        const general = scan('cmep', toBytes(padded), 'smartsynch');
        expect(padded).toContain(', ');
        expect(toLines(general)).toEqual(toLines(plain));
        expect(general.faultCounts).toEqual(plain.faultCounts);
        expect({ ...general.summary, bytes: 0 }).toEqual({ ...plain.summary, bytes: 0 });
      }),
      { numRuns: 200 },
    );
  });

  it('takes nothing from a record that was cut, wherever the file is cut', () => {
    const text =
      toRecord({ 14: '2' }, '199804010900,,12.5,,E,13.25') + toTouRecord() + toRecord({ 11: 'KVARH' });
    const bytes = toBytes(text);
    const whole = new Set(toLines(scan('cmep', bytes, 'strict')));
    for (let length = 0; length < bytes.length; length++) {
      const cut = scan('cmep', bytes.subarray(0, length), 'strict');
      for (const line of toLines(cut)) expect(whole, `cut at ${length}`).toContain(line);
      const isAtRecord = bytes[length - 1] === 0x0a;
      if (!isAtRecord) expect(Object.keys(cut.faultCounts), `cut at ${length}`).not.toEqual([]);
    }
  });

  it('survives damage: no crash, and sets that hold together', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(
        anyFile,
        damage,
        fc.constantFrom(
          ...cmepProfiles.map(({ name }) => name),
          'strict:lenient',
          'local-time:local-created',
        ),
        (bytes, places, profile) => {
          const damaged = Uint8Array.from(bytes);
          for (const [at, value] of places) damaged[at % damaged.length] = value;
          const { sets, summary, faults } = scan('cmep', damaged, profile);
          for (const { set, readings } of sets) {
            expect(readings).toHaveLength(set.readings);
            for (const { quality, value, endAt } of readings) {
              expect(
                quality === 'missing' ? value === '' : Number.isFinite(Number(value.replace(/[dD]/, 'E'))),
              ).toBe(true);
              expect(endAt).toBeLessThanOrEqual(set.periodEndAt);
            }
            expect(faults.filter(({ level, line }) => level === 'error' && line === set.line)).toEqual([]);
          }
          expect(summary.readingSets).toBe(sets.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('knows a damaged record by its agreed CRC, whatever byte was changed', () => {
    const damage = fc.record({
      at: fc.nat(),
      value: fc.integer({ min: 0, max: 255 }),
      how: fc.constantFrom('flip', 'cut', 'insert'),
    });
    const profile = 'strict:write-crc16:crc-ccitt-false';
    const written = file.map((bytes) => toBytes(write(scan('cmep', bytes, 'strict').sets, { profile }).text));
    fc.assert(
      fc.property(written, damage, (bytes, { at, value, how }) => {
        const place = at % bytes.length;
        const put = how === 'cut' ? [] : [value];
        const damaged = Uint8Array.from([
          ...bytes.subarray(0, place),
          ...put,
          ...bytes.subarray(how === 'insert' ? place : place + 1),
        ]);
        const whole = new Set(
          toLines(scan('cmep', bytes, profile)).map((line) => line.replace(/^\[\d+/, '[')),
        );
        const found = scan('cmep', damaged, profile);
        for (const line of toLines(found)) expect(whole).toContain(line.replace(/^\[\d+/, '['));
        const isHarmed = found.sets.length < whole.size;
        expect(found.isRefused || !isHarmed).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('survives bytes that are nothing at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6_000 }), (bytes) => {
        expect(scan('cmep', bytes, 'strict').isRefused).toBe(true);
      }),
    );
  });
});
