import { describe, expect, it } from 'vitest';
import { type Scanned, scan, scanChunks, toBytes } from '../scan.ts';
import { cumulative, cumulativeHeader, header, loop, toChanged, toFile, toIsa, toSet } from './build-x12.ts';

const [bpt = '', , , , , n1Provider = ''] = header;
const [
  ptd = '',
  start = '',
  end = '',
  meter = '',
  ,
  ,
  unit = '',
  first = '',
  second = '',
  third = '',
  last = '',
] = loop;
const take = (text: string) => scan('x12-867', toBytes(text), 'california');
const hours = (count: number) => Array.from({ length: count }, (_, index) => `QTY*QD*${index + 1}*KH`);

/** The reading sets of one file without error. */
function takeGood(text: string): Scanned['sets'] {
  const { sets, faults } = take(text);
  expect(faults.filter(({ level }) => level === 'error')).toEqual([]);
  return sets;
}

describe('createUsageScanner', () => {
  it('gives an interval loop as one reading set with all that the set says', () => {
    const text = toFile();
    const [only, ...others] = takeGood(text);
    expect(others).toEqual([]);
    expect(only?.set).toEqual({
      line: 10,
      byteStart: text.indexOf('PTD'),
      byteEnd: text.indexOf('SE*19'),
      sender: '333333333',
      receiver: '222222222',
      account: 'UDC-ACCT-0001',
      senderAccount: 'UDC-ACCT-0001',
      receiverAccount: 'ESP-ACCT-77',
      sdp: 'SDP1',
      meter: 'MTR1',
      commodity: 'E',
      unit: 'KWH',
      channel: '1',
      measure: 'interval',
      purpose: 'OK',
      multiplier: '1',
      intervalMinutes: 60,
      periodStartAt: Date.UTC(2000, 0, 4, 8),
      periodEndAt: Date.UTC(2000, 0, 4, 12),
      readings: 4,
      estimated: 1,
      adjusted: 0,
      raw: 0,
      missing: 0,
      createdAt: Date.UTC(2000, 0, 5, 14, 30),
      externalReference: '333333333-20000105-000001',
      correctsReference: '',
      reason: '',
    });
    expect(only?.readings).toEqual([
      { endAt: Date.UTC(2000, 0, 4, 9), value: '10', quality: 'validated' },
      { endAt: Date.UTC(2000, 0, 4, 10), value: '9.5', quality: 'validated' },
      { endAt: Date.UTC(2000, 0, 4, 11), value: '12.25', quality: 'estimated' },
      { endAt: Date.UTC(2000, 0, 4, 12), value: '11', quality: 'validated' },
    ]);
  });

  it('gives a cumulative loop as totals and registers', () => {
    const sets = takeGood(toFile({ sets: [toSet([...cumulativeHeader, ...cumulative])] }));
    const seen = sets.map(({ set, readings }) => [
      set.measure,
      set.channel,
      set.unit,
      set.purpose,
      set.multiplier,
      readings.map(({ value }) => value).join(' '),
    ]);
    expect(seen).toEqual([
      ['total', 'ON-PEAK', 'KWH', 'SUMMARY', '1', '10'],
      ['register', 'ON-PEAK', 'KWHREG', 'OK', '2', '100 105'],
      ['total', 'OFF-PEAK', 'KWH', 'SUMMARY', '1', '20'],
      ['register', 'OFF-PEAK', 'KWHREG', 'OK', '2', '200 210'],
      ['total', 'TOTAL', 'KWH', 'SUMMARY', '1', '30'],
      ['register', '', 'KWHREG', 'OK', '2', '300 315'],
    ]);
    expect(new Set(sets.map(({ set }) => `${set.periodStartAt} ${set.periodEndAt}`))).toEqual(
      new Set([`${Date.UTC(1999, 11, 3, 8)} ${Date.UTC(2000, 0, 4, 8)}`]),
    );
  });

  it.each([
    ['00', 'OK', []],
    ['CO', 'CORRECT', ['REF*59*EARLIER', 'REF*1P*ACTRCVD*ACTUAL REPLACES ESTIMATE']],
    ['07', 'RESEND', ['REF*59*EARLIER']],
    ['01', 'CANCEL', ['REF*59*EARLIER']],
    ['52', 'HISTORY', []],
  ])('reads purpose %s as %s', (code, purpose, references) => {
    const [only] = takeGood(
      toChanged({ [bpt]: bpt.replace('*00*', `*${code}*`), [n1Provider]: [n1Provider, ...references] }),
    );
    expect(only?.set).toMatchObject({
      purpose,
      correctsReference: references.length > 0 ? 'EARLIER' : '',
      reason: references.length > 1 ? 'ACTRCVD' : '',
    });
    expect(only?.readings.map(({ quality }) => quality)).toEqual([
      'validated',
      'validated',
      'estimated',
      'validated',
    ]);
  });

  it('takes a cancellation without loops, which holds no readings', () => {
    const text = toFile({
      sets: [toSet([bpt.replace('*00*', '*01*'), ...header.slice(1), 'REF*59*EARLIER'])],
    });
    expect(take(text)).toMatchObject({ isRefused: false, sets: [] });
  });

  it('counts intervals by elapsed time: 23 hours in spring, 25 in autumn, each with its own instants', () => {
    const day = (from: string, to: string, count: number) =>
      toChanged({
        [start]: `DTM*150****DT*${from}0000`,
        [end]: `DTM*151****DT*${to}0000`,
        [first]: hours(count),
        [second]: [],
        [third]: [],
        [last]: [],
      });
    const [spring] = takeGood(day('20000402', '20000403', 23));
    expect(spring?.set.periodEndAt).toBe(Date.UTC(2000, 3, 3, 7));
    expect(spring?.readings[1]?.endAt).toBe(Date.UTC(2000, 3, 2, 10));
    const [autumn] = takeGood(day('20001029', '20001030', 25));
    expect(autumn?.set.periodEndAt).toBe(Date.UTC(2000, 9, 30, 8));
    for (const [text, count] of [
      [
        day('20000402', '20000403', 24),
        '24 intervals of 60 minutes; from 200004020000 to 200004030000 there are 23.',
      ],
      [
        day('20001029', '20001030', 24),
        '24 intervals of 60 minutes; from 200010290000 to 200010300000 there are 25.',
      ],
    ] as const) {
      expect(take(text).faults.at(-1)?.message).toBe(`The loop holds ${count}`);
    }
  });

  it('tells the two hours of autumn apart by the count, or by the time code', () => {
    const only = (from: string, to: string, count: number) =>
      takeGood(
        toChanged({ [start]: from, [end]: to, [first]: hours(count), [second]: [], [third]: [], [last]: [] }),
      )[0];
    const midnight = 'DTM*150****DT*200010290000';
    expect(only(midnight, 'DTM*151****DT*200010290100', 1)?.set.periodEndAt).toBe(Date.UTC(2000, 9, 29, 8));
    expect(only(midnight, 'DTM*151****DT*200010290100', 2)?.set.periodEndAt).toBe(Date.UTC(2000, 9, 29, 9));
    const stated = only('DTM*150*20001029*0100*PD', 'DTM*151*20001029*0100*PS', 1);
    expect([stated?.set.periodStartAt, stated?.set.periodEndAt]).toEqual([
      Date.UTC(2000, 9, 29, 8),
      Date.UTC(2000, 9, 29, 9),
    ]);
  });

  it('takes the eastern form of dates, midnight when it has no time, and the end of an interval beside it', () => {
    const [only] = takeGood(
      toChanged({ [start]: 'DTM*150*20000104', [second]: [second, 'DTM*582*20000104*0200*PS'] }),
    );
    expect(only?.set.periodStartAt).toBe(Date.UTC(2000, 0, 4, 8));
  });

  it('gives energy received a unit of its own, and a multiplier to the loop', () => {
    const swapped = [first, second, third, last].map((segment) => [
      segment,
      segment.replace('*QD*', '*87*').replace('*KA*', '*9H*'),
    ]);
    const [only] = takeGood(
      toChanged({ ...Object.fromEntries(swapped), [first]: ['QTY*87*10*KH', 'MEA**MU*40'] }),
    );
    expect(only?.set).toMatchObject({ unit: 'GKWH', multiplier: '40', estimated: 1, readings: 4 });
  });

  it.each([
    ['KH', 'KWH'],
    ['K1', 'KW'],
    ['K2', 'KVAR'],
    ['K3', 'KVARH'],
    ['K4', 'KVA'],
  ])('reads unit %s as %s', (code, name) => {
    const changes = [unit, first, second, third, last].map((segment) => [
      segment,
      segment.replace('KH', code),
    ]);
    expect(takeGood(toChanged(Object.fromEntries(changes)))[0]?.set.unit).toBe(name);
  });

  it('takes the values of a loop with an adjustment reason as adjusted, estimates too', () => {
    const qualitiesWith = (reason: string) =>
      takeGood(toChanged({ [unit]: [unit, `REF*1P*${reason}`] }))[0]?.readings.map(
        ({ quality }) => quality[0],
      );
    expect(qualitiesWith('FASTMTR')).toEqual(['a', 'a', 'a', 'a']);
    expect(qualitiesWith('THEIRS')).toEqual(['a', 'a', 'a', 'a']);
    expect(qualitiesWith('VERIFIED')).toEqual(['v', 'v', 'e', 'v']);
  });

  it('takes an unusable quantity as missing, without a value', () => {
    const [only] = takeGood(toChanged({ [first]: 'QTY*20*0*KH', [second]: 'QTY*20*7*KH' }));
    expect(only?.readings.slice(0, 2)).toMatchObject([
      { value: '', quality: 'missing' },
      { value: '', quality: 'missing' },
    ]);
    expect(only?.set).toMatchObject({ missing: 2, readings: 4 });
  });

  it('takes unmetered service under the meter UNMETERED', () => {
    const [only] = takeGood(
      toFile({
        sets: [
          toSet([
            ...cumulativeHeader,
            'PTD*BC***OZ*EL',
            ...cumulative.slice(1, 3),
            'REF*MT*KHMON',
            'QTY*QD*500*KH',
          ]),
        ],
      }),
    );
    expect(only?.set).toMatchObject({
      meter: 'UNMETERED',
      account: 'UDC-ACCT-0001',
      channel: 'TOTAL',
      readings: 1,
    });
  });

  it('takes interval and cumulative loops in one set when BPT04 says DR', () => {
    const sets = takeGood(
      toFile({ sets: [toSet([bpt.replace('C1', 'DR'), ...header.slice(1), ...loop, ...cumulative])] }),
    );
    expect(sets.map(({ set }) => set.measure[0]).join('')).toBe('itrtrtr');
  });

  it('estimates a total by its quantity or its reads', () => {
    const totalOf = (changes: Record<string, string>) =>
      takeGood(toChanged(changes, [...cumulativeHeader, ...cumulative])).find(
        ({ set }) => set.channel === 'TOTAL',
      )?.readings[0]?.quality;
    const [, , , , , quantity = '', , , , row = ''] = cumulative;
    expect(totalOf({})).toBe('validated');
    expect(totalOf({ [quantity]: 'QTY*KA*30*KH' })).toBe('estimated');
    expect(totalOf({ [row]: row.replace('*AA*', '*AE*') })).toBe('estimated');
  });

  it('says both numbers where usage and reads differ, and knows a register that has passed its last digit', () => {
    const [, , , , mt = '', , multiplier = '', onPeak = ''] = cumulative;
    const faultsOf = (changes: Record<string, string | string[]>) =>
      take(toChanged(changes, [...cumulativeHeader, ...cumulative])).faults.map(({ message }) => message);
    expect(faultsOf({ [onPeak]: onPeak.replace('*105*', '*107.5*') })).toEqual([
      'The usage is 10, the reads times 2 give 15.',
    ]);
    expect(faultsOf({ [onPeak]: 'MEA*AA*PRQ*10*KH*998*003*42' })).toEqual([]);
    expect(faultsOf({ [onPeak]: 'MEA*AA*PRQ*10*KH*99998*3*42', [mt]: ['REF*IX*5', mt] })).toEqual([]);
    expect(multiplier).toBe('MEA**MU*2');
  });

  it('puts back the zero that a sender leaves out before the point', () => {
    expect(takeGood(toChanged({ [second]: 'QTY*QD*.5*KH' }))[0]?.readings[1]?.value).toBe('0.5');
  });

  it('reads any separators, line breaks between segments or none, and a line end as terminator', () => {
    const whole = takeGood(toFile()).map(({ readings }) => readings);
    const others = [
      toFile({ lineBreak: '' }),
      toFile({ lineBreak: '\r\n' }),
      toFile({ lineBreak: '\r\n\r\n' }),
      toFile({ terminator: '\n', lineBreak: '' }),
      toFile({ terminator: '\x1c', lineBreak: '\n' }),
      toFile({ isa: toIsa().slice(0, -1).concat('^') }).replaceAll('*', '|'),
    ];
    for (const text of others) expect(takeGood(text).map(({ readings }) => readings)).toEqual(whole);
  });

  it('takes several sets, groups and interchanges, and a TA1', () => {
    const set = (n: number) =>
      toSet([bpt.replace('000001', `00000${n}`), ...header.slice(1), ...loop], `000${n}`);
    const text =
      toFile({
        sets: [
          [
            'TA1*000000009*000105*0630*A*000',
            'GS*PT*333333333*222222222*20000105*0630*1*X*004010',
            ...set(1),
            ...set(2),
            'GE*2*1',
          ],
          ['GS*PT*333333333*222222222*20000105*0630*2*X*004010', ...set(3), 'GE*1*2'],
        ],
        trailer: ['IEA*2*000000001'],
        group: '',
      }).replace('~\n~\n', '~\n') +
      toFile({
        isa: toIsa({ 13: '000000002' }, '|'),
        sets: [set(4)],
        trailer: ['GE*1*1', 'IEA*1*000000002'],
      }).replaceAll('*', '|');
    expect(takeGood(text).map(({ set: { externalReference } }) => externalReference.slice(-1))).toEqual([
      '1',
      '2',
      '3',
      '4',
    ]);
  });

  it('takes the number that a cancellation names in BPT09, where that is set', () => {
    const cancel = toChanged({ [bpt]: `${bpt.replace('*00*', '*01*')}*EARLIER` });
    expect(take(cancel).faultCounts).toMatchObject({ E_CORRECTS: 1, N_BPT09: 1 });
    const { sets, faults, summary } = scan('x12-867', toBytes(cancel), 'california:bpt09');
    expect(sets.map(({ set }) => set.correctsReference)).toEqual(['EARLIER']);
    expect([faults, summary.profile]).toEqual([[], 'california:bpt09']);
    const both = toChanged({
      [bpt]: `${bpt.replace('*00*', '*01*')}*EARLIER`,
      [n1Provider]: [n1Provider, 'REF*59*FIRST'],
    });
    const named = scan('x12-867', toBytes(both), 'california:bpt09');
    expect([named.sets[0]?.set.correctsReference, named.faultCounts]).toEqual(['FIRST', { N_BPT09: 1 }]);
  });

  it('takes BPT09 of nothing but a cancellation, for there it may be a cycle', () => {
    const text = toChanged({ [bpt]: `${bpt}*1` });
    const { sets, faultCounts } = scan('x12-867', toBytes(text), 'california:bpt09');
    expect([sets[0]?.set.correctsReference, faultCounts]).toEqual(['', { N_BPT09: 1, C_ESTIMATED_SHARE: 1 }]);
  });

  it('takes super off-peak by the code that is set, and by none without', () => {
    const [, , , , , , , onPeak = ''] = cumulative;
    const text = toChanged({ [onPeak]: onPeak.replace('*42', '*46') }, [...cumulativeHeader, ...cumulative]);
    expect(take(text).faultCounts).toMatchObject({ E_CODE: 1 });
    const { sets, faults } = scan('x12-867', toBytes(text), 'california:super-off=46:bpt09');
    expect([sets.map(({ set }) => set.channel), faults]).toEqual([expect.arrayContaining(['SUPER-OFF']), []]);
  });

  it.each([
    ['california:bpt9', /"bpt9".*a setting: bpt09, super-off=CODE/],
    ['california:bpt09=1', /"bpt09=1".*a setting/],
    ['california:super-off', /"super-off".*a setting/],
    ['california:super-off=4', /"super-off=4".*two letters or digits/],
    ['california:super-off=42', /"super-off=42".*no other meaning/],
  ])('does not take the profile %s', (profile, message) => {
    expect(() => scan('x12-867', toBytes(''), profile)).toThrow(message);
  });

  it('knows its profiles by name', () => {
    expect(() => scan('x12-867', toBytes(''), 'x')).toThrow(/"x".*california/);
    expect(ptd).toBe('PTD*PM***OZ*EL');
    expect(meter).toBe('REF*MG*MTR1');
  });
});

it('hands on no loop in which a check found an error', () => {
  const [bpt = '', ...parties] = header;
  const again = toSet([bpt.replace('000001', '000002'), ...parties, ...loop], '0002');
  const bytes = toBytes(toFile({ sets: [toSet([...header, ...loop]), again] }));
  const levels = { C_DUPLICATE: 'error' } as const;
  const { sets, summary, isRefused } = scanChunks('x12-867', [bytes], { profile: 'california', levels });
  expect(isRefused).toBe(true);
  expect(sets.map(({ set }) => set.externalReference)).toEqual(['333333333-20000105-000001']);
  expect(summary.readingSets).toBe(1);
});
