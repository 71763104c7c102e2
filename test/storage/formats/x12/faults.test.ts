import { describe, expect, it } from 'vitest';
import { maxDistinctMeters } from '../../../../storage/formats/summary-tally.ts';
import { type X12FaultCode, x12Faults } from '../../../../storage/formats/x12/faults.ts';
import { maxSeenNumbers } from '../../../../storage/formats/x12/seen-numbers.ts';
import { now, scan, scanChunks, toBytes } from '../scan.ts';
import { cumulative, cumulativeHeader, header, loop, toChanged, toFile, toIsa, toSet } from './build-x12.ts';

interface BadFile {
  readonly code: X12FaultCode;
  readonly why: string;
  readonly text: string;
  readonly format?: 'x12-867' | 'x12-997';
  /** Name of the element that the fault must name. */
  readonly field: string;
  /** The offending text that the fault must show. */
  readonly found: string;
}

const [bpt = '', n1Utility = '', ref12 = '', n1Supplier = '', ref11 = '', n1Provider = ''] = header;
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
const [, , , , kinds = '', total = '', multiplier = '', onPeak = '', offPeak = '', totalRow = ''] =
  cumulative;
const gs = 'GS*PT*333333333*222222222*20000105*0630*1*X*004010';
const good = toSet([...header, ...loop]);
const other = toSet([bpt.replace('000001', '000002'), ...header.slice(1), ...loop], '0002');
const drop = (...segments: string[]) => Object.fromEntries(segments.map((segment) => [segment, []]));
const month = (changes: Readonly<Record<string, string | readonly string[]>>) =>
  toChanged(changes, [...cumulativeHeader, ...cumulative]);
const party = (...extra: string[]) => toChanged({ [n1Provider]: [n1Provider, ...extra] });
const answer = (...segments: string[]) =>
  toFile({ group: gs.replace('PT', 'FA'), sets: [toSet(segments, '0001', '997')] });
const unmetered = (changes: Readonly<Record<string, string | readonly string[]>>) =>
  toChanged(
    { ...drop(multiplier, onPeak, offPeak, totalRow, 'REF*MG*MTR2'), [ptd]: 'PTD*BC***OZ*EL', ...changes },
    [...cumulativeHeader, ...cumulative],
  );

