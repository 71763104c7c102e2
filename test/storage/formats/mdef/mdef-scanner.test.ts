import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allMdefFaults, type MdefFaultCode, mdefFaults } from '../../../../storage/formats/mdef/faults.ts';
import {
  anyRecord,
  channelHeader,
  codes,
  meterHeader,
  recordBytes,
  trailer,
} from '../../../../storage/formats/mdef/layout.ts';
import { createMdefWriter } from '../../../../storage/formats/mdef/mdef-writer.ts';
import { channelStatusBits, intervalStatusBits } from '../../../../storage/formats/mdef/statuses.ts';
import { createScanner } from '../../../../storage/formats/scanners.ts';
import { maxDistinctMeters } from '../../../../storage/formats/summary-tally.ts';
import { now, type Scanned, scan, scanChunks, toChunks } from '../scan.ts';
import { write } from '../write.ts';
import {
  type ChannelPlan,
  customer,
  hour,
  toMdefRecords,
  toMeterRecords,
  withTrailer,
} from './build-mdef.ts';

const profile = 'pacific-standard';
const values = [1.5, 2, 0.1, 10.685218];
const plain: ChannelPlan = { values };
/** So many values, then `last`, up to 36 hours of quarter hours. */
const toLong = (count: number, last = 1) =>
  Array.from({ length: 144 }, (_, index) => (index === count ? last : 1));

function scanRecords(records: readonly Buffer[]): Scanned {
  return scan('mdef', Buffer.concat(records), profile);
}

/** The plain file with one place overwritten. */
function withText(record: number, offset: number, text: string): Buffer[] {
  const records = toMdefRecords([plain]);
  records[record]?.write(text, offset, 'latin1');
  return records;
}

function withCode(record: number, code: number): Buffer[] {
  const records = toMdefRecords([plain]);
  records[record]?.writeInt16LE(code, 2);
  return records;
}

const without = (index: number) => toMdefRecords([plain]).filter((_, at) => at !== index);
const channelStart = channelHeader.start.offset;

