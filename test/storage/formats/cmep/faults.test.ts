import { describe, expect, it } from 'vitest';
import { cmepFaults } from '../../../../storage/formats/cmep/faults.ts';
import { maxDistinctMeters } from '../../../../storage/formats/summary-tally.ts';
import { now, scan, scanChunks, toBytes } from '../scan.ts';
import { type BadFile, profileFaultFiles } from './profile-fault-files.ts';
import { toRecord, toTouRecord } from './records.ts';

const quoted = (text: string) => toRecord({ 6: text });
const data = (text: string, count = 1) => toRecord({ 14: String(count) }, text);
const stamp = '199804010900';

/** Every way a file can be wrong, each with what the fault must point at. */
// biome-ignore format: one row a case
const files: readonly BadFile[] = [
  ...profileFaultFiles,
  { code: 'E_EMPTY', why: 'no byte at all', text: '', line: 0, field: 'file', found: '' },
  { code: 'E_EOL', why: 'the last value may be cut', text: data(`${stamp},,12`).trimEnd(), field: 'line', found: 'MEPMD01' },
  { code: 'E_ASCII', why: 'UTF-8 in a name', text: toRecord({ 6: 'Jos\xc3\xa9' }), field: 'Receiver customer ID', found: '\\xc3' },
  { code: 'E_ASCII', why: 'a CR inside a line', text: toRecord({ 4: 'a\rb' }), field: 'Sender customer ID', found: '\\x0d' },
  { code: 'E_ASCII', why: 'a control byte in quotes', text: quoted('"a\tb"'), field: 'Receiver customer ID', found: '\\x09' },
  { code: 'E_LINE_LEN', why: '2047 characters of text', text: `${'x'.repeat(2047)}\r\n`, field: 'line', found: 'xxx' },
  { code: 'E_FIELD_LEN', why: '256 characters and a comma', text: toRecord({ 4: 'x'.repeat(256) }), field: 'Sender customer ID', found: 'xxx' },
  { code: 'E_FIELD_LEN', why: '255 characters, two quotes, a comma', text: quoted(`"${'x'.repeat(254)}"`), field: 'Receiver customer ID', found: '"xxx' },
  { code: 'E_QUOTE', why: 'no closing quote', text: quoted('"ACME'), field: 'Receiver customer ID', found: '"ACME' },
  { code: 'E_QUOTE', why: 'a quote inside', text: quoted('AC"ME'), field: 'Receiver customer ID', found: '"ME' },
  { code: 'E_QUOTE', why: 'text after the quote', text: quoted('"AC"ME'), field: 'Receiver customer ID', found: '"AC"ME' },
  { code: 'E_QUOTE', why: 'doubled quotes', text: quoted('"AC""ME"'), field: 'Receiver customer ID', found: '"AC""ME"' },
  { code: 'E_BLANK_LINE', why: 'a line without text', text: `${toRecord()}\r\n`, line: 2, field: 'line', found: '' },
  { code: 'E_TYPE', why: 'a header line', text: 'RecordType,Version\r\n', field: 'Record Type', found: 'RecordType' },
  { code: 'E_TYPE', why: 'a type that never was', text: toRecord({ 1: 'MEPRD01' }), field: 'Record Type', found: 'MEPRD01' },
  { code: 'E_VERSION', why: 'no real day', text: toRecord({ 2: '19970231' }), field: 'Record Version', found: '19970231' },
  { code: 'E_VERSION', why: 'no date', text: toRecord({ 2: '1' }), field: 'Record Version', found: '1' },
  { code: 'E_REQUIRED', why: 'no sender', text: toRecord({ 3: '' }), field: 'Sender ID', found: '' },
  { code: 'E_REQUIRED', why: 'no receiver in strict', text: toRecord({ 5: '' }), field: 'Receiver ID', found: '' },
  { code: 'E_REQUIRED', why: 'no time stamp', text: toRecord({ 7: '' }), field: 'Time stamp', found: '' },
  { code: 'E_REQUIRED', why: 'no meter', text: toRecord({ 8: '' }), field: 'Meter ID', found: '' },
  { code: 'E_REQUIRED', why: 'no purpose', text: toRecord({ 9: '' }), field: 'Purpose', found: '' },
  { code: 'E_REQUIRED', why: 'no commodity', text: toRecord({ 10: '' }), field: 'Commodity', found: '' },
  { code: 'E_REQUIRED', why: 'no unit', text: toRecord({ 11: '' }), field: 'Units', found: '' },
  { code: 'E_REQUIRED', why: 'no count', text: toRecord({ 14: '' }), field: 'Count', found: '' },
  { code: 'E_REQUIRED', why: 'no begin of the period', text: toTouRecord({ 14: '' }), field: 'Data Start Time', found: '' },
  { code: 'E_REQUIRED', why: 'unmetered without an account', text: toRecord({ 4: '', 6: '', 8: 'UNMETERED' }), field: 'Sender customer ID', found: '' },
  { code: 'E_REQUIRED', why: 'a Sensus key that names no meter', text: toRecord({ 4: 'U:100000', 8: '' }), profile: 'sensus-rni', field: 'Meter ID', found: '' },
  { code: 'E_DATETIME', why: '24:00', text: data('199804012400,,1'), field: 'Data 1 stamp', found: '199804012400' },
  { code: 'E_DATETIME', why: 'minute 60', text: data('199804010960,,1'), field: 'Data 1 stamp', found: '199804010960' },
  { code: 'E_DATETIME', why: '29 February of no leap year', text: data('190002290900,,1'), field: 'Data 1 stamp', found: '190002290900' },
  { code: 'E_DATETIME', why: 'seconds too many', text: toRecord({ 7: '19980402083000' }), field: 'Time stamp', found: '19980402083000' },
  { code: 'E_DATETIME', why: 'month 13 of a period', text: toTouRecord({ 15: '199813010800' }), field: 'Data Timestamp', found: '199813010800' },
  { code: 'E_PURPOSE', why: 'mixed case, as SCE once wrote', text: toRecord({ 9: 'History' }), field: 'Purpose', found: 'History' },
  { code: 'E_COMMODITY', why: 'no such commodity', text: toRecord({ 10: 'X' }), field: 'Commodity', found: 'X' },
  { code: 'E_UNITS', why: 'a unit of Sensus in strict', text: toRecord({ 11: 'SKWHREG' }), field: 'Units', found: 'SKWHREG' },
  { code: 'E_UNITS', why: 'lower case', text: toRecord({ 11: 'kwh' }), field: 'Units', found: 'kwh' },
  { code: 'E_FLAG', why: 'there is no flag V', text: data(`${stamp},V,1`), field: 'Data 1 flag', found: 'V' },
  { code: 'E_FLAG', why: 'a Sensus mask in strict', text: data(`${stamp},R0,1`), field: 'Data 1 flag', found: 'R0' },
  { code: 'E_FLAG', why: 'a mask beyond 32 bits', text: data(`${stamp},R4294967296,1`), profile: 'sensus-rni', field: 'Data 1 flag', found: 'R4294967296' },
  { code: 'E_FLAG', why: 'one byte instead of two', text: data(`${stamp},R 00,1`), profile: 'smartsynch', field: 'Data 1 flag', found: 'R 00' },
  { code: 'E_LABEL', why: 'no such label', text: toTouRecord({ 16: '1' }, 'NIGHT,,1'), field: 'Data 1 label', found: 'NIGHT' },
  { code: 'E_LABEL', why: 'a label twice', text: toTouRecord({ 16: '2' }, 'TOTAL,,1,TOTAL,,1'), field: 'Data 2 label', found: 'TOTAL' },
  { code: 'E_SEASON', why: 'no such season', text: toTouRecord({ 12: 'X' }), field: 'Season identifier', found: 'X' },
  { code: 'E_NUMBER', why: 'hexadecimal', text: data(`${stamp},,HFF`), field: 'Data 1 value', found: 'HFF' },
  { code: 'E_NUMBER', why: 'no digit before the point', text: data(`${stamp},,.5`), field: 'Data 1 value', found: '.5' },
  { code: 'E_NUMBER', why: 'no digit after the point', text: data(`${stamp},,5.`), field: 'Data 1 value', found: '5.' },
  { code: 'E_NUMBER', why: 'not a number', text: data(`${stamp},,NaN`), field: 'Data 1 value', found: 'NaN' },
  { code: 'E_NUMBER', why: 'not finite', text: data(`${stamp},,1E999`), field: 'Data 1 value', found: '1E999' },
  { code: 'E_NUMBER', why: '17 characters', text: data(`${stamp},,12345678901234567`), field: 'Data 1 value', found: '12345678901234567' },
  { code: 'E_NUMBER', why: 'a multiplier of zero', text: toRecord({ 12: '0.0' }), field: 'Calculation Constant', found: '0.0' },
  { code: 'E_NUMBER', why: 'a multiplier of zero for time of use', text: toTouRecord({ 13: '0' }), field: 'Calculation Constant', found: '0' },
  { code: 'E_NUMBER', why: 'a multiplier that is none', text: toRecord({ 12: 'x' }), field: 'Calculation Constant', found: 'x' },
  { code: 'E_INTERVAL', why: 'does not divide the hour', text: toRecord({ 13: '00000007' }), field: 'Interval', found: '00000007' },
  { code: 'E_INTERVAL', why: 'does not divide the day', text: toRecord({ 13: '00000500' }), field: 'Interval', found: '00000500' },
  { code: 'E_INTERVAL', why: 'plain minutes', text: toRecord({ 13: '60' }), field: 'Interval', found: '60' },
  { code: 'E_INTERVAL', why: 'minute 90', text: toRecord({ 13: '00000090' }), field: 'Interval', found: '00000090' },
  { code: 'E_COUNT', why: 'more than 48', text: toRecord({ 14: '49' }), field: 'Count', found: '49' },
  { code: 'E_COUNT', why: 'zero', text: toRecord({ 14: '0' }), field: 'Count', found: '0' },
  { code: 'E_COUNT', why: 'more than 6 of MEPMD02', text: toTouRecord({ 16: '7' }), field: 'Count', found: '7' },
  { code: 'E_COUNT', why: 'a whole triplet is missing', text: toRecord({ 14: '5' }), field: 'Count', found: '5' },
  { code: 'E_COUNT', why: 'a triplet too many', text: toRecord({ 14: '3' }), field: 'Count', found: '3' },
  { code: 'E_TRUNCATED', why: 'cut in the header', text: 'MEPMD01,19970819,123\r\n', field: 'Sender ID', found: '123' },
  { code: 'E_TRUNCATED', why: 'cut in a triplet', text: data(`${stamp},,1,199804011000,`, 2), field: 'Data 2 flag', found: '' },
  { code: 'E_TRUNCATED', why: 'a CRC in place of the last value', text: data(`${stamp},,H58E3`), field: 'CRC', found: 'H58E3' },
  { code: 'E_EXCESS', why: 'a comma too many', text: data(`${stamp},,1,,`), field: 'Data 2 flag', found: '' },
  { code: 'E_CRC_FORM', why: 'text in the CRC slot', text: data(`${stamp},,1,x`), field: 'CRC', found: 'x' },
  { code: 'E_FIRST_STAMP', why: 'the first stamp is omitted', text: data(',,1'), field: 'Data 1 stamp', found: '' },
  { code: 'E_STAMP_NO_INTERVAL', why: 'nothing to calculate from', text: toRecord({ 13: '' }), field: 'Data 2 stamp', found: '' },
  { code: 'E_STAMP_NO_INTERVAL', why: 'a zero interval', text: toRecord({ 13: '00000000' }), field: 'Data 2 stamp', found: '' },
  { code: 'E_MONTH_STEP', why: 'a month after the 31st', text: toRecord({ 13: '01000000', 14: '2' }, '199801310800,,1,,,2'), field: 'Data 2 stamp', found: '' },
  { code: 'E_ORDER', why: 'the same stamp twice', text: data(`${stamp},,1,${stamp},,1`, 2), field: 'Data 2 stamp', found: stamp },
  { code: 'E_ORDER', why: 'a period that ends as it starts', text: toTouRecord({ 14: '199804010800' }), field: 'Data Timestamp', found: '199804010800' },
  { code: 'E_EMPTY_VALUE', why: 'a validated zero would be invented', text: data(`${stamp},,`), field: 'Data 1 value', found: '' },
  { code: 'W_OPEN_END', why: 'no line end after the CRC slot', text: data(`${stamp},,12,`).trimEnd(), field: 'line', found: 'MEPMD01' },
  { code: 'W_VERSION', why: 'a date never announced', text: toRecord({ 2: '20010101' }), field: 'Record Version', found: '20010101' },
  { code: 'W_CRC', why: 'another CRC', text: data(`${stamp},,1,H0000`), field: 'CRC', found: 'H0000' },
  { code: 'W_PRECISION', why: 'six places', text: data(`${stamp},,0.123456`), field: 'Data 1 value', found: '0.123456' },
  { code: 'E_DATETIME', why: 'an omitted stamp after the year 9999', text: data('999912312300,,1,,,2', 2), field: 'Data 2 stamp', found: '' },
  { code: 'W_PRECISION', why: 'an exponent', text: data(`${stamp},,1E290`), field: 'Data 1 value', found: '1E290' },
  { code: 'W_PRECISION', why: 'eleven digits', text: data(`${stamp},,12345678901`), field: 'Data 1 value', found: '12345678901' },
  { code: 'W_N_VALUE', why: 'filler beside N', text: data(`${stamp},N,0`), field: 'Data 1 value', found: '0' },
  { code: 'W_TRIM', why: 'a blank at the end', text: toRecord({ 5: '987654321 ' }), field: 'Receiver ID', found: '987654321 ' },
  { code: 'W_LEN_PGE', why: 'a meter of 13 characters', text: toRecord({ 8: 'EL12345678901' }), field: 'Meter ID', found: 'EL12345678901' },
  { code: 'W_REG_PAIR', why: 'one read only', text: toRecord({ 11: 'KWHREG', 14: '1' }, `${stamp},,5`), field: 'Count', found: '1' },
  { code: 'W_REG_PAIR', why: 'a falling register', text: toRecord({ 11: 'KWHREG', 14: '2' }, `${stamp},,5,,,4`), field: 'Data 2 value', found: '4' },
  { code: 'N_LF', why: 'LF alone', text: toRecord().replace('\r', ''), field: 'line', found: 'MEPMD01' },
  { code: 'N_COMMODITY', why: 'gallons of electricity', text: toRecord({ 11: 'GAL' }), field: 'Units', found: 'GAL' },
  { code: 'N_NEGATIVE', why: 'negative energy', text: data(`${stamp},,-1`), field: 'Data 1 value', found: '-1' },
  { code: 'N_TOU_TOTAL', why: 'a total that is none', text: toTouRecord({}, 'ON-PEAK,,1,OFF-PEAK,,2,TOTAL,,3.1'), field: 'Data 3 value', found: '3.1' },
];