/** Every way a file can be wrong, each with what the fault must point at. */
// biome-ignore format: one row a case
const files: readonly BadFile[] = [
  { code: 'E_EMPTY', why: 'no byte at all', text: '', field: 'file', found: '' },
  { code: 'E_EMPTY', why: 'an interchange without a set', text: toFile({ sets: [], trailer: ['GE*0*1', 'IEA*1*000000001'] }), field: 'file', found: '' },
  { code: 'E_ISA_MISSING', why: 'begins at GS', text: toFile().slice(107), field: 'ISA', found: 'GS*PT' },
  { code: 'E_ISA_MISSING', why: 'text after the IEA', text: `${toFile()}Sent by FTP on Monday`, field: 'ISA', found: 'Sent by FTP' },
  { code: 'E_ISA_LEN', why: 'a version two characters short', text: toFile({ isa: toIsa({ 12: '004' }) }), field: 'ISA12 version', found: '004' },
  { code: 'E_ISA_LEN', why: 'a receiver without its blanks', text: toFile({ isa: toIsa({ 8: '222222222' }) }), field: 'ISA08 receiver', found: '222222222' },
  { code: 'E_ISA_LEN', why: 'a control number too long', text: toFile({ isa: toIsa({ 13: '0000000001' }) }), field: 'ISA13 control number', found: '0000000001' },
  { code: 'E_ISA_LEN', why: 'the file ends within it', text: toIsa().slice(0, 60), field: 'ISA', found: 'ISA*00*' },
  { code: 'E_SEPARATORS', why: 'component and element the same', text: toFile({ isa: toIsa({}, '*', '|'), terminator: '|' }), field: 'ISA', found: '*||' },
  { code: 'E_SEPARATORS', why: 'a letter as terminator', text: toFile({ terminator: 'X' }), field: 'ISA', found: '*>X' },
  { code: 'E_END', why: 'no terminator at the end', text: toFile().trimEnd().slice(0, -1), field: 'segment', found: 'IEA*1*000000001' },
  { code: 'E_ASCII', why: 'a NUL byte', text: toChanged({ [meter]: 'REF*MG*MTR\x00' }), field: 'REF02 reference', found: '\\x00' },
  { code: 'E_ASCII', why: 'UTF-8 in a name', text: toChanged({ [n1Utility]: 'N1*8S*JOS\xc3\xa9*1*111111111' }), field: 'N102 name', found: '\\xc3' },
  { code: 'E_ASCII', why: 'a line break inside a segment', text: toChanged({ [second]: 'QTY*QD*9.\n5*KH' }), field: 'QTY02 quantity', found: '\\x0a' },
  { code: 'E_SEGMENT_LEN', why: 'a lost terminator', text: toChanged({ [second]: [second, 'x'.repeat(3_000)] }), field: 'segment', found: 'xxx' },
  { code: 'E_ENVELOPE', why: 'a set outside of a group', text: toFile({ group: 'TA1*000000001*000105*0630*A*000', trailer: ['IEA*0*000000001'] }), field: 'ST', found: 'ST*867' },
  { code: 'E_ENVELOPE', why: 'a segment between sets', text: toFile({ sets: [[...good, 'QTY*QD*1*KH']] }), field: 'QTY', found: 'QTY*QD*1*KH' },
  { code: 'E_ENVELOPE', why: 'two SE', text: toFile({ sets: [[...good, 'SE*19*0001']] }), field: 'SE', found: 'SE*19' },
  { code: 'E_TRAILER', why: 'no SE', text: toFile({ sets: [good.slice(0, -1)] }), field: 'GE', found: 'GE*1*1' },
  { code: 'E_TRAILER', why: 'no GE', text: toFile({ trailer: ['IEA*1*000000001'] }), field: 'IEA', found: 'IEA*1' },
  { code: 'E_TRAILER', why: 'no IEA', text: toFile({ trailer: ['GE*1*1'] }), field: 'IEA', found: '' },
  { code: 'E_CONTROL', why: 'another SE02', text: toFile({ sets: [[...good.slice(0, -1), 'SE*19*0002']] }), field: 'SE02 set control number', found: '0002' },
  { code: 'E_CONTROL', why: 'another GE02', text: toFile({ trailer: ['GE*1*2', 'IEA*1*000000001'] }), field: 'GE02 group control number', found: '2' },
  { code: 'E_CONTROL', why: 'another IEA02', text: toFile({ trailer: ['GE*1*1', 'IEA*1*000000002'] }), field: 'IEA02 interchange control number', found: '000000002' },
  { code: 'E_CONTROL_TWICE', why: 'ST02 twice in a group', text: toFile({ sets: [good, [...other.slice(0, -1), 'SE*19*0001'].map((segment) => segment.replace('ST*867*0002', 'ST*867*0001'))] }), field: 'ST02 set control number', found: '0001' },
  { code: 'E_CONTROL_TWICE', why: 'the same interchange twice', text: toFile() + toFile({ sets: [other] }), field: 'ISA13', found: '000000001' },
  { code: 'E_COUNT', why: 'SE01 counts more', text: toFile({ sets: [[...good.slice(0, -1), 'SE*940*0001']] }), field: 'SE01 number of segments', found: '940' },
  { code: 'E_COUNT', why: 'GE01 counts more', text: toFile({ trailer: ['GE*2*1', 'IEA*1*000000001'] }), field: 'GE01 number of sets', found: '2' },
  { code: 'E_COUNT', why: 'IEA01 counts fewer', text: toFile({ trailer: ['GE*1*1', 'IEA*0*000000001'] }), field: 'IEA01 number of groups', found: '0' },
  { code: 'E_VERSION', why: 'an ISA of 003050', text: toFile({ isa: toIsa({ 12: '00305' }) }), field: 'ISA12 version', found: '00305' },
  { code: 'E_VERSION', why: 'a group of 005010', text: toFile({ group: gs.replace('004010', '005010') }), field: 'GS08 version', found: '005010' },
  { code: 'E_SET', why: 'an 810 among them', text: toFile({ sets: [good, toSet(['BIG*20000105*1'], '0002', '810')] }), field: 'ST01 set identifier', found: '810' },
  { code: 'E_SET', why: 'a group of invoices', text: toFile({ group: gs.replace('PT', 'IN') }), field: 'GS01 functional identifier', found: 'IN' },
  { code: 'E_SEGMENT_ID', why: 'a segment of other guides', text: party('N3*1 MAIN ST'), field: 'N3', found: 'N3*1 MAIN ST' },
  { code: 'E_SEGMENT_ID', why: 'no segment at all', text: toChanged({ [second]: [second, 'hello'] }), field: 'segment', found: 'hello' },
  { code: 'E_SEGMENT', why: 'a segment of a 997', text: party('AK1*PT*1'), field: 'AK1', found: 'AK1*PT*1' },
  { code: 'E_ORDER', why: 'REF before any party', text: toChanged({ [n1Utility]: ['REF*12*A', n1Utility] }), field: 'REF', found: 'REF*12*A' },
  { code: 'E_ORDER', why: 'a period after the meter', text: toChanged({ [end]: [], [unit]: [end, unit] }), field: 'DTM', found: 'DTM*151' },
  { code: 'E_UNEXPECTED', why: 'a row of usage among intervals', text: toChanged({ [first]: [first, 'MEA*AA*PRQ*10*KH*1*11*51'] }), field: 'MEA', found: 'MEA*AA*PRQ' },
  { code: 'E_LOOP_REPEAT', why: 'a party twice', text: party('N1*55*AGAIN*1*333333333'), field: 'N1', found: 'N1*55*AGAIN' },
  { code: 'E_LOOP_REPEAT', why: 'six parties', text: party('N1*8R*ONE', 'N1*AY*TWO', 'N1*AY*THREE'), field: 'N1', found: 'N1*AY*THREE' },
  { code: 'E_REPEAT', why: 'thirteen references of a party', text: party(...Array.from({ length: 13 }, () => 'REF*10*P')), field: 'REF', found: 'REF*10*P' },
  { code: 'E_REPEAT', why: 'two starts', text: toChanged({ [start]: [start, start] }), field: 'DTM01 qualifier', found: '150' },
  { code: 'E_REPEAT', why: 'two meters', text: toChanged({ [meter]: [meter, meter] }), field: 'REF01 qualifier', found: 'MG' },
  { code: 'E_REPEAT', why: 'two units', text: toChanged({ [unit]: [unit, unit] }), field: 'REF01 qualifier', found: 'MT' },
  { code: 'E_LOOP_REPEAT', why: 'two quantities of a period', text: month({ [totalRow]: [totalRow, 'QTY*QD*1*KH'] }), field: 'QTY', found: 'QTY*QD*1*KH' },
  { code: 'E_REPEAT', why: 'a label twice', text: month({ [onPeak]: [onPeak, onPeak] }), field: 'MEA07 time of use', found: '42' },
  { code: 'E_MISSING', why: 'no loop', text: toChanged(drop(...loop)), field: 'SE', found: 'SE*8' },
  { code: 'E_MISSING', why: 'no quantity', text: toChanged(drop(first, second, third, last)), field: 'SE', found: 'SE*15' },
  { code: 'E_MISSING', why: 'no quantity before the next loop', text: toChanged({ ...drop(first, second, third), [last]: loop }), field: 'PTD', found: 'PTD*PM' },
  { code: 'E_MISSING', why: 'no end of the period', text: toChanged(drop(end)), field: 'PTD', found: '' },
  { code: 'E_MISSING', why: 'no unit', text: toChanged(drop(unit)), field: 'PTD', found: '' },
  { code: 'E_ELEMENTS', why: 'a separator too many', text: toChanged({ [first]: 'QTY*QD*1*KH*X' }), field: 'QTY04', found: 'X' },
  { code: 'E_REQUIRED', why: 'a quantity without value', text: toChanged({ [first]: 'QTY*QD**KH' }), field: 'QTY02 quantity', found: '' },
  { code: 'E_REQUIRED', why: 'no report type', text: toChanged({ [bpt]: 'BPT*00*R1*20000105' }), field: 'BPT04 report type', found: '' },
  { code: 'E_CONDITION', why: 'a provider without id', text: toChanged({ [n1Provider]: 'N1*55*EXAMPLE MDMA' }), field: 'N104 id', found: '' },
  { code: 'E_CONDITION', why: 'an id without qualifier', text: toChanged({ [n1Utility]: 'N1*8S*U**111111111' }), field: 'N103 id qualifier', found: '' },
  { code: 'E_CONDITION', why: 'a party without name and id', text: toChanged({ [n1Utility]: 'N1*8S' }), field: 'N102 name', found: '' },
  { code: 'E_CONDITION', why: 'a date without format', text: toChanged({ [start]: 'DTM*150*****200001040000' }), field: 'DTM05 period format', found: '' },
  { code: 'E_CONDITION', why: 'a time without date', text: toChanged({ [start]: 'DTM*150**0000' }), field: 'DTM02 date', found: '' },
  { code: 'E_CONDITION', why: 'a zone without time', text: toChanged({ [start]: 'DTM*150*20000104**PS' }), field: 'DTM03 time', found: '' },
  { code: 'E_CONDITION', why: 'a row without label', text: month({ [onPeak]: 'MEA*AA*PRQ*10*KH*100*105' }), field: 'MEA07 time of use', found: '' },
  { code: 'E_CONDITION', why: 'one read alone', text: month({ [onPeak]: 'MEA*AA*PRQ*10*KH*100**42' }), field: 'MEA06 end read', found: '' },
  { code: 'E_EXCLUSION', why: 'a date in both places', text: toChanged({ [start]: 'DTM*150*20000104***DT*200001040000' }), field: 'DTM06 period', found: '200001040000' },
  { code: 'E_SHORT', why: 'a control number of three', text: toFile({ sets: [toSet([...header, ...loop], '001')] }), field: 'ST02 set control number', found: '001' },
  { code: 'E_LONG', why: 'a meter of 31 characters', text: toChanged({ [meter]: `REF*MG*${'M'.repeat(31)}` }), field: 'REF02 reference', found: 'MMM' },
  { code: 'E_NUMBER', why: 'an exponent', text: toChanged({ [first]: 'QTY*QD*1e999*KH' }), field: 'QTY02 quantity', found: '1e999' },
  { code: 'E_NUMBER', why: 'no number', text: toChanged({ [second]: 'QTY*QD*NaN*KH' }), field: 'QTY02 quantity', found: 'NaN' },
  { code: 'E_NUMBER', why: '16 digits', text: toChanged({ [second]: 'QTY*QD*1234567890123456*KH' }), field: 'QTY02 quantity', found: '1234567890123456' },
  { code: 'E_NUMBER', why: 'a plus', text: toChanged({ [second]: 'QTY*QD*+5*KH' }), field: 'QTY02 quantity', found: '+5' },
  { code: 'E_NUMBER', why: 'no digit after the point', text: toChanged({ [second]: 'QTY*QD*5.*KH' }), field: 'QTY02 quantity', found: '5.' },
  { code: 'E_NUMBER', why: 'a multiplier of zero', text: month({ [multiplier]: 'MEA**MU*0' }), field: 'MEA03 value', found: '0' },
  { code: 'E_NUMBER', why: 'dials in words', text: month({ [kinds]: ['REF*IX*FIVE', kinds] }), field: 'REF02 reference', found: 'FIVE' },
  { code: 'E_NUMBER', why: 'a control number with letters', text: toFile({ isa: toIsa({ 13: '00000000A' }), trailer: ['GE*1*1', 'IEA*1*00000000A'] }), field: 'ISA13 control number', found: '00000000A' },
  { code: 'E_LONG', why: '40 digits', text: toChanged({ [second]: `QTY*QD*${'1'.repeat(40)}*KH` }), field: 'QTY02 quantity', found: '1111' },
  { code: 'E_CODE', why: 'an unknown purpose', text: toChanged({ [bpt]: bpt.replace('*00*', '*77*') }), field: 'BPT01 purpose', found: '77' },
  { code: 'E_CODE', why: 'an unknown report type', text: toChanged({ [bpt]: bpt.replace('C1', 'KH') }), field: 'BPT04 report type', found: 'KH' },
  { code: 'E_CODE', why: 'an unknown party', text: party('N1*ZZ*X'), field: 'N101 party', found: 'ZZ' },
  { code: 'E_CODE', why: 'an unknown reference', text: party('REF*TN*X'), field: 'REF01 qualifier', found: 'TN' },
  { code: 'E_CODE', why: 'an unknown loop', text: toChanged({ [ptd]: 'PTD*BJ***OZ*EL' }), field: 'PTD01 loop type', found: 'BJ' },
  { code: 'E_CODE', why: 'gas', text: toChanged({ [ptd]: 'PTD*PM***OZ*GAS' }), field: 'PTD05 product', found: 'GAS' },
  { code: 'E_CODE', why: 'another product list', text: toChanged({ [ptd]: 'PTD*PM***MG*EL' }), field: 'PTD04 product qualifier', found: 'MG' },
  { code: 'E_CODE', why: 'an unknown date', text: toChanged({ [end]: 'DTM*140****DT*200001040400' }), field: 'DTM01 qualifier', found: '140' },
  { code: 'E_CODE', why: 'an unknown period format', text: toChanged({ [end]: 'DTM*151****RD8*20000104-20000105' }), field: 'DTM05 period format', found: 'RD8' },
  { code: 'E_CODE', why: 'an unknown time code', text: toChanged({ [end]: 'DTM*151*20000104*0400*XX' }), field: 'DTM04 time code', found: 'XX' },
  { code: 'E_CODE', why: 'an unknown quantity', text: toChanged({ [second]: 'QTY*17*9.5*KH' }), field: 'QTY01 qualifier', found: '17' },
  { code: 'E_CODE', why: 'both directions', text: toChanged({ [second]: 'QTY*87*9.5*KH' }), field: 'QTY01 qualifier', found: '87' },
  { code: 'E_CODE', why: 'a subtractive meter', text: toChanged({ [unit]: ['REF*JH*S', unit] }), field: 'REF02 reference', found: 'S' },
  { code: 'E_CODE', why: 'an unknown meter reference', text: toChanged({ [unit]: ['REF*12*X', unit] }), field: 'REF01 qualifier', found: '12' },
  { code: 'E_CODE', why: 'an unknown measure', text: month({ [onPeak]: onPeak.replace('PRQ', 'ZA') }), field: 'MEA02 qualifier', found: 'ZA' },
  { code: 'E_CODE', why: 'an unknown label', text: month({ [onPeak]: onPeak.replace('*42', '*44') }), field: 'MEA07 time of use', found: '44' },
  { code: 'E_CODE', why: 'an unknown status of reads', text: month({ [onPeak]: onPeak.replace('*AA*', '*XX*') }), field: 'MEA01 status of the reads', found: 'XX' },
  { code: 'E_UNITS', why: 'another unit than the loop', text: toChanged({ [second]: 'QTY*QD*9.5*K3' }), field: 'QTY03 unit', found: 'K3' },
  { code: 'E_UNITS', why: 'an unknown unit', text: toChanged({ [unit]: 'REF*MT*TH060' }), field: 'REF02 reference', found: 'TH060' },
  { code: 'E_UNITS', why: 'another unit in a row', text: month({ [onPeak]: onPeak.replace('KH', 'K1') }), field: 'MEA04 unit', found: 'K1' },
  { code: 'E_DATE', why: '29 February of no leap year', text: toChanged({ [start]: 'DTM*150****DT*199902290000' }), field: 'DTM06 period', found: '199902290000' },
  { code: 'E_DATE', why: 'month 13', text: toChanged({ [start]: 'DTM*150*19991332*0000' }), field: 'DTM02 date', found: '19991332' },
  { code: 'E_DATE', why: 'BPT03 of no day', text: toChanged({ [bpt]: bpt.replace('*20000105*', '*20000230*') }), field: 'BPT03 date', found: '20000230' },
  { code: 'E_DATE', why: 'GS04 of no day', text: toFile({ group: gs.replace('20000105', '20000230') }), field: 'GS04 date', found: '20000230' },
  { code: 'E_TIME', why: '2400', text: toChanged({ [end]: 'DTM*151****DT*200001032400' }), field: 'DTM06 period', found: '200001032400' },
  { code: 'E_TIME', why: 'minute 60', text: toChanged({ [end]: 'DTM*151*20000104*0460' }), field: 'DTM03 time', found: '0460' },
  { code: 'E_TIME', why: 'BPT08 of 2500', text: toChanged({ [bpt]: bpt.replace('*0630', '*2500') }), field: 'BPT08 time', found: '2500' },
  { code: 'E_LOCAL_TIME', why: 'the hour that spring leaves out', text: toChanged({ [start]: 'DTM*150****DT*200004020230', [end]: 'DTM*151****DT*200004020630' }), field: 'DTM06 period', found: '200004020230' },
  { code: 'E_LOCAL_TIME', why: 'start and end in the hour that autumn has twice', text: toChanged({ [start]: 'DTM*150****DT*200010290115', [end]: 'DTM*151****DT*200010290130', [unit]: 'REF*MT*KH015', ...drop(second, third, last) }), field: 'DTM06 period', found: '200010290115' },
  { code: 'E_LOCAL_TIME', why: 'a period that ends in it', text: month({ 'DTM*151****DT*200001040000': 'DTM*151****DT*200010290130' }), field: 'DTM06 period', found: '200010290130' },
  { code: 'E_INTERVAL', why: 'does not divide the hour', text: toChanged({ [unit]: 'REF*MT*KH007' }), field: 'REF02 reference', found: 'KH007' },
  { code: 'E_INTERVAL', why: 'no length', text: toChanged({ [unit]: 'REF*MT*KH' }), field: 'REF02 reference', found: 'KH' },
  { code: 'E_KIND', why: 'interval data called cumulative', text: toChanged({ [bpt]: bpt.replace('C1', 'DD') }), field: 'PTD', found: '' },
  { code: 'E_PERIOD', why: 'ends before it starts', text: toChanged({ [end]: 'DTM*151****DT*200001030400' }), field: 'DTM06 period', found: '200001030400' },
  { code: 'E_PERIOD', why: 'a month that ends as it starts', text: month({ 'DTM*151****DT*200001040000': 'DTM*151****DT*199912030000' }), field: 'DTM06 period', found: '199912030000' },
  { code: 'E_INTERVALS', why: 'one too few', text: toChanged(drop(last)), field: 'PTD', found: '' },
  { code: 'E_INTERVALS', why: '24 hours on a day of 23', text: toChanged({ [start]: 'DTM*150****DT*200004020000', [end]: 'DTM*151****DT*200004030000', [second]: Array.from({ length: 21 }, () => second) }), field: 'PTD', found: '' },
  { code: 'E_STAMP', why: 'a stamp of another interval', text: toChanged({ [second]: [second, 'DTM*582*20000104*0300*PS'] }), field: 'DTM02 date', found: '20000104' },
  { code: 'E_NEGATIVE', why: 'negative energy', text: toChanged({ [second]: 'QTY*QD*-9.5*KH' }), field: 'QTY02 quantity', found: '-9.5' },
  { code: 'E_NEGATIVE', why: 'a negative read', text: month({ [onPeak]: onPeak.replace('*100*', '*-100*') }), field: 'MEA05 begin read', found: '-100' },
  { code: 'E_MULTIPLIER', why: 'two of them', text: month({ [multiplier]: [multiplier, 'MEA**MU*3'] }), field: 'MEA03 value', found: '3' },
  { code: 'E_MULTIPLIER', why: 'REF*4P says another', text: month({ [kinds]: ['REF*4P*3', kinds] }), field: 'MEA03 value', found: '2' },
  { code: 'E_METER', why: 'no meter', text: toChanged(drop(meter)), field: 'PTD', found: '' },
  { code: 'E_UNEXPECTED', why: 'unmetered with a meter', text: unmetered({ [kinds]: ['REF*MG*MTR2', kinds] }), field: 'REF', found: 'REF*MG*MTR2' },
  { code: 'E_ACCOUNT', why: 'no account', text: toChanged(drop(ref12, ref11)), field: 'SE', found: 'SE*17' },
  { code: 'E_PARTY', why: 'no provider', text: toChanged(drop(n1Provider)), field: 'SE', found: 'SE*18' },
  { code: 'E_PARTY', why: 'no receiver', text: toChanged({ [n1Utility]: [], [n1Supplier]: [], [ref12]: [], [ref11]: [], [n1Provider]: [n1Provider, ref12] }), field: 'SE', found: 'SE*16' },
  { code: 'E_CORRECTS', why: 'a correction of nothing', text: toChanged({ [bpt]: bpt.replace('*00*', '*CO*') }), field: 'SE', found: 'SE*19' },
  { code: 'E_REFERENCE_TWICE', why: 'a set twice under two control numbers', text: toFile({ sets: [good, toSet([...header, ...loop], '0002')] }), field: 'BPT02 reference', found: '333333333-20000105-000001' },
  { code: 'E_ANSWER', why: 'a result that is none', format: 'x12-997', text: answer('AK1*PT*1', 'AK2*867*0001', 'AK5*Q', 'AK9*A*1*1*1'), field: 'AK501 result', found: 'Q' },
  { code: 'E_CODE', why: 'an error that is none', format: 'x12-997', text: answer('AK1*PT*1', 'AK2*867*0001', 'AK3*QTY*9**8', 'AK4*2*380*99*X', 'AK5*R*5', 'AK9*R*1*1*0'), field: 'AK403 error', found: '99' },
  { code: 'E_ORDER', why: 'AK5 without AK2', format: 'x12-997', text: answer('AK1*PT*1', 'AK5*A', 'AK9*A*1*1*1'), field: 'AK5', found: 'AK5*A' },
  { code: 'E_MISSING', why: 'no AK9', format: 'x12-997', text: answer('AK1*PT*1', 'AK2*867*0001', 'AK5*A'), field: 'SE', found: 'SE*5' },
  { code: 'E_SEGMENT', why: 'a BPT in a 997', format: 'x12-997', text: answer('AK1*PT*1', 'BPT*00', 'AK9*A*1*1*1'), field: 'BPT', found: 'BPT*00' },
  { code: 'E_NUMBER', why: 'a count in words', format: 'x12-997', text: answer('AK1*PT*1', 'AK9*A*ONE*1*1'), field: 'AK902 sets claimed', found: 'ONE' },
  { code: 'W_COUNTS', why: 'more accepted than received', format: 'x12-997', text: answer('AK1*PT*1', 'AK9*A*1*1*2'), field: 'AK904 sets accepted', found: '2' },
  { code: 'W_UNEXPECTED', why: 'an original that corrects', text: party('REF*59*X'), field: 'REF', found: 'REF*59*X' },
  { code: 'W_CORRECTS', why: 'a repetition of nothing', text: toChanged({ [bpt]: bpt.replace('*00*', '*07*') }), field: 'SE', found: 'SE*19' },
  { code: 'W_TEST', why: 'test data', text: toFile({ isa: toIsa({ 15: 'T' }) }), field: 'ISA15 usage', found: 'T' },
  { code: 'W_REASON', why: 'a reason of their own', text: toChanged({ [unit]: [unit, 'REF*1P*WHATEVER'] }), field: 'REF02 reference', found: 'WHATEVER' },
  { code: 'W_REASON', why: 'a reason of their own for the set', text: party('REF*1P*WHATEVER'), field: 'REF02 reference', found: 'WHATEVER' },
  { code: 'W_UNUSABLE', why: 'an unusable quantity', text: toChanged({ [second]: 'QTY*20*0*KH' }), field: 'QTY01 qualifier', found: '20' },
  { code: 'W_UNMETERED', why: 'estimated streetlights', text: unmetered({ [total]: 'QTY*KA*30*KH' }), field: 'QTY01 qualifier', found: 'KA' },
  { code: 'W_USAGE', why: 'reads that give another usage', text: month({ [onPeak]: onPeak.replace('*105*', '*106*') }), field: 'MEA03 value', found: '10' },
  { code: 'W_TOU_TOTAL', why: 'rows that add up to less', text: month({ [offPeak]: 'MEA*AA*PRQ*18*KH*200*209*41' }), field: 'MEA03 value', found: '30' },
  { code: 'W_TOTAL', why: 'a quantity that is none of the rows', text: month({ [total]: 'QTY*QD*31*KH' }), field: 'MEA03 value', found: '30' },
  { code: 'W_SUMMARY', why: 'a summary of nothing', text: month({ [ptd]: 'PTD*SU***OZ*EL', 'REF*MG*MTR2': [] }), field: 'PTD', found: '' },
  { code: 'W_SUMMARY', why: 'a summary of more', text: month({ [totalRow]: [totalRow, 'PTD*SU***OZ*EL', ...cumulative.slice(1, 3), kinds, 'QTY*QD*31*KH'] }), field: 'PTD', found: '' },
  { code: 'N_BPT09', why: 'a cycle number', text: toChanged({ [bpt]: `${bpt}*1` }), field: 'BPT09 second reference', found: '1' },
];

