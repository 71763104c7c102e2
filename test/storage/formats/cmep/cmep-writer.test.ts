import { describe, expect, it } from 'vitest';
import type { Reading, ReadingSet } from '../../../../storage/formats/format.ts';
import type { Losses } from '../../../../storage/formats/writer.ts';
import { now, scan, toBytes } from '../scan.ts';
import { type SetWithReadings, toContent, toSet, write } from './make-sets.ts';

const utc = (text: string) => Date.parse(`${text}:00Z`);
const head = 'MEPMD01,19970819,123456789,1234567,987654321,ESP-0042,199804020830,EL123456,OK,E';
const linesOf = (text: string) => text.split('\r\n').slice(0, -1);
const every = (count: number, value: (i: number) => string, quality: Reading['quality'] = 'validated') =>
  Array.from({ length: count }, (_, i) => ({
    endAt: utc('1998-04-01T09:00') + i * 900_000,
    value: value(i),
    quality,
  }));
const one = (change: Partial<Reading> = {}): Reading => ({
  endAt: utc('1998-04-01T09:00'),
  value: '1',
  quality: 'validated',
  ...change,
});
const total = (label: string, value: string, change: Partial<ReadingSet> = {}) =>
  toSet(
    {
      measure: 'total',
      channel: label,
      periodStartAt: utc('1998-03-01T08:00'),
      periodEndAt: utc('1998-04-01T08:00'),
      ...change,
    },
    [one({ endAt: utc('1998-04-01T08:00'), value })],
  );