/** Ways a file can be wrong, with the record that must be named. */
// biome-ignore format: one row a case
const badFiles: readonly { code: MdefFaultCode; why: string; records: Buffer[]; line: number; field: string }[] = [
  { code: 'E_SIZE', why: 'no byte', records: [], line: 0, field: 'file' },
  { code: 'E_SIZE', why: 'half a record more', records: [...toMdefRecords([plain]), Buffer.alloc(100)], line: 0, field: 'file' },
  { code: 'E_RLEN', why: 'another length', records: withText(2, anyRecord.length.offset, '\xd7'), line: 3, field: 'RLEN' },
  { code: 'E_RCODE', why: 'an interval record lost', records: withCode(2, 1002), line: 3, field: 'RCODE' },
  { code: 'E_RCODE', why: 'no meter header', records: without(0), line: 1, field: 'RCODE' },
  { code: 'E_RCODE', why: 'no channel header', records: without(1), line: 2, field: 'RCODE' },
  { code: 'E_RCODE', why: 'a code that does not exist', records: withCode(2, 77), line: 3, field: 'RCODE' },
  { code: 'E_RCODE', why: 'something after the trailer', records: [...toMdefRecords([plain]), ...toMdefRecords([plain])], line: 5, field: 'RCODE' },
  { code: 'E_CUSTOMER', why: 'intervals of another meter', records: withText(2, anyRecord.customer.offset, 'X'), line: 3, field: 'CUSTID' },
  { code: 'E_CUSTOMER', why: 'a channel of another meter', records: withText(1, anyRecord.customer.offset, 'X'), line: 2, field: 'CUSTID' },
  { code: 'E_CUSTOMER', why: 'no id', records: withText(0, meterHeader.customer.offset, ' '.repeat(20)), line: 1, field: 'CM_CUSTID' },
  { code: 'E_TEXT', why: 'no ASCII', records: withText(1, channelHeader.label.offset, '\xe9'), line: 2, field: 'DC_METERID' },
  { code: 'E_DATETIME', why: 'no real day', records: withText(1, channelStart, '202002300001'), line: 2, field: 'TA_START' },
  { code: 'E_DATETIME', why: 'no bound plus a minute', records: withText(1, channelStart, '202003010000'), line: 2, field: 'TA_START' },
  { code: 'E_DATETIME', why: 'stop before start', records: withText(1, channelHeader.stop.offset, '202002290100'), line: 2, field: 'TA_STOP' },
  { code: 'E_DATETIME', why: 'hour 25 in the meter header', records: withText(0, meterHeader.stop.offset, '202003012500'), line: 1, field: 'TA_STOP' },
  { code: 'E_DATETIME', why: '29 February of a common year', records: withText(1, channelStart, '199902290001'), line: 2, field: 'TA_START' },
  { code: 'E_DATETIME', why: 'a start at 2400', records: withText(1, channelStart, '202002292400'), line: 2, field: 'TA_START' },
  { code: 'E_DATETIME', why: 'a stop at 2401', records: withText(1, channelHeader.stop.offset, '202003012401'), line: 2, field: 'TA_STOP' },
  { code: 'E_INTERVAL', why: 'seven in an hour', records: withText(1, channelHeader.perHour.offset, '07'), line: 2, field: 'DR_INPHR' },
  { code: 'E_STATUS_FLAG', why: 'neither Y nor N', records: withText(1, channelHeader.hasChannelStatus.offset, 'X'), line: 2, field: 'CHANSTAT' },
  { code: 'E_COUNT', why: 'three of four intervals', records: toMdefRecords([{ values: [1, 2, 3] }]), line: 2, field: 'intervals' },
  { code: 'E_COUNT', why: 'filling between intervals', records: withText(2, 24, '\xff\x7f'.repeat(4)), line: 2, field: 'intervals' },
  { code: 'E_INTEGER', why: 'the integer variant', records: toMdefRecords([{ values, isInteger: true }]), line: 2, field: 'intervals' },
  { code: 'E_VALUE', why: 'a NaN that is no filling', records: toMdefRecords([{ values: [1, Number.NaN, 3, 4] }]), line: 3, field: 'interval 2' },
  { code: 'E_VALUE', why: 'no finite value', records: toMdefRecords([{ values: [1, 2, 3, Number.NEGATIVE_INFINITY] }]), line: 3, field: 'interval 4' },
  { code: 'E_STATUS', why: 'a channel status without a meaning', records: toMdefRecords([{ values, statuses: { 2: [0x800, 0] } }]), line: 3, field: 'interval 3' },
  { code: 'E_STATUS', why: 'an interval status without a meaning', records: toMdefRecords([{ values, statuses: { 2: [0, 0x2000] } }]), line: 3, field: 'interval 3' },
  { code: 'E_TRAILER', why: 'another count', records: withText(3, trailer.records.offset, '0000000005'), line: 4, field: 'record count' },
  { code: 'E_TRAILER', why: 'no trailer', records: without(3), line: 0, field: 'file' },
  { code: 'W_CHANNELS', why: 'two announced, one there', records: withText(0, meterHeader.channels.offset, '0002'), line: 1, field: 'CM_LOGCHANS' },
  { code: 'W_REJECTED', why: 'rejected by its collector', records: withText(1, channelHeader.status.offset, 'RE'), line: 2, field: 'TD_STATUS' },
  { code: 'E_DST', why: 'a DST flag that is neither Y nor N', records: toMdefRecords([plain], 'X'), line: 1, field: 'DST flag' },
  { code: 'E_DST', why: 'no DST flag', records: toMdefRecords([plain], ' '), line: 1, field: 'DST flag' },
  { code: 'W_DST', why: 'prevailing time', records: toMdefRecords([plain], 'Y'), line: 1, field: 'DST flag' },
  { code: 'W_UNIT', why: 'a unit code that is not in the table', records: toMdefRecords([{ values, unitCode: '77', label: '' }]), line: 2, field: 'DC_UMCODE' },
  { code: 'W_UNIT', why: 'a label of another unit', records: toMdefRecords([{ values, unitCode: '03' }]), line: 2, field: 'DC_UMCODE' },
  { code: 'W_UNIT', why: 'a label of the other direction', records: toMdefRecords([{ values, flow: 'R' }]), line: 2, field: 'DC_UMCODE' },
  { code: 'W_PERIOD', why: 'another time than the meter’s', records: withText(0, meterHeader.stop.offset, '202003010200'), line: 2, field: 'TA_START' },
  { code: 'C_REGISTER_SUM', why: 'a multiplier that was forgotten', records: toMdefRecords([{ values: [10, 20, 30, 40], register: ['00000100.000', '00000110.000', '000042.000'] }]), line: 2, field: 'intervals' },
  { code: 'C_FUTURE', why: 'after now', records: toMdefRecords([{ values, start: '203003010001', stop: '203003010100' }]), line: 2, field: 'record' },
  { code: 'N_REMARK', why: 'a power outage', records: toMdefRecords([{ values, statuses: { 1: [0, 1] } }]), line: 2, field: 'intervals' },
];

