import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { channelHeader, meterHeader, recordBytes, trailer } from '../../../../storage/formats/mdef/layout.ts';
import { createMdefWriter } from '../../../../storage/formats/mdef/mdef-writer.ts';
import { maxMeterReadings } from '../../../../storage/formats/mdef/meter-group.ts';
import { scan } from '../scan.ts';
import { type Given, toGiven, write } from '../write.ts';

const profile = 'pacific-standard';
const missing = { value: '', quality: 'missing' } as const;

function writeMdef(given: readonly Given[], name = profile) {
  return write(createMdefWriter, name, given);
}

/** What was read or given, without where it stood. */
function toMeaning(given: readonly Given[]) {
  return given.map(({ set, readings }) => ({ ...set, line: 0, byteStart: 0, byteEnd: 0, readings }));
}

describe('createMdefWriter', () => {
  it('writes the records byte by byte as the layout says', () => {
    const { file, ...result } = writeMdef([
      toGiven(['1.5', { value: '2', quality: 'estimated' }, missing, '0.1']),
    ]);
    expect(result).toEqual({ bytes: 4 * 216, records: 4, readings: 4, losses: {} });
    const text = (record: number, from: number, to: number) =>
      file.toString('latin1', record * 216 + from, record * 216 + to);
    const blanks = (length: number) => ' '.repeat(length);
    const zeros = (length: number) => '\0'.repeat(length);
    expect(text(0, 0, 216)).toBe(
      `\xd8\0\x01\0METER_1${blanks(13)}${blanks(87)}0001${blanks(4)}202003010001202003010100N${blanks(72)}`,
    );
    expect(text(1, 0, 136)).toBe(
      `\xd8\0\x0a\0METER_1${blanks(13)}METER_1${blanks(7)}${zeros(6)}KWH D${blanks(7)}202003010001202003010100` +
        '000000000000N01\x01\x0001YY00000000.00000000000.0003000001.000',
    );
    expect(text(1, 136, 216)).toBe(
      `${zeros(30)}W${zeros(10)}04${zeros(12)}NAAC${zeros(15)}D\0\0R${zeros(2)}`,
    );
    expect(text(2, 0, 24)).toBe(`\xd8\0\xe9\x03METER_1${blanks(13)}`);
    expect(file.subarray(2 * 216 + 24, 2 * 216 + 56).toString('hex')).toBe(
      '0000c03f00000000' + '0000004008000000' + '0000000000004000' + 'cdcccc3d00000000',
    );
    expect(file.subarray(2 * 216 + 56, 3 * 216).toString('hex')).toBe('ff7f'.repeat(80));
    expect(text(3, 0, 216)).toBe(`\xd8\0\x0f'${blanks(30)}0000000004${blanks(160)}202512311600`);
  });

  it('gathers the sets of a meter, whatever their order, and fills what nobody gave as missing', () => {
    const hourMs = 3_600_000;
    const startAt = Date.UTC(2020, 2, 1, 8);
    const { file, losses, readings } = writeMdef([
      toGiven(['1', '2'], {}, startAt + hourMs),
      toGiven(['7'], { unit: 'GKVARH', intervalMinutes: 60 }, startAt + hourMs),
      toGiven(['3'], {}, startAt + 3 * 900_000),
      toGiven(['4'], { meter: 'METER_2' }, startAt),
    ]);
    const { sets, isRefused, faultCounts } = scan('mdef', file, profile);
    expect({ isRefused, losses, readings }).toEqual({ isRefused: false, losses: {}, readings: 5 });
    expect(faultCounts).toEqual({ C_KVARH_ALONE: 1 });
    expect(
      sets.map(({ set, readings }) => [set.meter, set.unit, set.channel, readings.map(({ value }) => value)]),
    ).toEqual([
      ['METER_1', 'KWH', '1', ['', '', '', '3', '1', '2', '', '']],
      ['METER_1', 'GKVARH', '2', ['', '7']],
      ['METER_2', 'KWH', '1', ['4']],
    ]);
  });

  // biome-ignore format: one row a case
  it.each([
    ['a unit that is not in the table', toGiven(['1', '2'], { unit: 'THERM' }), { unit: 2 }],
    ['a register', toGiven(['1', '2'], { measure: 'register', unit: 'KWHREG' }), { register: 2 }],
    ['totals', toGiven(['1'], { measure: 'total' }), { total: 1 }],
    ['a length that does not divide the hour', toGiven(['1'], { intervalMinutes: 45 }), { interval: 1 }],
    ['a day', toGiven(['1'], { intervalMinutes: 1_440 }), { interval: 1 }],
    ['a length that nobody knows', toGiven(['1'], { intervalMinutes: 0 }), { interval: 1 }],
    ['a meter of 21 characters', toGiven(['1'], { meter: 'M'.repeat(21) }), { identity: 1 }],
    ['a meter that is not ASCII', toGiven(['1'], { meter: 'Zähler' }), { identity: 1 }],
    ['no meter', toGiven(['1'], { meter: '' }), { identity: 1 }],
    ['what is cancelled', toGiven(['1'], { purpose: 'CANCEL' }), { purpose: 1 }],
    ['raw data', toGiven([{ value: '1', quality: 'raw' }]), { raw: 1 }],
    ['an end between the bounds', toGiven([{ value: '1', endAt: Date.UTC(2020, 2, 1, 8, 8) }]), { boundary: 1 }],
    ['a year of three digits', toGiven([{ value: '1', endAt: Date.UTC(999, 2, 1, 8) }]), { boundary: 1 }],
    ['a value of 40 digits', toGiven(['9'.repeat(40)]), { magnitude: 1 }],
  ] as const)('leaves out %s', (_, given, losses) => {
    expect(writeMdef([given])).toMatchObject({ bytes: 0, records: 0, readings: 0, losses });
    // Beside it, what can be carried is.
    const other = toGiven(['5'], { meter: 'METER_9' });
    const { file } = writeMdef([given, other]);
    expect(scan('mdef', file, profile).sets.map(({ set }) => set.meter)).toEqual(['METER_9']);
  });

  // biome-ignore format: one row a case
  it.each([
    ['digits that a float32 does not have', ['123456.789', '0.1', '16777217'], {}, ['123456.79', '0.1', '16777216'], { rounded: 2 }],
    ['a value of 40 digits that it holds', [`0.${'1'.repeat(38)}`], {}, ['0.11111111'], { rounded: 1 }],
    ['a multiplier', ['1.5D1', '0.1'], { multiplier: '0.3' }, ['4.5', '0.03'], {}],
    ['negative values', ['-1.25', '-0.1'], {}, ['-1.25', '-0.1'], {}],
    ['an adjustment without its flag', [{ value: '1', quality: 'adjusted' as const }], {}, ['1'], { flag: 1 }],
    ['parties left out', ['1'], { sender: 'MDMA' }, ['1'], { text: 1 }],
    ['an account that is too long', ['1'], { account: 'A'.repeat(21), senderAccount: 'A'.repeat(21) }, ['1'], { text: 1 }],
    ['a value given twice', ['1', { value: '2', endAt: Date.UTC(2020, 2, 1, 8, 15) }], {}, ['1'], { overlap: 1 }],
  ])('carries %s', (_, values, change, expected, losses) => {
    const written = writeMdef([toGiven(values, change)]);
    expect(written.losses).toEqual(losses);
    expect(written.readings).toBe(expected.length);
    const { sets } = scan('mdef', written.file, profile);
    expect(sets[0]?.readings.map(({ value }) => value)).toEqual(expected);
  });

  it('keeps an account of 20 characters and numbers of channels', () => {
    const account = 'A'.repeat(20);
    const sets = ['7', '', '7'].map((channel, index) =>
      toGiven(['1'], { account, senderAccount: account, channel, unit: ['KWH', 'KVARH', 'KW'][index] ?? '' }),
    );
    const { file, losses } = writeMdef(sets);
    expect(losses).toEqual({});
    const back = scan('mdef', file, profile).sets.map(({ set }) => [set.account, set.channel, set.unit]);
    expect(back).toEqual([
      [account, '7', 'KWH'],
      [account, '1', 'KVARH'],
      [account, '2', 'KW'],
    ]);
  });

  it('refuses a meter that its records or the memory cannot hold', () => {
    const late = toGiven(['1'], {}, Date.UTC(2030, 0, 1));
    expect(() => writeMdef([toGiven(['1']), late])).toThrow(
      /meter METER_1 is "3\d+ intervals.*at most 215952/,
    );
    const many = toGiven(new Array<string>(100_000).fill('1'));
    const given = Array.from({ length: maxMeterReadings / 100_000 + 1 }, () => many);
    expect(() => writeMdef(given)).toThrow(/"1100000 readings", expected at most 1000000/);
    const channels = Array.from({ length: 100 }, (_, index) => toGiven(['1'], { channel: `C${index}` }));
    expect(() => writeMdef(channels)).toThrow(/"100 channels", expected at most 99/);
  });

  it.each([23, 24, 25])('writes a local day of %d hours in standard time, and reads it back', (hours) => {
    const start = {
      23: '2020-03-08T00:00-08:00',
      24: '2020-03-01T00:00-08:00',
      25: '2020-11-01T00:00-07:00',
    };
    const values = Array.from({ length: 4 * hours }, (_, index) => String(1_000 + 2.5 * index));
    const given = toGiven(values, { channel: '1' }, Date.parse(start[hours as 23]));
    const { file, losses } = writeMdef([given]);
    expect(losses).toEqual({});
    expect(toMeaning(scan('mdef', file, profile).sets)).toEqual(toMeaning([given]));
    const times = {
      23: ['202003080001', '202003082300'],
      24: ['202003010001', '202003012400'],
      25: ['202010312301', '202011012400'],
    };
    expect(file.toString('latin1', meterHeader.start.offset, meterHeader.stop.offset + 12)).toBe(
      times[hours as 23].join(''),
    );
  });

  it('refuses an unknown profile by name', () => {
    expect(() => writeMdef([], 'lunar')).toThrow(/"lunar".*pacific-standard, philippines/);
  });
});

