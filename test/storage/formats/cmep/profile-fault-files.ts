import type { cmepFaults } from '../../../../storage/formats/cmep/faults.ts';
import { headings, toEquipmentRecord, toRecord, toTabbed, toTouRecord } from './records.ts';

/** A file with a fault, and what the fault must point at. */
export interface BadFile {
  readonly code: keyof typeof cmepFaults;
  readonly why: string;
  readonly text: string;
  readonly profile?: string;
  readonly line?: number;
  /** Name of the field that the fault must name. */
  readonly field: string;
  /** The offending text that the fault must show. */
  readonly found: string;
}

const data = (text: string, count = 1) => toRecord({ 14: String(count) }, text);
const stamp = '199804010900';
const alarm = (values: string, change: Readonly<Record<number, string>> = {}) =>
  toRecord({ 1: 'MLA01', 2: '20080501', 11: 'METERDQ', 13: '', 14: '1', ...change }, values);
const local = (values: string, count: number) =>
  toRecord({ 7: '200612010000', 13: '00000015', 14: String(count) }, values);

/** Faults of record types beside meter data, and of profiles beside `strict`. */
// biome-ignore format: one row a case
export const profileFaultFiles: readonly BadFile[] = [
  { code: 'E_TYPE', why: 'an alarm of Sensus in strict', text: alarm(`${stamp},R0,4`), field: 'Record Type', found: 'MLA01' },
  { code: 'E_TYPE', why: 'lower case', text: toRecord({ 1: 'mepmd01' }), field: 'Record Type', found: 'mepmd01' },
  { code: 'E_VERSION', why: 'no date, in a record of unknown layout', text: 'MEPBD01,1,a,b,c,d,199804020830,x\r\n', field: 'Record Version', found: '1' },
  { code: 'E_REQUIRED', why: 'no sender, in a record of unknown layout', text: 'MEPLF01,19970819,,b,c,d,199804020830,x\r\n', field: 'Sender ID', found: '' },
  { code: 'E_DATETIME', why: 'no time stamp, in a record of unknown layout', text: 'MEPRR01,19970819,a,b,c,d,x,y\r\n', field: 'Time stamp', found: 'x' },
  { code: 'E_TRUNCATED', why: 'a record of unknown layout without its common fields', text: 'MEPBD03,19970819,a\r\n', field: 'Sender ID', found: 'a' },
  { code: 'E_EOL', why: 'a record of unknown layout, cut at a comma', text: 'MEPAD02,19970819,a,b,c,d,199804020830,x,', field: 'line', found: 'MEPAD02' },
  { code: 'E_FIELD_LEN', why: 'a long field in a record of unknown layout', text: `MEPBD02,19970819,a,b,c,d,199804020830,${'x'.repeat(257)}\r\n`, field: 'Field 8', found: 'xxx' },
  { code: 'N_UNREAD', why: 'a record whose layout was never public', text: 'MEPLF01,19970819,a,b,c,d,199804020830,x\r\n', field: 'Record Type', found: 'MEPLF01' },
  { code: 'E_CODE', why: 'no operation of MEPAD01', text: 'MEPAD01,19970912,a,b,c,d,199804020830,1,MD-PLEASE,,\r\n', field: 'Operation Type', found: 'MD-PLEASE' },
  { code: 'E_REQUIRED', why: 'MEPAD01 without an operation', text: 'MEPAD01,19970912,a,b,c,d,199804020830,1,\r\n', field: 'Operation Type', found: '' },
  { code: 'E_CODE', why: 'no operation of MEPEC01', text: toEquipmentRecord({ 9: 'DELETE' }), field: 'Operation Type', found: 'DELETE' },
  { code: 'E_CODE', why: 'no activity', text: toEquipmentRecord({ 13: 'FIX' }), field: 'Activity', found: 'FIX' },
  { code: 'E_CODE', why: 'no equipment', text: toEquipmentRecord({ 14: 'POLE' }), field: 'Equipment Type', found: 'POLE' },
  { code: 'E_CODE', why: 'a parameter of Sensus in strict', text: toEquipmentRecord({ 22: '1' }, 'LAT,37.1'), field: 'Data 1 name', found: 'LAT' },
  { code: 'E_PURPOSE', why: 'no purpose of MEPEC01', text: toEquipmentRecord({ 10: 'HISTORY' }), field: 'Purpose', found: 'HISTORY' },
  { code: 'E_COMMODITY', why: 'no commodity of equipment', text: toEquipmentRecord({ 12: 'X' }), field: 'Commodity', found: 'X' },
  { code: 'E_REQUIRED', why: 'equipment of no type', text: toEquipmentRecord({ 14: '' }), field: 'Equipment Type', found: '' },
  { code: 'E_REQUIRED', why: 'a parameter without a name', text: toEquipmentRecord({ 22: '1' }, ',5'), field: 'Data 1 name', found: '' },
  { code: 'E_DATETIME', why: 'no day of purchase', text: toEquipmentRecord({ 19: '19980231' }), field: 'Date of purchase', found: '19980231' },
  { code: 'E_TEXT_LEN', why: 'a comment of 65 characters', text: toEquipmentRecord({ 11: 'x'.repeat(65) }), field: 'Comment', found: 'xxx' },
  { code: 'E_TEXT_LEN', why: 'a parameter of 31 characters', text: toEquipmentRecord({ 22: '1' }, `NOTE,${'x'.repeat(31)}`), field: 'Data 1 value', found: 'xxx' },
  { code: 'E_UNITS', why: 'demand in an unknown unit', text: toEquipmentRecord({ 22: '1' }, 'DEMAND-TYPE,KW HP'), field: 'Data 1 value', found: 'KW HP' },
  { code: 'E_COUNT', why: '17 parameters', text: toEquipmentRecord({ 22: '17' }), field: 'Parameter count', found: '17' },
  { code: 'E_COUNT', why: 'a parameter is missing', text: toEquipmentRecord({ 22: '4' }), field: 'Parameter count', found: '4' },
  { code: 'E_TRUNCATED', why: 'a parameter without its value', text: toEquipmentRecord({ 22: '2' }, 'FORM,2S,WIRES'), field: 'Data 2 name', found: 'WIRES' },
  { code: 'E_UNITS', why: 'alarms in another unit', text: alarm(`${stamp},R0,4`, { 11: 'KWH' }), profile: 'sensus-rni', field: 'Units', found: 'KWH' },
  { code: 'E_EXCESS', why: 'alarms with an interval', text: alarm(`${stamp},R0,4`, { 13: '00000100' }), profile: 'sensus-rni', field: 'Interval', found: '00000100' },
  { code: 'E_DATETIME', why: 'an alarm at no time', text: alarm(',R0,4'), profile: 'sensus-rni', field: 'Data 1 stamp', found: '' },
  { code: 'E_FLAG', why: 'an alarm with no flag of Sensus', text: alarm(`${stamp},X0,4`), profile: 'sensus-rni', field: 'Data 1 flag', found: 'X0' },
  { code: 'E_NUMBER', why: 'an alarm mask of 65 bits', text: alarm(`${stamp},R0,18446744073709551616`), profile: 'sensus-rni', field: 'Data 1 value', found: '18446744073709551616' },
  { code: 'N_ALARM', why: 'alarms by name', text: alarm(`${stamp},R0,2147483652`), profile: 'sensus-rni', field: 'Data 1 value', found: '2147483652' },
  { code: 'E_DATETIME', why: 'a value of TIME that is none', text: toRecord({ 11: 'TIME', 14: '1' }, `${stamp},R0,199804312400`), profile: 'sensus-rni', field: 'Data 1 value', found: '199804312400' },
  { code: 'W_CRC', why: 'another CRC behind a record of unknown layout', text: 'MEPLF01,19970819,a,b,c,d,199804020830,x,H0000\r\n', field: 'CRC', found: 'H0000' },
  { code: 'E_CRC', why: 'another CRC than the one agreed', text: data(`${stamp},,1,H0000`), profile: 'strict:crc-xmodem', field: 'CRC', found: 'H0000' },
  { code: 'E_CRC', why: 'none, where one is agreed', text: data(`${stamp},,1`), profile: 'strict:crc-arc', field: 'CRC', found: '' },
  { code: 'E_CRC', why: 'an empty slot, where one is agreed', text: data(`${stamp},,1,`), profile: 'strict:crc-arc', field: 'CRC', found: '' },
  { code: 'E_CRC', why: 'none behind equipment', text: toEquipmentRecord(), profile: 'strict:crc-arc', field: 'CRC', found: '' },
  { code: 'E_CRC', why: 'none behind a record of unknown layout', text: 'MEPLF01,19970819,a,b,c,d,199804020830,x\r\n', profile: 'strict:crc-arc', field: 'CRC', found: '' },
  { code: 'E_EOL', why: 'a validated value at an open end', text: data(`${stamp},R0,12,199804011000,,12`, 2).trimEnd(), profile: 'sensus-rni', field: 'line', found: 'MEPMD01' },
  { code: 'E_EOL', why: 'an estimate at an open end', text: data(`${stamp},E,12`).trimEnd(), profile: 'strict:open-end', field: 'line', found: 'MEPMD01' },
  { code: 'E_EOL', why: 'a total at an open end', text: toTouRecord().trimEnd(), profile: 'strict:lenient', field: 'line', found: 'MEPMD02' },
  { code: 'E_EOL', why: 'another CRC at an open end', text: data(`${stamp},,1,H0000`).trimEnd(), field: 'line', found: 'MEPMD01' },
  { code: 'W_CRC', why: 'another CRC, in a profile that says nothing of it', text: data(`${stamp},,1,H0000`), profile: 'yukon', field: 'CRC', found: 'H0000' },
  { code: 'E_ASCII', why: 'tabs where nobody asked for them', text: toTabbed(toRecord()), field: 'Record Type', found: '\\x09' },
  { code: 'E_TYPE', why: 'commas where tabs were asked for', text: toRecord(), profile: 'strict:tab', field: 'Record Type', found: 'MEPMD01,' },
  { code: 'E_TYPE', why: 'a first record that is none, and no headings either', text: toTabbed(toRecord({ 1: 'NEPMD01' })), profile: 'strict:tab', field: 'Record Type', found: 'NEPMD01' },
  { code: 'E_TYPE', why: 'headings further on', text: toTabbed(toRecord()) + headings, profile: 'strict:tab', line: 2, field: 'Record Type', found: 'Record Type' },
  { code: 'W_SKIPPED', why: 'headings', text: headings + toTabbed(toRecord()), profile: 'strict:tab', field: 'line', found: 'Record Type' },
  { code: 'E_LOCAL_GAP', why: 'a time that spring left out', text: local('200604020215,,1', 1), profile: 'local-time', field: 'Data 1 stamp', found: '200604020215' },
  { code: 'E_DATETIME', why: 'a local stamp after the year 9999 of UTC', text: toRecord({ 7: '200612010000', 14: '1' }, '999912312300,,1'), profile: 'local-time', field: 'Data 1 stamp', found: '999912312300' },
  { code: 'E_LOCAL_GAP', why: 'a period that begins in the gap', text: toTouRecord({ 14: '200604020200', 15: '200604100000', 7: '200605010000' }), profile: 'local-time', field: 'Data Start Time', found: '200604020200' },
  { code: 'E_LOCAL_GAP', why: 'a record made in the gap', text: toRecord({ 7: '200604020230' }), profile: 'strict:local-created', field: 'Time stamp', found: '200604020230' },
  { code: 'E_ORDER', why: 'three times the same hour', text: local('200610290115,,1,200610290115,,1,200610290115,,1', 3), profile: 'local-time', field: 'Data 3 stamp', found: '200610290115' },
  { code: 'E_ORDER', why: 'twice the same hour on a usual day', text: local('200610280115,,1,200610280115,,1', 2), profile: 'local-time', field: 'Data 2 stamp', found: '200610280115' },
  { code: 'W_LOCAL_TWICE', why: 'nothing tells which of the two', text: local('200610290130,,1', 1), profile: 'local-time', field: 'Data 1 stamp', found: '200610290130' },
  { code: 'W_SKIPPED', why: 'a blank line', text: `${toRecord()}\r\n`, profile: 'strict:blank-lines', line: 2, field: 'line', found: '' },
  { code: 'W_SKIPPED', why: 'a byte order mark', text: `\xef\xbb\xbf${toRecord()}`, profile: 'strict:byte-order-mark', field: 'line', found: 'MEPMD01' },
  { code: 'W_SKIPPED', why: 'the end mark of CP/M', text: `${toRecord()}\x1a`, profile: 'strict:end-mark', line: 2, field: 'line', found: '\\x1a' },
  { code: 'W_TYPE', why: 'a type that never was', text: toRecord({ 1: 'MEPRD01' }), profile: 'strict:unknown-types', field: 'Record Type', found: 'MEPRD01' },
  { code: 'W_CASE', why: 'a purpose as SCE once wrote it', text: toRecord({ 9: 'History' }), profile: 'sce-1998', field: 'Purpose', found: 'History' },
  { code: 'W_CASE', why: 'a record type', text: toRecord({ 1: 'mepmd01' }), profile: 'strict:case', field: 'Record Type', found: 'mepmd01' },
  { code: 'W_CASE', why: 'a flag', text: data(`${stamp},e,1`), profile: 'strict:case', field: 'Data 1 flag', found: 'e' },
  { code: 'W_CASE', why: 'a label', text: toTouRecord({ 16: '1' }, 'Total,,1'), profile: 'strict:case', field: 'Data 1 label', found: 'Total' },
  { code: 'W_UNITS', why: 'a unit of nobody', text: toRecord({ 11: 'CCF-C' }), profile: 'strict:unknown-units', field: 'Units', found: 'CCF-C' },
  { code: 'W_EMPTY_VALUE', why: 'zero, as the protocol says', text: data(`${stamp},,`), profile: 'strict:empty-value', field: 'Data 1 value', found: '' },
  { code: 'W_INTERVAL', why: '90 minutes', text: toRecord({ 13: '00000090' }, '199804010900,,1,,,2,,,3,,,4'), profile: 'strict:long-minutes', field: 'Interval', found: '00000090' },
  { code: 'E_INTERVAL', why: '95 minutes do not divide the day', text: toRecord({ 13: '00000095' }, '199804010900,,1,,,2,,,3,,,4'), profile: 'strict:lenient', field: 'Interval', found: '00000095' },
  { code: 'E_NUMBER', why: 'a point alone', text: data(`${stamp},,.`), profile: 'strict:bare-fraction', field: 'Data 1 value', found: '.' },
  { code: 'E_NUMBER', why: '.5 where only empty values are taken', text: data(`${stamp},,.5`), profile: 'strict:empty-value', field: 'Data 1 value', found: '.5' },
  { code: 'E_QUOTE', why: 'three quotes where two stand for one', text: toRecord({ 6: '"A"""B"' }), profile: 'strict:doubled-quotes', field: 'Receiver customer ID', found: '"A"""B"' },
  { code: 'E_ASCII', why: 'an end mark inside a line', text: data(`${stamp},,1\x1a`), field: 'Data 1 value', found: '\\x1a' },
  { code: 'E_NUMBER', why: 'the mark of Schneider in strict', text: data(`${stamp},,1#`), field: 'Data 1 value', found: '1#' },
  { code: 'E_COUNT', why: '301 triplets', text: toRecord({ 14: '301' }), profile: 'nisc-dcsi', field: 'Count', found: '301' },
  { code: 'E_LINE_LEN', why: 'more than 16 KB', text: `${'x'.repeat(16_383)}\r\n`, profile: 'nisc-dcsi', field: 'line', found: 'xxx' },
  { code: 'E_FLAG', why: 'D is a letter of Sensus only', text: data(`${stamp},D0,1`), profile: 'nisc-dcsi', field: 'Data 1 flag', found: 'D0' },
];