/** Text of the segment of a number, from 1, and where it begins. */
function toSegment(text: string, number: number): { segment: string; start: number } {
  let start = 0;
  for (let n = 1; ; n++) {
    while (text[start] === '\n') start++;
    const end = n === 1 ? start + 105 : text.indexOf('~', start);
    const segment = text.slice(start, end === -1 ? undefined : end);
    if (n === number) return { segment, start };
    start += segment.length + 1;
  }
}

describe('X12 faults', () => {
  it.each(files)('$code: $why', ({ code, text, format = 'x12-867', field, found }) => {
    const { faults, faultCounts, isRefused } = scan(format, toBytes(text), 'california');
    const fault = faults.find((one) => one.code === code);
    expect(fault, JSON.stringify(faultCounts)).toMatchObject({ field, level: x12Faults[code].level });
    if (fault === undefined) return;
    expect(fault.text.startsWith(found), fault.text).toBe(true);
    expect(isRefused).toBe(x12Faults[code].level === 'error');
    if (fault.line === 0) return;
    const { segment, start } = toSegment(text, fault.line);
    if (field !== 'segment' && code !== 'E_ISA_MISSING')
      expect(segment.startsWith(field.slice(0, field.search(/\d\d|$/)))).toBe(true);
    expect(fault.byteOffset).toBeGreaterThanOrEqual(start);
    expect(fault.byteOffset).toBeLessThanOrEqual(start + segment.length + 2);
    if (!found.startsWith('\\x')) expect(text.startsWith(found, fault.byteOffset)).toBe(true);
  });

  it('gives nothing out of a set with an error', () => {
    const inSet = files.filter(
      ({ code, field, format }) =>
        format === undefined &&
        code.startsWith('E_') &&
        /^(BPT|N1|REF|PTD|DTM|QTY|MEA|SE|segment)/.test(field),
    );
    expect(inSet.length).toBeGreaterThan(80);
    for (const { code, why, text } of inSet) {
      const sound = ['two SE', 'no terminator at the end', 'a segment between sets'].includes(why);
      const sets = scan('x12-867', toBytes(text), 'california').sets.length;
      // The first of the two sets was whole before the second one repeated it.
      expect(sets, `${code}: ${why}`).toBe(sound || code === 'E_REFERENCE_TWICE' ? 1 : 0);
    }
  });

  it('finds no other error than the one of the case', () => {
    // What is cut or stands elsewhere is missed where it should be.
    const follows: Partial<Record<X12FaultCode, string[]>> = { E_END: ['E_TRAILER'], E_ORDER: ['E_MISSING'] };
    const unexpected = files.flatMap(({ code, text, why, format = 'x12-867' }) => {
      const found = Object.keys(scan(format, toBytes(text), 'california').faultCounts);
      const others = found.filter(
        (one) => one.startsWith('E_') && one !== code && !follows[code]?.includes(one),
      );
      return others.map((other) => `${code}, ${why}: ${other}`);
    });
    expect(unexpected).toEqual([]);
  });

  it('says once that a set is larger than is kept, and gives nothing of it out', () => {
    const values = Array.from({ length: 1_100_000 }, () => 'QTY*QD*1*KH');
    const text = toChanged({ [unit]: 'REF*MT*KH060', [second]: values });
    const { faultCounts, sets } = scan('x12-867', toBytes(text), 'california');
    expect(faultCounts).toMatchObject({ E_SET_SIZE: 1 });
    expect(sets).toEqual([]);
  });

  it('says once that there are more control numbers and meters than are remembered', () => {
    const count = Math.max(maxSeenNumbers, maxDistinctMeters) + 2;
    const parts = toSet([...header, ...cumulative.slice(0, 6)])
      .join('~')
      .replace('*C1*', '*DD*')
      .split(/0001(?=\*2000|~|$)|MTR2/);
    function* chunks() {
      yield toBytes(toFile({ sets: [], trailer: [] }));
      for (let n = 1; n <= count; n++) yield toBytes(`${parts.join(String(n).padStart(7, '0'))}~`);
      yield toBytes(`GE*${count}*1~IEA*1*000000001~`);
    }
    const { faultCounts, summary } = scanChunks('x12-867', chunks(), { profile: 'california', now });
    expect(faultCounts).toMatchObject({ N_CAP: 2, N_METER_CAP: 1 });
    expect(summary).toMatchObject({ meters: maxDistinctMeters, readingSets: count });
  }, 120_000);

  it('counts millions of faults and lists a few', () => {
    function* chunks() {
      yield toBytes(toFile({ sets: [], trailer: [] }));
      const block = toBytes('QTY*XX*1*KH~'.repeat(10_000));
      for (let n = 0; n < 200; n++) yield block;
    }
    const { faultCounts, faults } = scanChunks('x12-867', chunks(), { profile: 'california', maxFaults: 10 });
    expect(faultCounts).toMatchObject({ E_ENVELOPE: 2_000_000 });
    expect(faults).toHaveLength(10);
  });

  it('passes over a segment without end, without keeping it', () => {
    const block = new Uint8Array(1 << 20).fill(0x41);
    function* chunks() {
      yield toBytes(toFile({ sets: [], trailer: [] }));
      for (let n = 0; n < 200; n++) yield block;
    }
    const before = process.memoryUsage().arrayBuffers;
    const { faultCounts } = scanChunks('x12-867', chunks(), { profile: 'california' });
    expect(faultCounts).toEqual({ E_SEGMENT_LEN: 1, E_TRAILER: 1 });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(300 << 20);
  });

  it('has a case for every code', () => {
    const covered = new Set<string>([...files.map(({ code }) => code), 'N_CAP', 'N_METER_CAP', 'E_SET_SIZE']);
    expect(Object.keys(x12Faults).filter((code) => !covered.has(code))).toEqual([]);
  });
});