describe('createCmepWriter', () => {
  it('writes an interval record in canonical form', () => {
    const { text, ...result } = write([toSet()]);
    expect(text).toBe(`${head},KWH,,00000100,2,199804010900,,12.5,199804011000,N,\r\n`);
    expect(result).toEqual({ bytes: text.length, records: 1, readings: 2, losses: {} });
  });

  it('writes registers without an Interval, and before the intervals of their meter', () => {
    const register = toSet({ measure: 'register', unit: 'KWHREG' }, [one({ value: '10234' })]);
    const other = toSet({ meter: 'EL2' });
    expect(
      linesOf(write([toSet(), register, other]).text).map((line) => line.split(',').slice(7, 13)),
    ).toEqual([
      ['EL123456', 'OK', 'E', 'KWHREG', '', ''],
      ['EL123456', 'OK', 'E', 'KWH', '', '00000100'],
      ['EL2', 'OK', 'E', 'KWH', '', '00000100'],
    ]);
  });

  it('gives a register of another format its unit', () => {
    expect(write([toSet({ measure: 'register', unit: 'KWH' }, [one()])]).text).toContain(',KWHREG,');
  });

  it('gathers the labels of a period into one record, at most six and each once', () => {
    const labels = ['ON-PEAK', 'OFF-PEAK', 'PART-PEAK', 'PEAK-2', 'PEAK-3', 'PEAK-4', 'TOTAL', 'TOTAL'];
    const { text } = write([
      ...labels.map((label) => total(`W:${label}`, '5')),
      total('W:TOTAL', '7', { unit: 'KW' }),
    ]);
    const period = '199803010800,199804010800';
    const start = head.replace('MEPMD01', 'MEPMD02');
    expect(linesOf(text)).toEqual([
      `${start},KWH,W,,${period},6,ON-PEAK,,5,OFF-PEAK,,5,PART-PEAK,,5,PEAK-2,,5,PEAK-3,,5,PEAK-4,,5`,
      `${start},KWH,W,,${period},1,TOTAL,,5`,
      `${start},KWH,W,,${period},1,TOTAL,,5`,
      `${start},KW,W,,${period},1,TOTAL,,7`,
    ]);
  });

  it('splits at 48 triplets', () => {
    const { text, records } = write([toSet({ intervalMinutes: 15 }, every(100, String))]);
    expect(linesOf(text).map((line) => line.split(',')[13])).toEqual(['48', '48', '4']);
    expect(records).toBe(3);
  });

  it('splits at 2046 characters, which long fields reach before', () => {
    const long = { sender: 'S'.repeat(250), senderAccount: 'A'.repeat(250), account: 'A'.repeat(250) };
    const set = toSet(
      { ...long, intervalMinutes: 15 },
      every(48, () => '1234567890.12345'),
    );
    const { text } = write([set], { profile: 'strict:write-crc16' });
    const lengths = linesOf(text).map((line) => line.length);
    expect(lengths.length).toBe(2);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(2_046);
    expect(Math.max(...lengths)).toBeGreaterThan(2_000);
    expect(scan('cmep', toBytes(text), 'strict:crc-arc').summary.readings).toBe(48);
  });

  it.each([
    ['strict:write-empty', /,13,\r\n$/],
    ['strict:write-crc16', /,13,H[0-9A-F]{4}\r\n$/],
    ['strict:crc-arc', /,13,H[0-9A-F]{4}\r\n$/],
    ['strict:write-omit', /,13\r\n$/],
  ])('writes the CRC slot as %s asks', (profile, end) => {
    expect(write([toSet({}, [one({ value: '13' })])], { profile }).text).toMatch(end);
  });

  it('writes the CRC of the worked example', () => {
    const example = `${head},KWH,,00000100,4,199804010900,,12.5,,,13.25,,E,13,,N,,H58E3\r\n`;
    const { sets, faults } = scan('cmep', toBytes(example), 'strict:crc-arc');
    expect(faults.filter(({ level }) => level === 'error')).toEqual([]);
    expect(write(sets, { profile: 'strict:write-first-stamp:write-crc16' }).text).toBe(example);
  });

  it('leaves out stamps that follow, never a first one or one after a gap, nor steps of days', () => {
    const profile = 'strict:write-first-stamp';
    const gap = [0, 1, 3].map((i) => one({ endAt: utc('1998-04-01T09:00') + i * 3_600_000 }));
    expect(write([toSet({}, gap)], { profile }).text).toMatch(/,3,199804010900,,1,,,1,199804011200,,1\r\n$/);
    const days = [0, 1].map((i) => one({ endAt: utc('1998-04-01T09:00') + i * 86_400_000 }));
    expect(write([toSet({ intervalMinutes: 1_440 }, days)], { profile }).text).toMatch(
      /00010000,2,.*,199804020900,,1\r\n$/,
    );
  });

  it('knows a step of months by its period', () => {
    const set = toSet({ intervalMinutes: 0, periodStartAt: utc('1998-03-01T08:00') }, [
      one({ endAt: utc('1998-04-01T08:00') }),
    ]);
    const { text } = write([set]);
    expect(text).toContain(',01000000,1,');
    expect(scan('cmep', toBytes(text), 'strict').sets.map(toContent)).toEqual([toContent(set)]);
  });

  it.each([
    ['as it stands', '12.50', '12.50'],
    ['without plus', '+3', '3'],
    ['without exponent', '1.5E3', '1500'],
    ['exact beyond 53 bits', '9007199254740993', '9007199254740993'],
    ['beside six places', '0.123456', '0.123456'],
  ])('writes a number %s', (_, value, written) => {
    const { text, losses } = write([toSet({}, [one({ value })])]);
    expect(text.trimEnd().split(',').at(-1)).toBe(written);
    expect(losses).toEqual({});
  });

  it('rounds what has too many places, half to even, and says so', () => {
    const { text, losses } = write([
      toSet({}, [
        one({ value: '12345678901.123456' }),
        one({ value: '-1234567890.123445', endAt: utc('1998-04-01T10:00') }),
      ]),
    ]);
    expect(text).toContain(',12345678901.1235,');
    expect(text).toContain(',-1234567890.1234\r\n');
    expect(losses).toEqual({ rounded: 2 });
  });

  it('fills in a default for parties, the record’s own time and the commodity of an electrical unit', () => {
    const set = toSet({
      sender: '',
      receiver: '',
      senderAccount: '',
      receiverAccount: '',
      commodity: '',
      purpose: '',
      createdAt: null,
    });
    expect(write([set], { sender: 'MDMA', receiver: 'ESP' }).text).toMatch(
      /^MEPMD01,19970819,MDMA,1234567,ESP,,202601010000,EL123456,OK,E,KWH,/,
    );
    expect(write([set]).losses).toEqual({ identity: 2 });
  });

  it('writes local stamps that are read back, and leaves out what nothing would tell', () => {
    const at = (text: string) => one({ endAt: utc(text) });
    const hours = ['2006-10-29T07:00', '2006-10-29T08:00', '2006-10-29T09:00', '2006-10-29T10:00'].map(at);
    const { text, losses } = write([toSet({ createdAt: utc('2006-11-01T00:00') }, hours)], {
      profile: 'strict:local-stamps',
    });
    expect(text).toContain('4,200610290000,,1,200610290100,,1,200610290100,,1,200610290200,,1');
    expect(losses).toEqual({});
    const alone = write([toSet({}, [at('2006-10-29T07:00'), at('2006-10-29T09:00')])], {
      profile: 'strict:local-stamps',
    });
    expect(alone.losses).toEqual({ repeated: 1 });
    expect(alone.readings).toBe(1);
  });

  it('refuses to hold more of one meter than memory allows', () => {
    const set = toSet(
      { intervalMinutes: 15 },
      every(48, () => '1234567890.12345'),
    );
    expect(() => write(Array.from({ length: 13_000 }, () => set))).toThrow(/EL123456.*at most/);
  });

  it('throws at a value that is no number', () => {
    expect(() => write([toSet({}, [one({ value: 'x' })])])).toThrow(/Cannot write CMEP.*"x"/);
  });

  it('writes nothing for no readings', () => {
    expect(write([toSet({}, [])])).toEqual({ text: '', bytes: 0, records: 0, readings: 0, losses: {} });
  });
});

