import { describe, expect, it } from 'vitest';
import { createAcknowledgementScanner } from '../../../../storage/formats/x12/acknowledgement/acknowledgement-scanner.ts';
import {
  answerCodes,
  elementProblems,
  segmentProblems,
  setProblems,
} from '../../../../storage/formats/x12/acknowledgement/answer-codes.ts';
import type { GroupAnswer } from '../../../../storage/formats/x12/acknowledgement/answers.ts';
import { x12Faults } from '../../../../storage/formats/x12/faults.ts';
import { now, toBytes } from '../scan.ts';
import { acknowledge } from './acknowledge.ts';
import { header, loop, toFile, toIsa, toSet } from './build-x12.ts';

const [bpt = '', , , , , n1Provider = ''] = header;

/** What a 997 says; it must be without fault. */
function readAnswers(text: string): GroupAnswer[] {
  const answers: GroupAnswer[] = [];
  const scanner = createAcknowledgementScanner({
    profile: 'california',
    now,
    onAnswer: (answer) => answers.push(answer),
  });
  scanner.push(toBytes(text));
  const { faults, isRefused, summary } = scanner.end();
  expect(faults).toEqual([]);
  expect(isRefused).toBe(false);
  expect(summary).toMatchObject({ format: 'x12-997', readingSets: 0 });
  return answers;
}

const set = (n: number, change: (segments: string[]) => string[] = (segments) => segments) =>
  toSet(change([bpt.replace('000001', `00000${n}`), ...header.slice(1), ...loop]), `000${n}`);
const without = (text: string) => (segments: string[]) =>
  segments.filter((segment) => !segment.startsWith(text));
const added =
  (text: string, ...more: string[]) =>
  (segments: string[]) =>
    segments.flatMap((segment) => (segment === text ? [segment, ...more] : [segment]));
const replaced = (from: string, to: string) => (segments: string[]) =>
  segments.map((segment) => (segment === from ? to : segment));

