import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCrc16, toCrcText } from '../../../../storage/formats/cmep/fields/crc16.ts';
import { cmepProfiles } from '../../../../storage/formats/cmep/profiles.ts';
import { chunkSizes, damage, expectSameInChunks, expectSound, fuzzed, toDamaged } from '../fuzz.ts';
import { type Scanned, scan, toBytes } from '../scan.ts';
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
    /** Whether the empty CRC slot is written. */
    hasSlot: fc.boolean(),
  })
  .map(({ meter, unit, start, triplets, hasSlot }) => {
    const data = triplets.map(([isGiven, rest], index) => {
      const isNeeded = isGiven || index === 0;
      return `${isNeeded ? stampAt(firstMinutes + start + 15 * index) : ''},${rest}`;
    });
    const change = { 8: meter, 11: unit, 13: '00000015', 14: String(triplets.length) };
    return { line: toRecord(change, data.join(',')).trimEnd(), hasSlot };
  });
const records = fc.array(record, { minLength: 1, maxLength: 6 });
const file = records.map((all) =>
  toBytes(all.map(({ line, hasSlot }) => `${line}${hasSlot ? ',' : ''}\r\n`).join('')),
);
const fileWithCrc = records.map((all) => toBytes(all.map(({ line }) => toCrcLine(`${line},`)).join('')));

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

/** What a scan says of readings, without places in the file. */
function toMeaning({ sets }: Scanned): string {
  return JSON.stringify(
    sets.map(({ set, readings }) => [set.sender, set.receiver, set.meter, set.unit, set.purpose, readings]),
  );
}

const profile = fc.constantFrom('strict', 'sensus-rni', 'smartsynch');
const profileNames = [...cmepProfiles.map(({ name }) => name), 'strict:lenient', 'local-time:local-created'];
const anyProfile = fc.constantFrom(...profileNames);

