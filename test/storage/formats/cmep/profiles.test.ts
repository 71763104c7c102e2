import { describe, expect, it } from 'vitest';
import { toAlarmNames } from '../../../../storage/formats/cmep/alarm-names.ts';
import { toCrc16, toCrcText } from '../../../../storage/formats/cmep/fields/crc16.ts';
import { cmepProfiles, getCmepProfile } from '../../../../storage/formats/cmep/profiles.ts';
import { switchNames } from '../../../../storage/formats/cmep/switches.ts';
import { type Scanned, scan, toBytes } from '../scan.ts';
import { headings, toEquipmentRecord, toRecord, toTabbed, toTouRecord } from './records.ts';

const withCrc = (record: string) => {
  const text = record.trimEnd();
  return `${text}${toCrcText(toCrc16(toBytes(text), 0, text.length, 'ccitt-false'))}\r\n`;
};
const line = (fields: string) => `${fields}\r\n`;
/** What the format itself finds; the checks beyond syntax have their own tests. */
const codesOf = ({ faultCounts }: Scanned) =>
  Object.keys(faultCounts).filter((code) => !code.startsWith('C_'));
const valuesOf = ({ sets }: Scanned) =>
  sets.flatMap(({ readings }) => readings.map(({ value, quality }) => [value, quality]));

/** What each sender writes; none may have an error, and what is named may be found beside. */
// biome-ignore format: one row a case
const dialects: readonly { profile: string; why: string; text: string; milder?: readonly string[]; values: readonly unknown[] }[] = [
  { profile: 'yukon', why: 'one triplet, no Interval, constant 1.0', text: line('MEPMD01,19970819,CANNON,,,,200904020830,M1,OK,E,KWH,1.0,,1,200904010900,R 00 00,12.5'), values: [['12.5', 'raw']] },
  { profile: 'nisc-dcsi', why: 'A is a good reading, N0 none', text: line('MEPMD01,19970819,DCSI,,,,201407071645,M1,OK,E,KWH,1,00000100,2,201407060100,A,1.25,201407060200,N0,'), values: [['1.25', 'validated'], ['', 'missing']] },
  { profile: 'nisc-dcsi', why: 'a register row with a zero Interval', text: line('MEPMD01,19970819,DCSI,,,,201407071645,M1,OK,E,KWHREG,1,00000000,1,201407060500,A,1050'), milder: ['W_REG_PAIR'], values: [['1050', 'validated']] },
  { profile: 'nisc-dcsi:a-adjusted', why: 'A as the protocol has it', text: line('MEPMD01,19970819,DCSI,,,,201407071645,M1,OK,E,KWH,1,00000100,1,201407060100,A,1.25'), values: [['1.25', 'adjusted']] },
  { profile: 'schneider', why: 'marks between triplets, stamps after the first left out', text: line('MEPMD01,19970819,Schneider Electric,,R,"SECN\\Schneider Electric China|SBMV\\Beijing",201308010358,SBMV.1,OK,E,KWH,1,00000015,3,201308010300,,1.500000#,,,2.25#,,,3'), values: [['1.500000', 'validated'], ['2.25', 'validated'], ['3', 'validated']], milder: ['W_LEN_PGE'] },
  { profile: 'sce-1998', why: 'history in mixed case', text: toRecord({ 2: '19990504', 9: 'History', 14: '1' }, '199804010900,,1'), milder: ['W_CASE'], values: [['1', 'validated']] },
  { profile: 'sce-1998', why: 'the version of 1999 in MEPMD02', text: toTouRecord({ 2: '19990504', 16: '1' }, 'TOTAL,,1'), values: [['1', 'validated']] },
  { profile: 'sensus-rni', why: 'TOU data types and renamed rates', text: toTouRecord({ 2: '20080501', 4: 'SPS:133060', 5: '17', 6: 'EL123456', 12: '3', 16: '2' }, 'RATE_A,R0,1,RATE_F,R0,2'), values: [['1', 'raw'], ['2', 'raw']] },
  { profile: 'sensus-rni', why: 'values that are times', text: toRecord({ 11: 'TIME', 14: '1' }, '199804010900,R0,199804010859'), values: [['199804010859', 'raw']] },
  { profile: 'sensus-rni', why: 'a mask with the last bit', text: toRecord({ 14: '1' }, '199804010900,D4294967295,1'), values: [['1', 'estimated']] },
  { profile: 'strict:bare-fraction', why: 'a point first', text: toRecord({ 11: 'KVARH', 14: '3' }, '199804010900,,.5,,,-.25,,,+.5E1'), values: [['0.5', 'validated'], ['-0.25', 'validated'], ['+0.5E1', 'validated']] },
  { profile: 'strict:empty-value', why: 'an empty value, the protocol’s zero', text: toRecord({ 14: '2' }, '199804010900,,,,E,'), milder: ['W_EMPTY_VALUE'], values: [['0', 'validated'], ['0', 'estimated']] },
  { profile: 'strict:case', why: 'all in lower case', text: toRecord().toLowerCase(), milder: ['W_CASE'], values: [['12.5', 'validated'], ['13.25', 'validated'], ['13', 'estimated'], ['', 'missing']] },
  { profile: 'strict:doubled-quotes', why: 'quotes inside quotes', text: toRecord({ 6: '"AC""ME"', 14: '1' }, '199804010900,,1'), values: [['1', 'validated']] },
  { profile: 'strict:end-mark', why: 'an end mark', text: `${toRecord({ 14: '1' }, '199804010900,,1')}\x1a`, milder: ['W_SKIPPED'], values: [['1', 'validated']] },
  { profile: 'strict:byte-order-mark', why: 'a byte order mark', text: `\xef\xbb\xbf${toRecord({ 14: '1' }, '199804010900,,1')}`, milder: ['W_SKIPPED'], values: [['1', 'validated']] },
  { profile: 'strict:long-minutes', why: '90 minutes', text: toRecord({ 13: '00000090', 14: '2' }, '199804010900,,1,,,2'), milder: ['W_INTERVAL'], values: [['1', 'validated'], ['2', 'validated']] },
  { profile: 'strict:unknown-units', why: 'a unit as it stands', text: toRecord({ 11: 'CCF-C', 10: 'G', 14: '1' }, '199804010900,,1'), milder: ['W_UNITS'], values: [['1', 'validated']] },
  { profile: 'strict:tab', why: 'tabs, and a line of headings', text: headings + toTabbed(toRecord()), milder: ['W_SKIPPED'], values: [['12.5', 'validated'], ['13.25', 'validated'], ['13', 'estimated'], ['', 'missing']] },
  { profile: 'strict:tab', why: 'tabs without headings, a comma and a CRC slot', text: toTabbed(toRecord({ 14: '1' }, '199804010900,R,-1,')).replace('ESP-0042', 'ACME, INC'), milder: ['N_NEGATIVE'], values: [['-1', 'raw']] },
  { profile: 'strict:tab', why: 'quoted text', text: toTabbed(toRecord({ 6: '" x "', 14: '1' }, '199804010900,,1')), values: [['1', 'validated']] },
  { profile: 'strict:tab', why: 'times of use', text: toTabbed(toTouRecord({ 16: '1' }, 'TOTAL,,1')), values: [['1', 'validated']] },
  { profile: 'strict:crc-ccitt-false', why: 'a right CRC at an open end', text: withCrc(toRecord({ 14: '1' }, '199804010900,,1,')).trimEnd(), milder: ['W_OPEN_END'], values: [['1', 'validated']] },
  { profile: 'strict', why: 'an empty CRC slot at an open end', text: toRecord({ 14: '1' }, '199804010900,,1,').trimEnd(), milder: ['W_OPEN_END'], values: [['1', 'validated']] },
  { profile: 'sensus-rni', why: 'a raw value at an open end', text: toRecord({ 14: '2' }, '199804010900,,1,,R0,2').trimEnd(), milder: ['W_OPEN_END'], values: [['1', 'validated'], ['2', 'raw']] },
  { profile: 'strict:crc-ccitt-false', why: 'another CRC, as agreed', text: withCrc(toRecord({ 14: '1' }, '199804010900,,1,')), values: [['1', 'validated']] },
];

