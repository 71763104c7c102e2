import { describe, expect, it } from 'vitest';
import { maxSetReadings } from '../../../../storage/formats/x12/usage/value-store.ts';
import { scan } from '../scan.ts';
import {
  type Given,
  startAt,
  toInterval,
  toReading,
  toRegister,
  toSetOf,
  toTotal,
  type Written,
  write,
} from './write.ts';

const segmentsOf = ({ text }: Written, id: string) =>
  text.split('~\r\n').filter((segment) => segment.startsWith(`${id}*`));

/** The 867 read back; it must be without error and warning of syntax. */
function readBack(written: Written) {
  const { sets, faults } = scan('x12-867', written.bytesWritten, 'california');
  expect(faults.filter(({ code, level }) => level === 'error' || code.startsWith('W_'))).toEqual([]);
  return sets;
}

const shown = (given: readonly Given[]) =>
  given.map(({ set, readings }) => [
    set.measure,
    set.channel,
    set.unit,
    readings.map(({ value, quality }) => `${quality[0]}${value}`).join(' '),
  ]);

describe('createX12Writer', () => {
  it('writes one set, its parties and its intervals', () => {
    const written = write([
      toInterval(['1', 'E2.50', '3'], { receiverAccount: 'ESP1', sdp: 'SDP1', channel: '2' }),
    ]);
    expect(written.text.split('\r\n')).toEqual([
      'ISA*00*          *00*          *01*333333333      *01*222222222      *251231*1600*U*00401*000000001*0*P*>~',
      'GS*PT*333333333*222222222*20251231*1600*1*X*004010~',
      'ST*867*0001~',
      'BPT*00*333333333-20251231-000001*20251231*C1****1600~',
      'N1*8S*UDC~',
      'REF*12*ACCT1~',
      'N1*SJ**1*222222222**40~',
      'REF*11*ESP1~',
      'N1*55**1*333333333**41~',
      'PTD*PM***OZ*EL~',
      'DTM*150****DT*202511190000~',
      'DTM*151****DT*202511190300~',
      'REF*MG*M1~',
      'REF*LU*SDP1~',
      'REF*6W*2~',
      'REF*MT*KH060~',
      'QTY*QD*1*KH~',
      'QTY*KA*2.50*KH~',
      'QTY*QD*3*KH~',
      'SE*18*0001~',
      'GE*1*1~',
      'IEA*1*000000001~',
      '',
    ]);
    expect(written).toMatchObject({ records: 22, readings: 3, losses: {}, bytes: written.text.length });
    expect(readBack(written)[0]?.set).toMatchObject({ sender: '333333333', receiver: '222222222' });
  });

  it('splits loops at gaps and where adjusted values begin or end', () => {
    const written = write([toInterval(['1', 'A2', 'A3', 'E4', 'N', '5', 'R6', '7'])]);
    expect(segmentsOf(written, 'PTD')).toHaveLength(5);
    expect(segmentsOf(written, 'REF').filter((segment) => segment.includes('*1P*'))).toEqual([
      'REF*1P*ADJUSTED',
    ]);
    expect(written.losses).toEqual({ missing: 1, raw: 1 });
    const sets = readBack(written);
    expect(shown(sets).map(([, , , text]) => text)).toEqual(['v1', 'a2 a3', 'e4', 'v5', 'v7']);
    expect(
      sets.flatMap(({ readings }) => readings.map(({ endAt }) => (endAt - startAt) / 3_600_000)),
    ).toEqual([1, 2, 3, 4, 6, 8]);
  });

  it('joins the records of a meter and unit, and makes one set an account', () => {
    const half = (n: number) => toInterval(['1', '2'], { periodStartAt: startAt + n * 7_200_000 });
    const written = write([
      half(0),
      half(1),
      toInterval(['9'], { unit: 'KVARH' }),
      toInterval(['9'], { account: 'ACCT2', senderAccount: 'ACCT2' }),
    ]);
    expect(segmentsOf(written, 'ST')).toHaveLength(2);
    expect(segmentsOf(written, 'PTD')).toHaveLength(3);
    expect(segmentsOf(written, 'BPT').map((segment) => segment.split('*')[2])).toEqual([
      '333333333-20251231-000001',
      '333333333-20251231-000002',
    ]);
    expect(readBack(written).map(({ set }) => set.readings)).toEqual([4, 1, 1]);
  });

  it('makes an interchange for each pair of parties, with the next control number', () => {
    const written = write([toInterval(['1']), toInterval(['1'], { receiver: 'ESP-TWO' })], {
      controlNumber: 999_999_999,
      isTest: true,
    });
    expect(segmentsOf(written, 'ISA').map((segment) => segment.split('*').slice(7))).toEqual([
      ['01', '222222222      ', '251231', '1600', 'U', '00401', '999999999', '0', 'T', '>'],
      ['ZZ', 'ESP-TWO        ', '251231', '1600', 'U', '00401', '000000001', '0', 'T', '>'],
    ]);
    expect(scan('x12-867', written.bytesWritten, 'california')).toMatchObject({ isRefused: false });
  });

  it('names the receiver as the utility when it is one, and takes parties for sets that name none', () => {
    const written = write([toInterval(['1'], { sender: '', receiver: '', purpose: '', commodity: '' })], {
      sender: 'MDMA',
      receiver: '1112223334444',
      receiverParty: '8S',
    });
    expect(segmentsOf(written, 'N1')).toEqual(['N1*8S**9*1112223334444**40', 'N1*55**ZZ*MDMA**41']);
    expect(readBack(written)[0]?.set).toMatchObject({
      sender: 'MDMA',
      receiver: '1112223334444',
      purpose: 'OK',
    });
  });

  it.each([
    ['OK', '00', {}],
    ['HISTORY', '52', {}],
    ['RESEND', '07', { correctsReference: 'EARLIER' }],
    ['CORRECT', 'CO', { correctsReference: 'EARLIER', reason: 'ACTRCVD' }],
    ['CANCEL', '01', { correctsReference: 'EARLIER', reason: 'STARTDT' }],
  ])('writes purpose %s as %s, and reads it back', (purpose, code, change) => {
    const written = write([toInterval(['1'], { purpose, ...change })]);
    expect(segmentsOf(written, 'BPT')[0]).toContain(`BPT*${code}*`);
    expect(readBack(written)[0]?.set).toMatchObject({ purpose, ...change });
    expect(written.losses).toEqual({});
  });

  it('keeps the reference of the source, once', () => {
    const own = { externalReference: 'THEIRS-1' };
    const written = write([
      toInterval(['1'], own),
      toInterval(['1'], { ...own, account: 'B', senderAccount: 'B' }),
    ]);
    expect(segmentsOf(written, 'BPT').map((segment) => segment.split('*')[2])).toEqual([
      'THEIRS-1',
      '333333333-20251231-000001',
    ]);
  });

  it('gives no set the reference that it made for another', () => {
    const made = '333333333-20251231-000001';
    const others = { account: 'B', senderAccount: 'B' };
    const written = write([
      toInterval(['1']),
      toInterval(['1'], { ...others, externalReference: made }),
      toInterval(['1'], { externalReference: '333333333-20251231-000003' }),
      toInterval(['1'], others),
    ]);
    expect(segmentsOf(written, 'BPT').map((segment) => segment.split('*')[2])).toEqual([
      made,
      '333333333-20251231-000002',
      '333333333-20251231-000003',
      '333333333-20251231-000004',
    ]);
  });

  it('writes totals and registers of a period as one loop, the total row last', () => {
    const written = write([
      toTotal('30'),
      toRegister(['300', '315'], { multiplier: '2' }),
      toTotal('E10', { channel: 'ON-PEAK' }),
      toTotal('20', { channel: 'OFF-PEAK' }),
    ]);
    expect(segmentsOf(written, 'QTY')).toEqual(['QTY*QD*30*KH']);
    expect(segmentsOf(written, 'MEA')).toEqual([
      'MEA**MU*2',
      'MEA*EE*PRQ*10*KH***42',
      'MEA*AA*PRQ*20*KH***41',
      'MEA*AA*PRQ*30*KH*300*315*51',
    ]);
    expect(shown(readBack(written))).toEqual([
      ['total', 'ON-PEAK', 'KWH', 'e10'],
      ['total', 'OFF-PEAK', 'KWH', 'v20'],
      ['total', 'TOTAL', 'KWH', 'v30'],
      ['register', '', 'KWHREG', 'v300 v315'],
    ]);
    expect(written).toMatchObject({ readings: 5, losses: {} });
  });

  it('writes a plain total as its quantity alone, and multiplies its multiplier out', () => {
    const written = write([toTotal('12.5', { multiplier: '40', unit: 'KVARH' })]);
    expect([...segmentsOf(written, 'QTY'), ...segmentsOf(written, 'MEA')]).toEqual(['QTY*QD*500*K3']);
    expect(segmentsOf(written, 'BPT')[0]).toContain('*DD*');
  });

  it('gives a register without its total one, and a new period a new set', () => {
    const next = { periodStartAt: Date.UTC(2025, 10, 1, 7), periodEndAt: Date.UTC(2025, 11, 1, 8) };
    const written = write([toRegister(['100', '105.5'], { multiplier: '10' }), toTotal('7', next)]);
    expect(segmentsOf(written, 'ST')).toHaveLength(2);
    expect(segmentsOf(written, 'QTY')).toEqual(['QTY*QD*55*KH', 'QTY*QD*7*KH']);
    expect(written).toMatchObject({ readings: 3, losses: {} });
  });

  it('writes unmetered service as such, always QD', () => {
    const written = write([toTotal('E500', { meter: 'UNMETERED' })]);
    expect(segmentsOf(written, 'PTD')).toEqual(['PTD*BC***OZ*EL']);
    expect(segmentsOf(written, 'QTY')).toEqual(['QTY*QD*500*KH']);
    expect(written.losses).toEqual({ flag: 1 });
    expect(readBack(written)[0]?.set.meter).toBe('UNMETERED');
  });

  it('says which of the two hours of autumn is meant', () => {
    const at = Date.UTC(2025, 10, 2, 8, 15);
    const written = write([
      toInterval(['1', 'A2', '3', '4', '5'], { intervalMinutes: 15, periodStartAt: at }),
    ]);
    expect(segmentsOf(written, 'DTM').slice(0, 4)).toEqual([
      'DTM*150*20251102*0115*PD',
      'DTM*151*20251102*0130*PD',
      'DTM*150*20251102*0130*PD',
      'DTM*151*20251102*0145*PD',
    ]);
    const ends = readBack(written).flatMap(({ readings }) =>
      readings.map(({ endAt }) => (endAt - at) / 900_000),
    );
    expect(ends).toEqual([1, 2, 3, 4, 5]);
  });

  // biome-ignore format: one row a case
  it.each<[string, Given, object, string[]]>([
    ['a unit', toInterval(['1'], { unit: 'GAL' }), { unit: 1 }, []],
    ['a commodity', toInterval(['1'], { commodity: 'W' }), { unit: 1 }, []],
    ['steps of months', toInterval(['1'], { intervalMinutes: 0 }), { interval: 1 }, []],
    ['a day', toInterval(['1'], { intervalMinutes: 1_440 }), { interval: 1 }, []],
    ['a step that divides no hour', toInterval(['1', '2'], { intervalMinutes: 7 }), { interval: 2 }, []],
    ['negative energy', toInterval(['1', '-2']), { negative: 1 }, ['1']],
    ['more digits than 15 before the point', toInterval(['1E20', '1']), { magnitude: 1 }, ['1']],
    ['more digits than 15', toInterval(['0.12345678901234567']), { rounded: 1 }, ['0.12345678901235']],
    ['an exponent, without loss', toInterval(['1.5E2']), {}, ['150']],
    ['the same interval twice', { ...toInterval(['1']), readings: [toReading('1', startAt + 3_600_000), toReading('2', startAt + 3_600_000)] }, { overlap: 1 }, ['1']],
    ['seconds', toInterval(['1'], { periodStartAt: startAt + 1 }), { boundary: 1 }, []],
    ['a purpose', toInterval(['1'], { purpose: 'TEMPLATE' }), { purpose: 1 }, []],
    ['a correction of nothing', toInterval(['1'], { purpose: 'CORRECT' }), { purpose: 1 }, []],
    ['no account', toInterval(['1'], { account: '', senderAccount: '' }), { identity: 1 }, []],
    ['no meter', toInterval(['1'], { meter: '' }), { identity: 1 }, []],
    ['a separator in the meter', toInterval(['1'], { meter: 'M*1' }), { identity: 1 }, []],
    ['a long meter', toInterval(['1'], { meter: 'M'.repeat(31) }), { identity: 1 }, []],
    ['a long party', toInterval(['1'], { receiver: 'R'.repeat(16) }), { identity: 1 }, []],
    ['a long reason', toInterval(['1', '2'], { reason: 'R'.repeat(31) }), { text: 2 }, ['1', '2']],
    ['a long reference', toInterval(['1'], { externalReference: 'R'.repeat(31) }), { text: 1 }, ['1']],
    ['intervals called a summary', toInterval(['1'], { purpose: 'SUMMARY' }), { text: 1 }, ['1']],
    ['a label', toTotal('1', { channel: 'PEAK-4' }), { total: 1 }, []],
    ['a raw total', toTotal('R1'), { raw: 1 }, []],
    ['one read', toRegister(['1']), { register: 1 }, []],
    ['three reads', toRegister(['1', '2', '3']), { register: 3 }, []],
    ['a register that passed its last digit', toRegister(['999', '1']), { register: 2 }, []],
    ['a read without a value', toRegister(['1', 'N']), { missing: 1, register: 1 }, []],
    ['an adjusted read', toRegister(['1', 'A3']), { flag: 1 }, ['2', '1', '3']],
  ])('counts what cannot be carried: %s', (_, given, losses, values) => {
    const written = write([given]);
    expect(written.losses).toEqual(losses);
    const read = values.length === 0 ? [] : readBack(written);
    expect(read.flatMap(({ readings }) => readings.map(({ value }) => value))).toEqual(values);
    if (values.length === 0) expect(written).toMatchObject({ bytes: 0, records: 0, readings: 0 });
  });

  it('refuses a group larger than its reader takes', () => {
    const one = toInterval(
      Array.from({ length: 100_000 }, () => '1'),
      { intervalMinutes: 5 },
    );
    const days = Array.from({ length: maxSetReadings / 100_000 + 1 }, (_, n) => ({
      ...one,
      readings: one.readings.map((reading) => ({ ...reading, endAt: reading.endAt + n * 1e5 * 300_000 })),
    }));
    expect(() => write(days)).toThrow(/Cannot write X12.*at most 1000000 readings/);
  });

  it('knows its profiles', () => {
    expect(() => write([], { profile: 'x' })).toThrow(/california/);
    expect(write([])).toMatchObject({ bytes: 0, losses: {} });
    expect(toSetOf([], {}).readings).toBe(0);
  });
});