describe('createCmepScanner, any file', () => {
  it('gives the same for every way to cut the chunks', () => {
    fc.assert(
      fc.property(file, anyProfile, chunkSizes, (bytes, name, sizes) => {
        expect(expectSameInChunks('cmep', bytes, name, sizes).isRefused).toBe(false);
      }),
      fuzzed(600),
    );
  });

  it('gives the same for every way to cut the chunks of a damaged file', () => {
    fc.assert(
      fc.property(anyFile, damage, anyProfile, chunkSizes, (bytes, what, name, sizes) => {
        expectSameInChunks('cmep', toDamaged(bytes, what), name, sizes);
      }),
      fuzzed(600),
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
      fuzzed(400),
    );
  });

  it('reads a repeated header as it reads a new one', () => {
    /** What is said of the lines that hold the record, each by itself. */
    const toSaid = (text: string, lines: readonly number[]) => {
      const { sets, faults } = scan('cmep', toBytes(text), 'smartsynch');
      return lines.map((line) => {
        const own = sets
          .filter(({ set }) => set.line === line)
          .map(({ set, readings }) => [set.meter, readings]);
        const found = faults.filter((fault) => fault.line === line && !fault.code.startsWith('C_'));
        return [own, found.map(({ code, field, text, message }) => [code, field, text, message])];
      });
    };
    fc.assert(
      fc.property(record, fc.option(damage), ({ line }, what) => {
        const bytes = what === null ? toBytes(line) : toDamaged(toBytes(line), what);
        const one = `${Buffer.from(bytes)
          .toString('latin1')
          .replaceAll(/[\r\n]/g, '')}\r\n`;
        const repeated = toSaid(toTouRecord() + one.repeat(3), [3, 4]);
        expect(repeated).toEqual(toSaid((toTouRecord() + one).repeat(3), [4, 6]));
      }),
      fuzzed(400),
    );
  });

  it.each(profileNames)('takes nothing from a record that was cut, wherever the file is cut: %s', (name) => {
    const raw = toRecord({ 8: 'RAW', 14: '2' }, '199804010900,R,12.5,,R,13.25');
    const text = toRecord({ 14: '2' }, '199804010900,,12.5,,E,13.25') + toTouRecord() + raw;
    // Every record stands last, and its last value is of every quality.
    const bytes = toBytes(text + toRecord({ 11: 'KVARH', 14: '2' }, '199804010900,R,12.5,,,13.25'));
    const toReadings = ({ sets }: Scanned) =>
      sets.flatMap(({ set, readings }) =>
        readings.map(({ endAt, value, quality }) =>
          // What is raw says that it needs looking at; of a value that was cut there is no more to want.
          [set.line, set.meter, set.channel, endAt, quality, quality === 'raw' ? '' : value].join(' '),
        ),
      );
    const whole = new Set(toReadings(scan('cmep', bytes, name)));
    expect(whole.size).toBe(9);
    for (let length = 0; length < bytes.length; length++) {
      const cut = scan('cmep', bytes.subarray(0, length), name);
      const invented = toReadings(cut).filter((reading) => !whole.has(reading));
      const isSaid = bytes[length - 1] === 0x0a || Object.keys(cut.faultCounts).length > 0;
      if (invented.length > 0 || !isSaid) expect.fail(`cut at ${length}: ${invented}`);
    }
  });

  it('gives a fault, an equal meaning or a legal other file after any damage', () => {
    fc.assert(
      fc.property(file, damage, profile, (bytes, what, name) => {
        const damaged = toDamaged(bytes, what);
        const { sets, isRefused, faultCounts } = expectSound('cmep', damaged, name);
        // A type may have become another one, whose records pass through unread: that is said.
        if (isRefused || 'N_UNREAD' in faultCounts) return;
        // What is not refused is a file of its own: its records alone say the same, with nothing lost between them.
        const ranges = sets.map(({ set }) => damaged.subarray(set.byteStart, set.byteEnd));
        const again = scan('cmep', Buffer.concat(ranges), name);
        expect(toMeaning(again)).toBe(toMeaning({ ...again, sets }));
        expect(again.summary.bytes).toBe(damaged.length);
      }),
      fuzzed(1_500),
    );
  });

  it('finds every flip of a byte or two in records with a CRC', () => {
    const bits = fc.tuple(fc.integer({ min: 1, max: 255 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fileWithCrc, fc.nat(), bits, (bytes, place, [first, second]) => {
        const whole = scan('cmep', bytes, 'strict');
        expect(whole.isRefused || 'W_CRC' in whole.faultCounts).toBe(false);
        const at = place % (bytes.length - 1);
        const damaged = toDamaged(toDamaged(bytes, { kind: 'flip', at, bits: first }), {
          kind: 'flip',
          at: at + 1,
          bits: second,
        });
        const { faultCounts, isRefused, ...rest } = scan('cmep', damaged, 'strict');
        const isFound = isRefused || 'W_CRC' in faultCounts;
        if (!isFound) expect(toMeaning({ ...rest, faultCounts, isRefused })).toBe(toMeaning(whole));
      }),
      fuzzed(600),
    );
  });

  it('stays sound after any damage to any record in any profile', () => {
    fc.assert(
      fc.property(anyFile, damage, damage, anyProfile, (bytes, what, more, name) => {
        const damaged = toDamaged(bytes, what);
        expectSound('cmep', damaged.length === 0 ? damaged : toDamaged(damaged, more), name);
      }),
      fuzzed(600),
    );
  });

  it('knows a damaged record by its agreed CRC, whatever byte was changed', () => {
    const oneByte = fc.record({
      at: fc.nat(),
      value: fc.integer({ min: 0, max: 255 }),
      how: fc.constantFrom('flip', 'cut', 'insert'),
    });
    const profile = 'strict:write-crc16:crc-ccitt-false';
    const written = file.map((bytes) => toBytes(write(scan('cmep', bytes, 'strict').sets, { profile }).text));
    fc.assert(
      fc.property(written, oneByte, (bytes, { at, value, how }) => {
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
      fuzzed(300),
    );
  });

  it('survives bytes that are nothing at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6_000 }), profile, (bytes, name) => {
        expect(expectSound('cmep', bytes, name).isRefused).toBe(true);
      }),
      fuzzed(300),
    );
  });

  it('judges repeats and gaps alike in any order of the records', () => {
    const shuffled = fc
      .array(fc.tuple(fc.constantFrom('M1', 'M2', 'M3'), fc.nat(40)), { minLength: 2, maxLength: 12 })
      .chain((plan) => fc.tuple(fc.constant(plan), fc.shuffledSubarray(plan, { minLength: plan.length })));
    const toFile = (plan: readonly (readonly [string, number])[]) =>
      toBytes(
        plan
          .map(([, block]) => `${stampAt(firstMinutes + 60 * block)},,1,,,2`)
          .map((data, index) => toRecord({ 8: plan[index]?.[0] ?? '', 13: '00000030', 14: '2' }, data))
          .join(''),
      );
    const toCounts = (bytes: Uint8Array) => {
      const { C_DUPLICATE = 0, C_GAP = 0, C_OVERLAP = 0 } = scan('cmep', bytes, 'strict').faultCounts;
      return { C_DUPLICATE, C_GAP, C_OVERLAP };
    };
    fc.assert(
      fc.property(shuffled, ([plan, other]) => {
        const names = new Set(plan.map(([meter, block]) => `${meter} ${block}`));
        const blocks = Map.groupBy(names, (name) => name.slice(0, 2));
        let gaps = 0;
        for (const own of blocks.values()) {
          const sorted = own.map((name) => Number(name.slice(3))).sort((a, b) => a - b);
          gaps += sorted.filter(
            (block, index) => index > 0 && block - (sorted[index - 1] as number) > 1,
          ).length;
        }
        const expected = { C_DUPLICATE: plan.length - names.size, C_GAP: gaps, C_OVERLAP: 0 };
        expect(toCounts(toFile(plan))).toEqual(expected);
        expect(toCounts(toFile(other))).toEqual(expected);
      }),
      fuzzed(300),
    );
  });
});

function toCrcLine(line: string): string {
  return `${line}${toCrcText(toCrc16(toBytes(line), 0, line.length, 'arc'))}\r\n`;
}