describe('CMEP faults', () => {
  it.each(files)('$code: $why', ({ code, text, profile = 'strict', line = 1, field, found }) => {
    const { faults, faultCounts, isRefused, sets } = scan('cmep', toBytes(text), profile);
    const fault = faults.find((one) => one.code === code);
    expect(fault, JSON.stringify(faultCounts)).toMatchObject({ line, field, level: cmepFaults[code].level });
    expect(fault?.text.startsWith(found)).toBe(true);
    if (found !== '' && !found.startsWith('\\x'))
      expect(text.indexOf(found, fault?.byteOffset)).toBe(fault?.byteOffset);
    if (cmepFaults[code].level !== 'error') return;
    expect(isRefused).toBe(true);
    expect(sets.filter(({ set }) => set.line === line)).toEqual([]);
  });

  it('finds no other error than the one of the case', () => {
    for (const { code, text, profile = 'strict', why } of files) {
      const found = Object.keys(scan('cmep', toBytes(text), profile).faultCounts);
      const others = found.filter((one) => one.startsWith('E_') && one !== code);
      expect(others, `${code}: ${why}`).toEqual([]);
    }
  });

  it('says once that there are more meters than it counts', () => {
    const meters = maxDistinctMeters + 2;
    function* chunks() {
      for (let i = 0; i < meters; i++) yield toBytes(toRecord({ 8: `M${i}`, 14: '1' }, `${stamp},,1`));
    }
    const { summary, faultCounts, isRefused } = scanChunks('cmep', chunks(), { profile: 'strict', now });
    expect(faultCounts).toEqual({ C_CAP: 1, N_METER_CAP: 1 });
    expect(summary).toMatchObject({ meters: maxDistinctMeters, readings: meters });
    expect(isRefused).toBe(false);
  });

  it('has a case for every code', () => {
    const covered = new Set<string>([...files.map(({ code }) => code), 'N_METER_CAP', 'N_LOCAL_CAP']);
    expect(Object.keys(cmepFaults).filter((code) => !covered.has(code))).toEqual([]);
  });
});
