import { gzipSync } from 'node:zlib';
import { getOmarCsvLayout, toHeaderLine } from '../../../storage/formats/omar-csv/columns.ts';
import { toRecord } from './cmep/records.ts';
import { toMdefRecords } from './mdef/build-mdef.ts';
import { toBytes } from './scan.ts';
import { toChanged, toFile, toIsa } from './x12/build-x12.ts';

/** A file that a person may send by mistake or damage, and the code of the fault that it is refused for. */
export interface BadFile {
  readonly why: string;
  readonly name?: string;
  readonly bytes: Uint8Array;
  readonly code: string;
}

const cmep = toRecord();
const toCmep = (data: string) => toBytes(toRecord({ 14: '1' }, data));
const at = '199804010900';
const csvHeader = `${toHeaderLine(getOmarCsvLayout('gmt'))}\r\n`;
const toCsv = (value: string, end = '2004-03-01T08:15:00Z', resource = 'EXAMPL_1_UNIT1') =>
  toBytes(`${csvHeader}${resource},GEN,KWH,15,${end},${value},\r\n`);
const toX12 = (quantity: string) => toBytes(toChanged({ 'QTY*QD*9.5*KH': `QTY*QD*${quantity}*KH` }));
const toMdef = (value: number, start?: string) =>
  Buffer.concat(
    toMdefRecords([{ values: [1, value, 3, 4], ...(start === undefined ? {} : { start, stop: start }) }]),
  );
const lying = Buffer.concat(toMdefRecords([{ values: [1, 2, 3, 4] }]));
lying.write('0000000009', lying.indexOf('0000000004', lying.length - 216), 'latin1');
const many = '9'.repeat(40);

// biome-ignore format: one row a case
export const badFiles: readonly BadFile[] = [
  { why: 'an empty file', bytes: toBytes(''), code: 'E_EMPTY' },
  { why: 'only a byte order mark', bytes: toBytes('\xef\xbb\xbf'), code: 'E_BOM' },
  { why: 'a picture under a text name', name: 'usage.csv', bytes: toBytes('\x89PNG\r\n\x1a\n\0\0\0\r'), code: 'E_NUL' },
  { why: 'gzip bytes', name: 'usage.edi', bytes: gzipSync(toFile()), code: 'E_COMPRESSED' },
  { why: 'UTF-16', bytes: Buffer.from(`\ufeff${cmep}`, 'utf16le'), code: 'E_UTF16' },
  { why: 'a NUL byte in the beginning', bytes: toBytes(`${cmep}\0`), code: 'E_NUL' },
  { why: 'CMEP with a NUL byte later', bytes: toBytes(`${cmep.repeat(60)}${toRecord({ 8: 'A\0B' })}`), code: 'E_ASCII' },
  { why: 'CMEP with 1e999', bytes: toCmep(`${at},,1e999`), code: 'E_NUMBER' },
  { why: 'CMEP with NaN', bytes: toCmep(`${at},,NaN`), code: 'E_NUMBER' },
  { why: 'CMEP with 40 digits', bytes: toCmep(`${at},,${many}`), code: 'E_NUMBER' },
  { why: 'CMEP of 29 February 1999', bytes: toCmep('199902290900,,1'), code: 'E_DATETIME' },
  { why: 'CMEP at 24:00', bytes: toCmep('199804012400,,1'), code: 'E_DATETIME' },
  { why: 'CMEP with quotes that close on the next line', bytes: toBytes(`${toRecord({ 6: '"ACME' })}INC"${cmep}`), code: 'E_QUOTE' },
  { why: 'OMAR CSV with a NUL byte later', bytes: toBytes(`${csvHeader}${'X,GEN,KWH,15,2004-03-01T08:15:00Z,1.000,\r\n'.repeat(150)}\0\r\n`), code: 'E_ASCII' },
  { why: 'OMAR CSV with 1e999', bytes: toCsv('1e999'), code: 'E_NUMBER' },
  { why: 'OMAR CSV with NaN', bytes: toCsv('NaN'), code: 'E_NUMBER' },
  { why: 'OMAR CSV with 40 digits', bytes: toCsv(many), code: 'E_NUMBER' },
  { why: 'OMAR CSV of 29 February 1999', bytes: toCsv('1.000', '1999-02-29T08:15:00Z'), code: 'E_DATETIME' },
  { why: 'OMAR CSV at 24:00', bytes: toCsv('1.000', '2004-03-01T24:00:00Z'), code: 'E_DATETIME' },
  { why: 'OMAR CSV with quotes that close on the next line', bytes: toCsv('1.000', '2004-03-01T08:15:00Z', '"EXAMPL\r\n_1"'), code: 'E_COLUMNS' },
  { why: 'an 867 with a NUL byte later', bytes: toBytes(toChanged({ 'REF*LU*SDP1': [...Array.from({ length: 300 }, () => 'REF*LU*SDP1SDP1SDP1'), 'REF*LU*S\0P1'] })), code: 'E_ASCII' },
  { why: 'an 867 with 1e999', bytes: toX12('1e999'), code: 'E_NUMBER' },
  { why: 'an 867 with NaN', bytes: toX12('NaN'), code: 'E_NUMBER' },
  { why: 'an 867 with 40 digits', bytes: toX12(many), code: 'E_LONG' },
  { why: 'an 867 of 29 February 1999', bytes: toBytes(toChanged({ 'DTM*150****DT*200001040000': 'DTM*150****DT*199902290000' })), code: 'E_DATE' },
  { why: 'an 867 at 24:00', bytes: toBytes(toChanged({ 'DTM*151****DT*200001040400': 'DTM*151****DT*200001032400' })), code: 'E_TIME' },
  { why: 'an ISA two characters short', bytes: toBytes(toFile({ isa: toIsa({ 12: '004' }) })), code: 'E_ISA_LEN' },
  { why: 'MDEF with a value that is no number', bytes: toMdef(Number.NaN), code: 'E_VALUE' },
  { why: 'MDEF with an infinite value', bytes: toMdef(Number.POSITIVE_INFINITY), code: 'E_VALUE' },
  { why: 'MDEF of 29 February 1999', bytes: toMdef(2, '199902290001'), code: 'E_DATETIME' },
  { why: 'MDEF with a trailer that lies about its count', bytes: lying, code: 'E_TRAILER' },
];