const folder = new URL('../../../../../shared/data/mdef/', import.meta.url);
const isThere = existsSync(folder);
if (!isThere) console.warn(`Skipped: the real MDEF samples are not here (${folder.pathname})`);

/** Bytes that the reading sets do not carry: name, address, register reads, multiplier, the time the file was made. */
function withoutTheRest(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const { name, address2 } = meterHeader;
  copy.fill(0x20, name.offset, address2.offset + address2.length);
  copy.fill(0x20, meterHeader.channels.offset, meterHeader.channels.offset + meterHeader.channels.length);
  for (let at = 0; at < copy.length; at += recordBytes) {
    const { startReading, multiplier } = channelHeader;
    if (copy.readInt16LE(at + 2) !== 10) continue;
    copy.fill(0x30, at + startReading.offset, at + multiplier.offset + multiplier.length);
  }
  return copy.fill(0x20, copy.length - recordBytes + trailer.madeAt.offset);
}

describe.skipIf(!isThere)('real MDEF files, read and written', () => {
  it.each(['DT010435.MDE', 'DT010516.MDE', 'DT030918.MDE'])(
    '%s keeps every value, instant and quality',
    (name) => {
      const bytes = readFileSync(new URL(name, folder));
      const read = scan('mdef', bytes, 'philippines');
      const { file, losses } = writeMdef(read.sets, 'philippines');
      expect(losses).toEqual({});
      const back = scan('mdef', file, 'philippines');
      expect(back.isRefused).toBe(false);
      expect(toMeaning(back.sets)).toEqual(toMeaning(read.sets));
    },
  );

  it('gives the same bytes where both status words stand and no remark does, but for what sets do not carry', () => {
    const bytes = readFileSync(new URL('DT010516.MDE', folder));
    const { file } = writeMdef(scan('mdef', bytes, 'philippines').sets, 'philippines');
    expect(withoutTheRest(file).equals(withoutTheRest(bytes))).toBe(true);
  });
});