const key = 'U:004000';
// biome-ignore format: one row a case
const lossy: readonly { why: string; set: SetWithReadings; profile?: string; losses: Losses; readings: number }[] = [
  { why: 'a unit of Sensus in strict', set: toSet({ unit: 'NKWH' }), losses: { unit: 2 }, readings: 0 },
  { why: 'a register unit on intervals', set: toSet({ unit: 'KWHREG' }), losses: { unit: 2 }, readings: 0 },
  { why: 'no commodity, of a unit that several have', set: toSet({ commodity: '', unit: 'CCF' }), losses: { unit: 2 }, readings: 0 },
  { why: 'a register that no unit is for', set: toSet({ measure: 'register', unit: 'KW' }, [one()]), losses: { register: 1 }, readings: 0 },
  { why: 'an interval of 7 minutes', set: toSet({ intervalMinutes: 7 }), losses: { interval: 2 }, readings: 0 },
  { why: 'an interval of 40 days', set: toSet({ intervalMinutes: 57_600 }), losses: { interval: 2 }, readings: 0 },
  { why: 'an instant between minutes', set: toSet({}, [one({ endAt: utc('1998-04-01T09:00') + 1 })]), losses: { boundary: 1 }, readings: 0 },
  { why: 'an instant twice', set: toSet({}, [one(), one({ value: '2' })]), losses: { overlap: 1 }, readings: 1 },
  { why: 'a meter with a quote', set: toSet({ meter: 'M"1' }), losses: { identity: 2 }, readings: 0 },
  { why: 'a meter outside ASCII', set: toSet({ meter: 'Zähler' }), losses: { identity: 2 }, readings: 0 },
  { why: 'no meter', set: toSet({ meter: '' }), losses: { identity: 2 }, readings: 0 },
  { why: 'unmetered without account', set: toSet({ meter: 'UNMETERED', account: '', senderAccount: '', receiverAccount: '' }), losses: { identity: 2 }, readings: 0 },
  { why: 'unmetered with an account that cannot be written', set: toSet({ meter: 'UNMETERED', account: 'a\nb', senderAccount: 'a\nb', receiverAccount: '' }), losses: { identity: 2 }, readings: 0 },
  { why: 'an account of 256 characters', set: toSet({ senderAccount: 'x'.repeat(256), account: 'x'.repeat(256) }), losses: { text: 2 }, readings: 2 },
  { why: 'an account with a tab', set: toSet({ receiverAccount: 'a\tb' }), losses: { text: 2 }, readings: 2 },
  { why: 'a delivery point', set: toSet({ sdp: 'SDP-1' }), losses: { text: 2 }, readings: 2 },
  { why: 'a channel', set: toSet({ channel: '3' }), losses: { text: 2 }, readings: 2 },
  { why: 'a register of a time of use, which is not the meter’s own', set: toSet({ measure: 'register', unit: 'KWHREG', channel: 'ON-PEAK' }, [one()]), losses: { identity: 1 }, readings: 0 },
  { why: 'a reference', set: toSet({ externalReference: 'BPT-1' }), losses: { text: 2 }, readings: 2 },
  { why: 'a correction, which is data sent again', set: toSet({ purpose: 'CORRECT' }), losses: { text: 2 }, readings: 2 },
  { why: 'a cancellation, which must not look like data', set: toSet({ purpose: 'CANCEL' }), losses: { purpose: 2 }, readings: 0 },
  { why: 'a time with seconds', set: toSet({ createdAt: utc('1998-04-02T08:30') + 1_000 }), losses: { text: 2 }, readings: 2 },
  { why: '17 digits before the point', set: toSet({}, [one({ value: '12345678901234567' })]), losses: { magnitude: 1 }, readings: 0 },
  { why: 'a multiplier of 17 digits', set: toSet({ multiplier: '12345678901234567' }), losses: { magnitude: 2 }, readings: 0 },
  { why: 'a multiplier that would be written as zero', set: toSet({ multiplier: '0.0000000000000001' }), losses: { magnitude: 2 }, readings: 0 },
  { why: 'a multiplier with 20 places', set: toSet({ multiplier: '0.12345678901234567890' }), losses: { rounded: 2 }, readings: 2 },
  { why: 'an adjusted value where A means good', set: toSet({}, [one({ quality: 'adjusted' })]), profile: 'nisc-dcsi', losses: { flag: 1 }, readings: 1 },
  { why: 'a label of nobody', set: total('W:NIGHT', '1'), losses: { total: 1 }, readings: 0 },
  { why: 'a season of nobody', set: total('X:TOTAL', '1'), losses: { total: 1 }, readings: 0 },
  { why: 'a total without a period', set: total('TOTAL', '1', { periodStartAt: utc('1998-04-01T08:00') }), losses: { boundary: 1 }, readings: 0 },
  { why: 'a meter that the key of Sensus says is elsewhere', set: toSet({ senderAccount: key, account: '', channel: '1' }), profile: 'sensus-rni', losses: { identity: 2 }, readings: 0 },
];