/** A beginning, and what follows it again and again without end. */
export interface Flood {
  readonly why: string;
  readonly start: Uint8Array;
  readonly piece: Uint8Array;
  readonly code: string;
}

const mdefRecord = Buffer.alloc(216, 0x20);
mdefRecord.writeInt16LE(216, 0);
const isaAndGroup = toBytes(toFile().slice(0, toFile().indexOf('BPT*')));

/** Lines (segments, files) that do not end. */
export const longLines: readonly Flood[] = [
  { why: 'CMEP', start: toBytes(cmep), piece: toBytes('MEPMD01,'), code: 'E_LINE_LEN' },
  { why: 'OMAR CSV', start: toBytes(csvHeader), piece: toBytes('EXAMPL_1,'), code: 'E_LINE_LEN' },
  { why: 'an 867', start: isaAndGroup, piece: toBytes('QTY*QD*1'), code: 'E_SEGMENT_LEN' },
  { why: 'MDEF', start: lying.subarray(0, 216), piece: toBytes('no record'), code: 'E_RLEN' },
];

/** A fault in every piece. */
export const manyFaults: readonly Flood[] = [
  { why: 'CMEP', start: toBytes(cmep), piece: toBytes('\r\n'), code: 'E_BLANK_LINE' },
  { why: 'OMAR CSV', start: toBytes(csvHeader), piece: toBytes('\r\n'), code: 'E_BLANK_LINE' },
  { why: 'an 867', start: isaAndGroup, piece: toBytes('A~'), code: 'E_SEGMENT_ID' },
  { why: 'MDEF', start: lying.subarray(0, 216), piece: mdefRecord, code: 'E_RCODE' },
];

const blockBytes = 1 << 20;

/** The flood's beginning and its pieces up to about so many bytes, in blocks of 1 MB. */
export function* toFlood({ start, piece }: Flood, bytes: number): Generator<Buffer> {
  yield Buffer.from(start);
  const block = Buffer.alloc(Math.ceil(blockBytes / piece.length) * piece.length, piece);
  for (let left = bytes; left > 0; left -= block.length) {
    yield left >= block.length ? block : block.subarray(0, Math.ceil(left / piece.length) * piece.length);
  }
}