describe('toAcknowledgement', () => {
  it('accepts, ids and separators mirrored, numbers as handed in', () => {
    const text = toFile({ isa: toIsa({}, '|', '^'), terminator: '!', lineBreak: '' }).replaceAll('*', '|');
    expect(acknowledge(text).split('!\r\n')).toEqual([
      'ISA|00|          |00|          |01|222222222      |01|333333333      |251231|1600|U|00401|000000077|0|P|^',
      'GS|FA|222222222|333333333|20251231|1600|77|X|004010',
      'ST|997|0001',
      'AK1|PT|1',
      'AK2|867|0001',
      'AK5|A',
      'AK9|A|1|1|1',
      'SE|6|0001',
      'GE|1|77',
      'IEA|1|000000077',
      '',
    ]);
  });

  it('says which segment and element is wrong, of which number in the X12 dictionary', () => {
    const text = toFile({ sets: [set(1, replaced('DTM*151****DT*200001040400', 'DTM*151****DT*19991332'))] });
    const lines = acknowledge(text).split('~\r\n');
    expect(lines.slice(4, 9)).toEqual([
      'AK2*867*0001',
      'AK3*DTM*10**8',
      'AK4*6*1251*8*19991332',
      'AK5*R*5',
      'AK9*R*1*1*0',
    ]);
  });

  it.each<[string, string[], string[]]>([
    ['a count', set(1).map((segment) => segment.replace('SE*19', 'SE*20')), ['AK5*R*4']],
    [
      'another control number',
      set(1).map((segment) => segment.replace('SE*19*0001', 'SE*19*0009')),
      ['AK5*R*3'],
    ],
    ['no trailer', set(1).slice(0, -1), ['AK5*R*2']],
    [
      'a segment of others',
      set(1, (segments) =>
        segments.flatMap((segment) => (segment === n1Provider ? [segment, 'N3*1 MAIN'] : [segment])),
      ),
      ['AK3*N3*8**1', 'AK5*R*5'],
    ],
    ['no id of a segment', set(1, added('QTY*QD*9.5*KH', 'hello')), ['AK3*XX*17**1', 'AK5*R*5']],
    ['a segment of a 997', set(1, added(n1Provider, 'AK1*PT*1')), ['AK3*AK1*8**6', 'AK5*R*5']],
    [
      'a meter of unmetered service',
      set(1, replaced('PTD*PM***OZ*EL', 'PTD*BC***OZ*EL')),
      ['AK3*REF*11**2', 'AK5*R*5'],
    ],
    [
      'a sixth party',
      set(1, (segments) => segments.toSpliced(6, 0, 'N1*8R*A', 'N1*AY*B', 'N1*ZZ*C')),
      ['AK3*N1*10**4', 'AK3*N1*10**8', 'AK4*1*98*7*ZZ', 'AK5*R*5'],
    ],
    [
      'an id without its qualifier',
      set(1, replaced('N1*8S*EXAMPLE UDC*1*111111111', 'N1*8S*EXAMPLE UDC**111111111')),
      ['AK3*N1*3**8', 'AK4*3*66*2', 'AK5*R*5'],
    ],
    [
      'a date in both places',
      set(1, replaced('DTM*150****DT*200001040000', 'DTM*150*20000104***DT*200001040000')),
      ['AK3*DTM*9**8', 'AK4*6*1251*10*200001040000', 'AK5*R*5'],
    ],
    ['no unit', set(1, without('REF*MT')), ['AK3*REF*8**3', 'AK5*R*5']],
    ['no end of the period', set(1, without('DTM*151')), ['AK3*DTM*8**3', 'AK5*R*5']],
    ['no meter', set(1, without('REF*MG')), ['AK3*REF*8**3', 'AK5*R*5']],
    ['no provider', set(1, without('N1*55')), ['AK3*N1*18**3', 'AK5*R*5']],
    ['an interval too few', set(1, without('QTY*KA')), ['AK3*PTD*8**8', 'AK5*R*5']],
    [
      'two bad elements',
      set(1, replaced('QTY*QD*9.5*KH', 'QTY*XX*9.5*')),
      ['AK3*QTY*16**8', 'AK4*3*355*1', 'AK5*R*5'],
    ],
    [
      'a separator in a bad element',
      set(1, replaced('QTY*QD*9.5*KH', 'QTY*QD*9>5*KH')),
      ['AK3*QTY*16**8', 'AK4*2*380*6*9?5', 'AK5*R*5'],
    ],
    ['another kind of set', toSet(['BIG*20000105*1'], '0001', '810'), ['AK5*R*1']],
  ])('rejects %s', (_, segments, answer) => {
    const lines = acknowledge(toFile({ sets: [segments] })).split('~\r\n');
    const start = lines.findIndex((line) => line.startsWith('AK2'));
    expect(lines.slice(start + 1, start + 1 + answer.length)).toEqual(answer);
    expect(lines[start + 1 + answer.length]).toBe('AK9*R*1*1*0');
  });

  it('names the BPT of a reference that stood before', () => {
    const again = toSet([bpt, ...header.slice(1), ...loop], '0002');
    const lines = acknowledge(toFile({ sets: [set(1), again] })).split('~\r\n');
    expect(lines.slice(6, 10)).toEqual([
      'AK2*867*0002',
      'AK3*BPT*2**8',
      'AK4*2*127*7*333333333-20000105-000001',
      'AK5*R*5',
    ]);
  });

  it('accepts with errors where there are warnings, and a group in part', () => {
    const warned = set(2, (segments) =>
      segments.flatMap((one) => (one === n1Provider ? [one, 'REF*1P*THEIRS'] : [one])),
    );
    const text = toFile({ sets: [set(1), warned, set(3, without('QTY*KA'))] });
    const [answer] = readAnswers(acknowledge(text));
    expect(answer).toMatchObject({ result: 'partly accepted', claimed: 3, received: 3, accepted: 2 });
    expect(answer?.sets.map(({ controlNumber, result }) => [controlNumber, result])).toEqual([
      ['0001', 'accepted'],
      ['0002', 'accepted with errors'],
      ['0003', 'rejected'],
    ]);
    expect(readAnswers(acknowledge(toFile({ sets: [set(1), warned] })))[0]?.result).toBe(
      'accepted with errors',
    );
  });

  it.each<[string, string[], string[]]>([
    [
      'a reason of their own',
      set(1, added('REF*MT*KH060', 'REF*1P*THEIRS')),
      ['AK3*REF*15**8', 'AK4*2*127*7*THEIRS'],
    ],
    [
      'an unusable quantity',
      set(1, replaced('QTY*QD*9.5*KH', 'QTY*20*0*KH')),
      ['AK3*QTY*16**8', 'AK4*1*673*7*20'],
    ],
    ['an original that corrects', set(1, added(n1Provider, 'REF*59*X')), ['AK3*REF*8**2']],
    [
      'a repetition that names nothing',
      set(1, replaced(bpt, bpt.replace('*00*', '*07*'))),
      ['AK3*REF*19**3'],
    ],
  ])('names the segment and element of %s where it accepts with errors', (_, segments, said) => {
    const text = toFile({ sets: [segments.with(-1, `SE*${segments.length}*0001`)] });
    const lines = acknowledge(text).split('~\r\n');
    expect(lines.slice(4, -4)).toEqual(['AK2*867*0001', ...said, 'AK5*E*5', 'AK9*E*1*1*1']);
  });

  it('says of a rejected set only what it is rejected for', () => {
    const warned = (segments: string[]) => replaced('QTY*QD*9.5*KH', 'QTY*20*0*KH')(segments);
    const both = set(1, (segments) => warned(without('QTY*KA')(segments)));
    const lines = acknowledge(toFile({ sets: [both] })).split('~\r\n');
    expect(lines.slice(4, -4)).toEqual(['AK2*867*0001', 'AK3*PTD*8**8', 'AK5*R*5', 'AK9*R*1*1*0']);
    const whole = acknowledge(toFile({ sets: [set(1, warned), set(2, without('QTY*KA'))] }), {
      takesWhole: true,
    });
    expect(whole.split('~\r\n').slice(4, 6)).toEqual(['AK2*867*0001', 'AK5*R']);
  });

  it('lists the error of a set that warnings flood', () => {
    const flood = set(1, (segments) =>
      segments.flatMap((one) =>
        one.startsWith('QTY*QD') ? Array.from({ length: 150 }, () => 'QTY*20*0*KH') : [one],
      ),
    );
    const lines = acknowledge(toFile({ sets: [flood] })).split('~\r\n');
    expect(lines.slice(4, 7)).toEqual(['AK2*867*0001', 'AK3*PTD*8**8', 'AK5*R*5']);
  });

  it('accepts a set with a note, for that is no error', () => {
    const noted = set(1, replaced(bpt, `${bpt}*1`));
    expect(readAnswers(acknowledge(toFile({ sets: [noted] })))[0]).toMatchObject({
      result: 'accepted',
      sets: [{ result: 'accepted' }],
    });
  });

  it.each([
    ['accepts a set that repeats what another says', undefined, ['accepted', 'accepted'], 'accepted'],
    ['rejects it where that is an error', 'error', ['accepted', 'rejected'], 'partly accepted'],
  ] as const)('goes by syntax: %s', (_, level, results, result) => {
    const levels = level === undefined ? {} : { C_DUPLICATE: level };
    const [answer] = readAnswers(acknowledge(toFile({ sets: [set(1), set(2)] }), { levels }));
    expect(answer?.sets.map((one) => one.result)).toEqual(results);
    expect(answer?.sets.map(({ problems }) => problems)).toEqual([[], []]);
    expect(answer?.result).toBe(result);
  });

  it('says of no set that it was accepted when nothing of the file was taken', () => {
    const text = toFile({ sets: [set(1), set(2, without('QTY*KA'))] });
    const [answer] = readAnswers(acknowledge(text, { takesWhole: true }));
    expect(answer).toMatchObject({ result: 'rejected', received: 2, accepted: 0 });
    expect(answer?.sets.map(({ result, problems }) => [result, problems])).toEqual([
      ['rejected', []],
      ['rejected', ['segments in error']],
    ]);
  });

  it('answers every interchange and group, and names what is wrong with a group', () => {
    const group = (n: number, count: number) => [
      `GS*PT*333333333*222222222*20000105*0630*${n}*X*004010`,
      ...set(n),
      `GE*${count}*${n}`,
    ];
    const two = toFile({
      group: group(1, 1)[0] ?? '',
      sets: [group(1, 1).slice(1), group(2, 5)],
      trailer: ['IEA*2*000000001'],
    });
    const other = toFile({
      isa: toIsa({ 13: '000000002' }),
      sets: [set(3)],
      trailer: ['GE*1*1', 'IEA*1*000000002'],
    });
    const answers = readAnswers(acknowledge(two + other));
    expect(
      answers.map(({ controlNumber, result, claimed, problems }) => [
        controlNumber,
        result,
        claimed,
        problems,
      ]),
    ).toEqual([
      ['1', 'accepted', 1, []],
      ['2', 'accepted with errors', 5, ['number of sets is wrong']],
      ['1', 'accepted', 1, []],
    ]);
  });

  it('cannot answer what has no address', () => {
    expect(() => acknowledge('ISA*00*')).toThrow(/Cannot acknowledge the file: no ISA and GS could be read/);
  });

  it('says how many interchanges and groups are more than it answers', () => {
    const groups = (count: number) =>
      toFile({
        sets: Array.from({ length: count - 1 }, (_, at) => [
          `GE*0*${at + 1}`,
          `GS*PT*3*2*20000105*0630*${at + 2}*X*004010`,
        ]),
        trailer: [`GE*0*${count}`, `IEA*${count}*000000001`],
      });
    expect(readAnswers(acknowledge(groups(9_999)))).toHaveLength(9_999);
    expect(() => acknowledge(groups(10_000))).toThrow(
      'Cannot acknowledge the file: it has 10001 interchanges and groups, and at most 10000 are answered',
    );
  });

  it('stays small for a file of very many sets', () => {
    const many = Array.from({ length: 60_000 }, (_, n) => [
      `ST*867*${String(n).padStart(7, '0')}`,
      `SE*2*${String(n).padStart(7, '0')}`,
    ]);
    const [answer] = readAnswers(acknowledge(toFile({ sets: many })));
    expect(answer).toMatchObject({ received: 60_000, accepted: 0, result: 'rejected' });
    expect(answer?.sets.length).toBe(20_000);
  });

  it('can say every segment and element problem that there is', () => {
    const codes = Object.values(answerCodes);
    const segments = new Set(codes.map(({ segment }) => segment));
    const elements = new Set(codes.map(({ element }) => element));
    expect(Object.keys(segmentProblems).filter((code) => !segments.has(code))).toEqual([]);
    expect(Object.keys(elementProblems).filter((code) => !elements.has(code))).toEqual([]);
  });

  it('has words for every code that it uses, and a code for every fault of a set', () => {
    for (const { segment, element, set: setCode } of Object.values(answerCodes)) {
      expect(segment === '' || segment in segmentProblems).toBe(true);
      expect(element === undefined || element in elementProblems).toBe(true);
      expect(setCode in setProblems).toBe(true);
    }
    const outside = [
      'E_EMPTY',
      'E_ISA_MISSING',
      'E_ISA_LEN',
      'E_SEPARATORS',
      'E_END',
      'E_ENVELOPE',
      'E_VERSION',
      'E_ANSWER',
      'W_TEST',
      'W_COUNTS',
    ];
    const missing = Object.keys(x12Faults).filter(
      (code) => !code.startsWith('N_') && !(code in answerCodes) && !outside.includes(code),
    );
    expect(missing).toEqual([]);
  });
});

