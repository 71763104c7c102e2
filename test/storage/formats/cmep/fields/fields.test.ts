import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCrc16, toCrcText } from '../../../../../storage/formats/cmep/fields/crc16.ts';
import { findIntervalStep, toNextStamp } from '../../../../../storage/formats/cmep/fields/interval-step.ts';
import { isImprecise, readNumber } from '../../../../../storage/formats/cmep/fields/number-reader.ts';
import { StampReader } from '../../../../../storage/formats/cmep/fields/stamp-reader.ts';
import { toBytes } from '../../scan.ts';

function readStamp(text: string, reader = new StampReader()): number {
  const bytes = toBytes(text);
  return reader.read({ bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) }, 0);
}

describe('StampReader', () => {
  it('reads what Date reads, in any order', () => {
    const reader = new StampReader();
    const instants = fc.date({
      min: new Date('0001-01-01T00:00Z'),
      max: new Date('9999-12-31T23:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, (date) => {
        const text = date.toISOString().replace(/[-T:]/g, '').slice(0, 12);
        expect(readStamp(text, reader)).toBe(Math.floor(date.getTime() / 60_000));
      }),
    );
  });

  it.each([
    '199804012400',
    '199804010060',
    '199804310000',
    '199802290000',
    '199800010000',
    '1998040109:0',
    '19980401090 ',
    '/99804010900',
  ])('refuses %s', (text) => expect(readStamp(text)).toBeNaN());

  it('takes 29 February of a leap year', () => {
    expect(readStamp('200002290000')).toBe(Date.UTC(2000, 1, 29) / 60_000);
  });
});

describe('readNumber', () => {
  const read = (text: string) => readNumber(toBytes(text), 0, text.length);

  it.each([
    ['0', 0],
    ['-12.5', -12.5],
    ['+3', 3],
    ['1.5E2', 150],
    ['1d-1', 0.1],
    ['1234567890.12345', 1234567890.12345],
  ])('reads %s', (text, value) => expect(read(text)).toBe(value));

  it.each([
    '',
    '-',
    '.',
    '1.',
    '.1',
    '1e',
    '1e+',
    '1 2',
    '0x1',
    '1_0',
    'Infinity',
    '1.2.3',
    '12345678901234567',
    '1E300',
  ])('refuses "%s"', (text) => expect(read(text)).toBeNaN());

  const isCut = (text: string) => isImprecise(toBytes(text), 0, text.length);

  it.each([
    '0.123456',
    '12345678901',
    '-12345678901.1',
    '1E10',
    '1E12',
    '-9d10',
    '1E290',
    '1E-6',
    '1E-290',
    '12345.6E6',
    '1.5E-5',
    '.5E-5',
  ])('knows that receivers cut %s', (text) => expect(isCut(text)).toBe(true));

  it.each([
    '0.123450',
    '1234567890.12345',
    '00000000012345',
    '-1234567890',
    '1E9',
    '1E-5',
    '1.5e-4',
    '123456789012E-2',
    '0E12',
    '0.123456E+1',
    '12345678901E-1',
  ])('knows that receivers keep %s', (text) => expect(isCut(text)).toBe(false));
});

describe('findIntervalStep', () => {
  const find = (text: string) => findIntervalStep(toBytes(text), 0, text.length);

  it.each([
    ['', { months: 0, minutes: 0 }],
    ['00000015', { months: 0, minutes: 15 }],
    ['00000100', { months: 0, minutes: 60 }],
    ['00070000', { months: 0, minutes: 10_080 }],
    ['01000000', { months: 1, minutes: 0 }],
  ])('reads "%s"', (text, step) => expect(find(text)).toEqual(step));

  it.each(['00000007', '00000090', '00000700', '00002400', '00320000', '13000000', '0000015', '000000a5'])(
    'refuses %s',
    (text) => expect(find(text)).toBeUndefined(),
  );

  it('steps by months on the calendar, but not from the 29th', () => {
    const month = { months: 1, minutes: 0 };
    const at = (text: string) => Date.parse(`${text}Z`) / 60_000;
    expect(toNextStamp(at('1998-12-01T08:00'), month)).toBe(at('1999-01-01T08:00'));
    expect(toNextStamp(at('1998-01-28T08:00'), month, -1)).toBe(at('1997-12-28T08:00'));
    expect(toNextStamp(at('1998-01-29T08:00'), month)).toBeNaN();
  });
});

describe('toCrc16', () => {
  it.each([
    ['arc', 'HBB3D'],
    ['ccitt-false', 'H29B1'],
    ['xmodem', 'H31C3'],
  ] as const)('has the check value of %s', (name, text) => {
    expect(toCrcText(toCrc16(toBytes('x123456789x'), 1, 10, name))).toBe(text);
  });
});