describe('createMdefScanner', () => {
  it.each(badFiles)('$code: $why', ({ code, records, line, field }) => {
    const { faults, isRefused, sets } = scanRecords(records);
    expect(faults.map((fault) => fault.code)).toContain(code);
    expect(faults.find((fault) => fault.code === code)).toMatchObject({
      line,
      field,
      level: allMdefFaults[code].level,
    });
    if (allMdefFaults[code].level !== 'error') expect([isRefused, sets.length]).toEqual([false, 1]);
    else expect(isRefused).toBe(true);
  });

  it.each([
    ['a value', { values: toLong(30, Number.NaN) }, 'E_VALUE', 24 + 6 * 8, 'NaN'],
    [
      'a channel status',
      { values: toLong(30), statuses: { 30: [0x800, 0] } },
      'E_STATUS',
      24 + 6 * 8 + 4,
      '0x0800',
    ],
    [
      'an interval status',
      { values: toLong(30), statuses: { 30: [0, 0x2000] } },
      'E_STATUS',
      24 + 6 * 8 + 6,
      '0x2000',
    ],
  ] as const)(
    'shows %s that is bad where it lies, in the record of its interval',
    (_, channel, code, offset, text) => {
      // A record holds 24 intervals with both status words, so the 31st is the seventh of the second.
      const records = toMdefRecords([{ ...plain, stop: '202003021200', ...channel }]);
      const { faults } = scanRecords(records);
      expect(faults).toEqual([
        expect.objectContaining({
          code,
          line: 4,
          field: 'interval 31',
          byteOffset: 3 * recordBytes + offset,
          text,
        }),
      ]);
    },
  );

  it('counts meters up to its limit and says so', () => {
    const [meter, header, intervals] = toMdefRecords([plain]) as [Buffer, Buffer, Buffer];
    function* chunks() {
      for (let i = 0; i <= maxDistinctMeters; i++) {
        for (const record of [meter, header, intervals]) record.write(String(i).padEnd(20), 4, 'latin1');
        yield Buffer.concat([meter, header, intervals]);
      }
      const last = toMdefRecords([plain])[3] as Buffer;
      last.write(String(3 * (maxDistinctMeters + 1) + 1).padStart(10, '0'), trailer.records.offset, 'latin1');
      yield last;
    }
    const { faultCounts, summary } = scanChunks('mdef', chunks(), { profile, onReadingSet: () => undefined });
    expect(faultCounts).toEqual({ C_CAP: 1, N_METER_CAP: 1 });
    expect(summary.meters).toBe(maxDistinctMeters);
  }, 120_000);

  it('has a case for every code', () => {
    const covered = new Set<string>([...badFiles.map(({ code }) => code), 'N_METER_CAP']);
    expect(Object.keys(mdefFaults).filter((code) => !covered.has(code))).toEqual([]);
  });

  it('gives a channel as a reading set with qualities by its status words', () => {
    const statuses = { 0: [8, 0], 1: [0, 64] } as const;
    const { sets, faultCounts } = scanRecords(
      toMdefRecords([
        { values, statuses },
        { values, label: '', layout: 'NN', flow: 'R' },
      ]),
    );
    expect(faultCounts).toEqual({ C_ESTIMATED_SHARE: 1 });
    const firstEndAt = Date.parse('2020-03-01T00:15:00-08:00');
    const quarter = 15 * 60_000;
    expect(sets[0]?.set).toMatchObject({
      meter: customer,
      account: 'ACC-1',
      unit: 'KWH',
      channel: '1',
      intervalMinutes: 15,
      periodStartAt: firstEndAt - quarter,
      periodEndAt: firstEndAt + 3 * quarter,
      readings: 4,
      estimated: 1,
      missing: 1,
      line: 2,
      byteStart: 216,
      byteEnd: 648,
    });
    expect(sets[0]?.readings).toEqual([
      { endAt: firstEndAt, value: '1.5', quality: 'estimated' },
      { endAt: firstEndAt + quarter, value: '', quality: 'missing' },
      { endAt: firstEndAt + 2 * quarter, value: '0.1', quality: 'validated' },
      { endAt: firstEndAt + 3 * quarter, value: '10.685218', quality: 'validated' },
    ]);
    expect(sets[1]?.set).toMatchObject({ unit: 'GKWH', channel: '2', line: 4 });
  });

  it.each(['YY', 'NY', 'YN', 'NN'] as const)('reads intervals of the layout %s', (layout) => {
    const many = Array.from({ length: 96 }, (_, index) => index / 4);
    const plan = { layout, values: many, start: '202003010001', stop: '202003012400' };
    const statuses = { 50: [8, 0], 60: [0, 64] } as const;
    const { sets, isRefused } = scanRecords(toMdefRecords([{ ...plan, statuses }]));
    const words = { estimated: Number(layout[0] === 'Y'), missing: Number(layout[1] === 'Y') };
    expect(isRefused).toBe(false);
    expect(sets[0]?.set).toMatchObject({ readings: 96, ...words });
    expect(sets[0]?.readings.map(({ value }) => value)).toEqual(
      many.map((value, index) => (index === 60 && words.missing === 1 ? '' : String(value))),
    );
  });

  it('takes every status bit for what the table says', () => {
    const bits = [
      ...channelStatusBits.map((bit) => ({ bit, words: [bit.value, 0] as const })),
      ...intervalStatusBits.map((bit) => ({ bit, words: [0, bit.value] as const })),
    ];
    for (const { bit, words } of bits) {
      const { sets, faultCounts } = scanRecords(toMdefRecords([{ values, statuses: { 1: words } }]));
      expect(sets[0]?.readings[1]?.quality, bit.name).toBe(bit.quality ?? 'validated');
      expect(faultCounts.N_REMARK ?? 0, bit.name).toBe(bit.quality === undefined ? 1 : 0);
    }
    const both = scanRecords(toMdefRecords([{ values, statuses: { 1: [8 + 16, 1 + 2], 2: [8, 64] } }]));
    expect(both.sets[0]?.readings.map(({ quality }) => quality)).toEqual([
      'validated',
      'estimated',
      'missing',
      'validated',
    ]);
    expect(both.faults.find(({ code }) => code === 'N_REMARK')?.message).toBe(
      'Intervals carry remarks: 1 PO power outage, 1 SI short interval, 1 POV pulse overflow.',
    );
  });

  it('takes a data set that was rejected for raw', () => {
    const { sets } = scanRecords(toMdefRecords([{ values, status: 'RE', statuses: { 0: [0, 64] } }]));
    expect(sets[0]?.set).toMatchObject({ raw: 3, missing: 1, estimated: 0 });
    expect(sets[0]?.readings.map(({ quality }) => quality)).toEqual(['missing', 'raw', 'raw', 'raw']);
  });

  it('reads many meters before one trailer', () => {
    const meters = ['A', 'B', 'C'].flatMap((id) =>
      toMeterRecords([plain, { ...plain, label: 'KVARH D', unitCode: '03' }], 'N', id),
    );
    const { sets, faultCounts } = scanRecords(withTrailer(meters));
    expect(faultCounts).toEqual({});
    expect(sets.map(({ set }) => [set.meter, set.unit])).toEqual(
      ['A', 'B', 'C'].flatMap((id) => [
        [id, 'KWH'],
        [id, 'KVARH'],
      ]),
    );
  });

  it('gives the sums of the values exactly, where they are exact', () => {
    const amounts: unknown[] = [];
    const files = [values.slice(0, 3).concat(885.3), [0.1, 0.2, 16_777_215, -4.25], [1, 2, 3, 1 / 3]];
    for (const one of files) {
      scanChunks('mdef', toMdefRecords([{ values: one }]), {
        profile,
        onReadingSet: (_set, _readings, some) => amounts.push({ ...some }),
      });
    }
    expect(amounts).toEqual([
      { sum: 88_890_000, first: 150_000, last: 88_530_000 },
      { sum: 1_677_721_105_000, first: 10_000, last: -425_000 },
      { sum: Number.NaN, first: 100_000, last: Number.NaN },
    ]);
  });

  it('passes over binary data of any length in bounded memory', () => {
    const chunk = Buffer.alloc(1 << 20, 0xa5);
    function* chunks() {
      for (let i = 0; i < 1_024; i++) yield chunk;
    }
    const scanner = createScanner('mdef', { profile, now });
    for (const one of chunks()) scanner.push(one);
    const { faultCounts, summary } = scanner.end();
    expect(faultCounts).toEqual({ E_RLEN: 1, E_SIZE: 1 });
    expect(summary).toMatchObject({ bytes: 2 ** 30, readingSets: 0 });
  });

  it('reads prevailing time on the wall clock, on the day of 23 hours too', () => {
    const plan = { values: new Array<number>(92).fill(1), start: '202003080001', stop: '202003082400' };
    const { sets, isRefused } = scanRecords(toMdefRecords([plan], 'Y'));
    expect(isRefused).toBe(false);
    expect(sets[0]?.set).toMatchObject({
      readings: 92,
      periodStartAt: Date.parse('2020-03-08T00:00:00-08:00'),
      periodEndAt: Date.parse('2020-03-09T00:00:00-07:00'),
    });
  });

  // biome-ignore format: one row a case
  it.each([
    ['the whole day of 25 hours', '202011010001', '202011012400', 100, '2020-11-01T00:00-07:00'],
    ['until the first of the two hours', '202011010001', '202011010100', 4, '2020-11-01T00:00-07:00'],
    ['until the end of the first', '202011010001', '202011010100', 8, '2020-11-01T00:00-07:00'],
    ['the first alone', '202011010101', '202011010100', 4, '2020-11-01T01:00-07:00'],
    ['both', '202011010101', '202011010200', 8, '2020-11-01T01:00-07:00'],
    ['the second alone', '202011010101', '202011010200', 4, '2020-11-01T01:00-08:00'],
    ['from within the second', '202011010116', '202011010200', 3, '2020-11-01T01:15-08:00'],
    ['half of one of them, which is the first', '202011010101', '202011010130', 2, '2020-11-01T01:00-07:00'],
  ])('gives each interval of the hour that autumn repeats its own instant: %s', (_, start, stop, count, from) => {
    const values = Array.from({ length: count }, (_, index) => 1 + index);
    const { sets, faultCounts } = scanRecords(toMdefRecords([{ values, start, stop }], 'Y'));
    expect(faultCounts).toEqual({ W_DST: 1 });
    const quarterMs = 15 * 60_000;
    expect(sets[0]?.set).toMatchObject({
      readings: count,
      periodStartAt: Date.parse(from),
      periodEndAt: Date.parse(from) + count * quarterMs,
    });
    expect(sets[0]?.readings.map(({ endAt, value }) => [endAt, value])).toEqual(
      values.map((value, index) => [Date.parse(from) + (index + 1) * quarterMs, String(value)]),
    );
    // Written again, in standard time, they are the same.
    const { file } = write(createMdefWriter, profile, sets);
    const again = scan('mdef', file, profile);
    expect(again.sets[0]?.readings).toEqual(sets[0]?.readings);
  });

  it('refuses as many intervals as neither of the two hours has', () => {
    const plan = { values: [1, 2, 3, 4, 5], start: '202011010101', stop: '202011010200' };
    const { faultCounts, sets } = scanRecords(toMdefRecords([plan], 'Y'));
    expect(faultCounts).toEqual({ W_DST: 1, E_COUNT: 1 });
    expect(sets).toEqual([]);
  });

  it('gives the same for every way to cut the chunks', () => {
    const bytes = Buffer.concat(toMdefRecords([{ values: Array.from({ length: 4 }, (_, i) => i) }, plain]));
    bytes.write('0009', meterHeader.channels.offset, 'latin1');
    const whole = scan('mdef', bytes, profile);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 6 }), (sizes) => {
        expect(scanChunks('mdef', toChunks(bytes, sizes), { profile })).toEqual(whole);
      }),
    );
    expect(scanChunks('mdef', toChunks(bytes, [1]), { profile })).toEqual(whole);
    expect(whole.faultCounts).toEqual({ W_CHANNELS: 1 });
  });

  it('refuses the file wherever it is cut, and takes nothing from a cut channel', () => {
    const bytes = Buffer.concat(toMdefRecords([plain, plain]));
    const whole = new Set(scan('mdef', bytes, profile).sets.map((one) => JSON.stringify(one)));
    for (let length = 0; length < bytes.length; length++) {
      const { isRefused, sets } = scan('mdef', bytes.subarray(0, length), profile);
      expect(isRefused, `cut at ${length}`).toBe(true);
      for (const one of sets) expect(whole).toContain(JSON.stringify(one));
    }
  });

  it('refuses an unknown profile by name', () => {
    expect(() => scan('mdef', Buffer.alloc(0), 'lunar')).toThrow(/"lunar".*pacific-standard/);
    expect([codes.trailer, hour.stop]).toEqual([9999, '202003010100']);
  });
});