describe('createAcknowledgementScanner', () => {
  it('names answers by control numbers, with errors in words', () => {
    const text = toFile({
      group: 'GS*FA*222222222*333333333*20000105*0816*502*X*004010',
      sets: [
        toSet(
          [
            'AK1*PT*7',
            'AK2*867*0001',
            'AK3*DTM*10*PTD*8',
            'AK4*6*1251*8*19991332',
            'AK3*QTY*12',
            'AK5*R*5',
            'AK2*867*0002',
            'AK5*A',
            'AK9*P*2*2*1',
          ],
          '0001',
          '997',
        ),
      ],
      trailer: ['GE*1*502', 'IEA*1*000000001'],
    });
    expect(readAnswers(text)).toEqual([
      {
        line: 4,
        sender: '222222222',
        receiver: '333333333',
        functionalId: 'PT',
        controlNumber: '7',
        result: 'partly accepted',
        claimed: 2,
        received: 2,
        accepted: 1,
        problems: [],
        sets: [
          {
            setId: '867',
            controlNumber: '0001',
            result: 'rejected',
            problems: ['segments in error'],
            segments: [
              {
                segmentId: 'DTM',
                position: 10,
                problem: 'element errors',
                elements: [{ position: '6', dataElement: '1251', problem: 'invalid date', text: '19991332' }],
              },
              { segmentId: 'QTY', position: 12, problem: 'element errors', elements: [] },
            ],
          },
          { setId: '867', controlNumber: '0002', result: 'accepted', problems: [], segments: [] },
        ],
      },
    ]);
  });

  it('hands nothing on of a 997 that was cut', () => {
    const answers: GroupAnswer[] = [];
    const whole = acknowledge(toFile());
    for (let length = 0; length < whole.lastIndexOf('~', whole.indexOf('GE*')); length++) {
      const scanner = createAcknowledgementScanner({
        profile: 'california',
        now,
        onAnswer: (answer) => answers.push(answer),
      });
      scanner.push(toBytes(whole.slice(0, length)));
      expect(scanner.end().isRefused).toBe(true);
    }
    expect(answers).toEqual([]);
  });
});