describe('createCmepWriter, what is lost', () => {
  it.each(lossy)('$why', ({ set, profile = 'strict', losses, readings }) => {
    const result = write([set], { profile });
    expect({ losses: result.losses, readings: result.readings }).toEqual({ losses, readings });
    const back = scan('cmep', toBytes(result.text), profile);
    expect(back.summary.readings).toBe(readings);
    if (readings > 0) expect(back.isRefused).toBe(false);
  });

  it('writes headings and tabs, and quotes nothing but borders of blanks', () => {
    const sets = [toSet({ receiverAccount: 'ACME, INC' }), toSet({ meter: 'EL2', receiverAccount: ' x' })];
    const { text, bytes, records } = write(sets, { profile: 'strict:tab' });
    const [first = '', ...others] = linesOf(text).map((line) => line.split('\t'));
    expect(first.slice(0, 3)).toEqual(['Record Type', 'Record Version', 'Sender ID']);
    expect(others.map((line) => [line.length, line[5], line[7]])).toEqual([
      [20, 'ACME, INC', 'EL123456'],
      [20, '" x"', 'EL2'],
    ]);
    expect({ bytes, records }).toEqual({ bytes: text.length, records: 2 });
    expect(write([], { profile: 'strict:tab' }).bytes).toBe(0);
  });

  it('never makes one series of two channels', () => {
    const sets = [
      toSet({ channel: '1' }),
      toSet({ channel: '2' }, [one({ endAt: utc('1998-05-01T09:00') })]),
    ];
    expect(write(sets)).toMatchObject({ readings: 2, losses: { text: 2, identity: 1 } });
  });

  it('leaves out the registers of times of use, so that the meter’s own is the total', () => {
    const read = (channel: string, value: string) =>
      toSet({ measure: 'register', unit: 'KWHREG', channel }, [one({ value })]);
    const { text, losses } = write([read('ON-PEAK', '1000'), read('OFF-PEAK', '5000'), read('', '8000')]);
    expect(linesOf(text).map((line) => line.split(',').slice(10))).toEqual([
      ['KWHREG', '', '', '1', '199804010900', '', '8000'],
    ]);
    expect(losses).toEqual({ identity: 2 });
  });

  it('takes the time of the file where the record’s own cannot be written', () => {
    expect(write([toSet({ createdAt: Date.UTC(10_000, 0, 1) })], { now }).text).toContain(',202601010000,');
  });
});