/** Records that hold no readings and pass through. */
// biome-ignore format: one row a case
const passing: readonly { why: string; text: string; profile?: string; milder?: readonly string[] }[] = [
  { why: 'equipment with parameters', text: toEquipmentRecord() },
  { why: 'equipment without parameters', text: toEquipmentRecord({ 22: '0' }, '') },
  { why: 'equipment with its CRC slot', text: toEquipmentRecord({ 22: '1' }, 'NOTE,"a, b",') },
  { why: 'a parameter that looks like a CRC', text: toEquipmentRecord({ 22: '1' }, 'NOTE,H58E3') },
  { why: 'equipment of Sensus, not installed', text: toEquipmentRecord({ 2: '20080501', 20: '', 22: '2' }, 'LAT,37.1,INTLEN,15'), profile: 'sensus-rni' },
  { why: 'a serial number that PG&E would cut', text: toEquipmentRecord({ 17: 'x'.repeat(23) }), milder: ['W_LEN_PGE'] },
  { why: 'a service request', text: 'MEPAD01,19970912,a,b,c,d,199804020830,1,MD-REQ,1,MTR-RDR,UPDATE,,,"x, y",,,\r\n', milder: ['N_UNREAD'] },
  ...['MEPAD02', 'MEPBD01', 'MEPBD02', 'MEPBD03', 'MEPLF01', 'MEPRR01'].map((type) => ({ why: `${type}, whose layout is unknown`, text: `${type},19970819,a,b,c,d,199804020830,"what, ever",1,,\r\n`, milder: ['N_UNREAD'] })),
  { why: 'no alarm', text: 'MLA01,20080501,SENSUS,SPS:133000,17,B72,201001010000,B72,OK,E,METERDQ,,,1,201001010000,R0,0\r\n', profile: 'sensus-rni' },
  { why: 'two alarms at one minute', text: 'MLA01,20080501,SENSUS,SPS:133000,17,B72,201001010000,B72,OK,E,METERDQ,,,2,201001010000,R0,1,201001010000,R0,9223372036854775812\r\n', profile: 'sensus-rni', milder: ['N_ALARM'] },
  { why: 'a type of nobody', text: 'MEPXX01,19970819,a,b,c,d,199804020830,x\r\n', profile: 'strict:unknown-types', milder: ['W_TYPE'] },
];

describe('CMEP profiles', () => {
  it.each(dialects)('$profile takes $why', ({ profile, text, milder = [], values }) => {
    const found = scan('cmep', toBytes(text), profile);
    expect(codesOf(found)).toEqual(milder);
    expect(found.isRefused).toBe(false);
    expect(valuesOf(found)).toEqual(values);
  });

  it.each([24, 48, 96, 288])('nisc-dcsi takes %i triplets in a line', (count) => {
    const data = Array.from({ length: count }, (_, i) => (i === 0 ? '201407060005,A,1.5' : `,A,${i}`)).join(
      ',',
    );
    const text = line(`MEPMD01,19970819,DCSI,,,,201407081645,M1,OK,E,KWH,1,00000005,${count},${data}`);
    const { sets, faultCounts } = scan('cmep', toBytes(text), 'nisc-dcsi');
    expect(faultCounts).toEqual({});
    expect(sets[0]?.readings).toHaveLength(count);
    expect(sets[0]?.readings.at(-1)?.value).toBe(String(count - 1));
  });

  it.each(passing)('checks and passes through: $why', ({ text, profile = 'strict', milder = [] }) => {
    const found = scan('cmep', toBytes(text + toRecord()), profile);
    const { sets, summary } = found;
    expect(codesOf(found)).toEqual(milder);
    expect(summary).toMatchObject({ records: 2, readingSets: 1 });
    expect(sets.map(({ set }) => set.line)).toEqual([2]);
  });

  it('names alarms, also those without a name', () => {
    expect(toAlarmNames(0n)).toEqual([]);
    expect(toAlarmNames((1n << 63n) | (1n << 62n) | 4n)).toEqual(['tamper', 'over temperature', 'bit 63']);
    const text =
      'MLA01,20080501,SENSUS,SPS:133000,17,B72,201001010000,B72,OK,E,METERDQ,,,1,201001010000,R0,9223372036854775812\r\n';
    expect(scan('cmep', toBytes(text), 'sensus-rni').faults[0]?.message).toBe('Alarms: tamper, bit 63.');
  });

  it('gives quotes inside quotes once', () => {
    const { sets } = scan('cmep', toBytes(toRecord({ 6: '"AC""ME"' })), 'strict:doubled-quotes');
    expect(sets[0]?.set.receiverAccount).toBe('AC"ME');
  });

  it.each([...cmepProfiles.map(({ name }) => name), 'strict:lenient'])(
    'refuses what NHEC uploads, whose stamps would be taken an interval off: %s',
    (profile) => {
      // Empty fields as `None`, the Interval in minutes (CMEP facts, section 14.2).
      const text =
        'MEPMD01,19970819,NHEC,None,NHEC,None,201407071645,M1,OK,E,KWH,1,60,2,201407060000,R,1.25,201407060100,R,1.5\n' +
        'MEPMD01,19970819,NHEC,None,NHEC,None,201407071645,M1,OK,E,KWH,None,00000100,1,201407060000,R,1.25\n';
      const { sets, faultCounts } = scan('cmep', toBytes(text), profile);
      expect(faultCounts).toMatchObject({ E_INTERVAL: 1, E_NUMBER: 1 });
      expect(sets).toEqual([]);
    },
  );

  it('leaves all switches off in strict, and all on in lenient', () => {
    expect(getCmepProfile('strict').allows.size).toBe(0);
    expect([...getCmepProfile('strict:lenient').allows]).toEqual(switchNames);
  });

  it('applies settings in their order and keeps them in the name', () => {
    const profile = getCmepProfile('nisc-dcsi:a-adjusted:a-good:local-stamps');
    expect(profile).toMatchObject({
      name: 'nisc-dcsi:a-adjusted:a-good:local-stamps',
      stampZone: 'America/Los_Angeles',
    });
    expect(profile.flags.A).toBe('validated');
    expect(cmepProfiles.find(({ name }) => name === 'nisc-dcsi')?.stampZone).toBeUndefined();
  });

  it.each(['strict:sloppy', 'strict:', 'strict:constructor'])('refuses %s, naming the settings', (text) => {
    expect(() => getCmepProfile(text)).toThrow(/expected a setting: local-stamps, .*unknown-types/);
  });
});
