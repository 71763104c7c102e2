import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  confirmFormat,
  type DetectFaultCode,
  detectFaults,
  detectFormat,
  headBytes,
} from '../../../storage/formats/detect.ts';
import { formatNames } from '../../../storage/formats/format.ts';
import { getOmarCsvLayout, toHeaderLine } from '../../../storage/formats/omar-csv/columns.ts';
import { toRecord } from './cmep/records.ts';
import { toMdefRecords } from './mdef/build-mdef.ts';
import { toBytes } from './scan.ts';
import { toFile, toIsa, toSet } from './x12/build-x12.ts';

const cmep = toBytes(toRecord());
const mdef = Buffer.concat(toMdefRecords([{ values: [1, 2, 3, 4] }]));
const csv = toBytes(`${toHeaderLine(getOmarCsvLayout('gmt'))}\r\n`);
const csvRow = toBytes('PLANT_1,GEN,KWH,15,200403010015,1250.000,\r\n');

// biome-ignore format: one row a case
const known: readonly { bytes: Uint8Array; name?: string; format: string; why: string }[] = [
  { bytes: cmep, format: 'cmep', why: 'no name' },
  { bytes: cmep, name: '202611210101.dat', format: 'cmep', why: '.dat' },
  { bytes: cmep, name: 'POSTED.CMEP', format: 'cmep', why: 'letter case' },
  { bytes: cmep, name: 'a.txt', format: 'cmep', why: '.txt' },
  { bytes: cmep, name: 'cmep', format: 'cmep', why: 'no extension' },
  { bytes: cmep, name: 'a.don', format: 'cmep', why: 'an extension that says nothing' },
  { bytes: cmep, name: 'a.constructor', format: 'cmep', why: 'an extension that objects have' },
  { bytes: toBytes('"MEPEC01",19980618\n'), format: 'cmep', why: 'a type that the scanner will name' },
  { bytes: mdef, name: 'DT010435.MDE', format: 'mdef', why: '.MDE' },
  { bytes: mdef, name: 'a.dat', format: 'mdef', why: '.dat' },
  { bytes: mdef, name: 'a.mdf', format: 'mdef', why: '.mdf' },
  { bytes: mdef.subarray(0, 10), format: 'mdef', why: 'only a few bytes' },
  { bytes: csv, name: 'a.csv', format: 'omar-csv', why: 'a header' },
  { bytes: cmep, name: 'CMEPIntervalReadRpt.csv', format: 'cmep', why: 'the name of a real delivery' },
  { bytes: csvRow, name: 'a.csv', format: 'omar-csv', why: 'a row without header' },
  { bytes: toBytes(toFile()), name: 'a.edi', format: 'x12-867', why: '.edi' },
  { bytes: toBytes(toFile()), name: 'a.867', format: 'x12-867', why: '.867' },
  { bytes: toBytes(toFile()), name: 'a.dat', format: 'x12-867', why: '.dat' },
  { bytes: toBytes(toFile({ isa: toIsa({ 12: '004' }) })), name: 'a.x12', format: 'x12-867', why: 'an ISA whose fault the scanner names' },
  { bytes: toBytes(toFile({ isa: toIsa({}, '|', '^'), terminator: '\n', lineBreak: '' }).replaceAll('*', '|')), format: 'x12-867', why: 'other separators' },
  { bytes: toBytes(toFile({ group: 'GS*FA*A1*B1*20000105*0630*1*X*004010' })), name: 'a.txt', format: 'x12-997', why: 'acknowledgements' },
  { bytes: toBytes(toFile().slice(0, 107) + toFile().slice(158)), format: 'x12-867', why: 'a set without its group' },
];

// biome-ignore format: one row a case
const unknown: readonly { bytes: Uint8Array; name?: string; code: DetectFaultCode; names: RegExp }[] = [
  { bytes: toBytes(''), code: 'E_EMPTY', names: /empty/ },
  { bytes: toBytes(`\xef\xbb\xbf${toRecord()}`), code: 'E_BOM', names: /UTF-8 byte order mark/ },
  { bytes: Buffer.from(`\ufeff${toRecord()}`, 'utf16le'), code: 'E_UTF16', names: /UTF-16/ },
  { bytes: toBytes('\xfe\xff\x00M'), code: 'E_UTF16', names: /UTF-16/ },
  { bytes: toBytes('\x1f\x8b\x08'), code: 'E_COMPRESSED', names: /gzip/ },
  { bytes: toBytes('\x28\xb5\x2f\xfd'), code: 'E_COMPRESSED', names: /zstd/ },
  { bytes: toBytes('PK\x03\x04'), code: 'E_COMPRESSED', names: /ZIP/ },
  { bytes: toBytes('\r\n <!DOCTYPE html><title>'), code: 'E_HTML', names: /web page/ },
  { bytes: toBytes('<html lang="en">'), code: 'E_HTML', names: /web page/ },
  { bytes: toBytes('ISA*00*          *'), code: 'E_X12_SET', names: /without a group/ },
  { bytes: toBytes(toFile({ group: 'GS*PO*A1*B1*20000105*0630*1*X*004010', sets: [toSet([], '0001', '850')] })), code: 'E_X12_SET', names: /of PO 850; expected PT \(867\) or FA \(997\)/ },
  { bytes: toBytes(toFile().slice(107)), code: 'E_X12_FRAGMENT', names: /begins with GS/ },
  { bytes: toBytes('ST*867*0001~\n'), code: 'E_X12_FRAGMENT', names: /begins with ST/ },
  { bytes: toBytes(toFile()), name: 'a.997', code: 'E_NAME', names: /\.997 .*but the content is x12-867/ },
  { bytes: toBytes(toFile()), name: 'a.csv', code: 'E_NAME', names: /\.csv .*but the content is x12-867/ },
  { bytes: toBytes(`${toRecord()}\x00`), code: 'E_NUL', names: /NUL/ },
  { bytes: toBytes('meter,value\n1,2\n'), code: 'E_UNKNOWN', names: /neither a CMEP record/ },
  { bytes: mdef, name: 'a.csv', code: 'E_NAME', names: /\.csv .*but the content is mdef/ },
  { bytes: csv, name: 'a.dat', code: 'E_NAME', names: /\.dat .*but the content is omar-csv/ },
  { bytes: cmep, name: 'a.mdf', code: 'E_NAME', names: /\.mdf \(mdef\), but the content is cmep/ },
  ...['usage.dat.gz', 'zip.zip', 'a.zst', 'a.XML', 'a.pdf', 'a.xlsx'].map((name) => ({ bytes: cmep, name, code: 'E_NAME' as const, names: /\.(gz|zip|zst|xml|pdf|xlsx) \(no format that is read\), but the content is cmep/ })),
  { bytes: csv, name: 'a.MDE', code: 'E_NAME', names: /\.mde .*but the content is omar-csv/ },
];

describe('confirmFormat', () => {
  it.each(known)('agrees with $format, and with no other: $why', ({ bytes, format }) => {
    for (const chosen of formatNames) {
      const found = confirmFormat(bytes, chosen);
      expect(found).toMatchObject(chosen === format ? { format } : { fault: { code: 'E_FORMAT' } });
    }
  });

  it('takes content without a format for the chosen one, unless it is clearly something else', () => {
    for (const { bytes, name, code } of unknown) {
      if (name !== undefined) continue;
      const isOpen = ['E_EMPTY', 'E_BOM', 'E_NUL', 'E_UNKNOWN'].includes(code);
      expect(confirmFormat(bytes, 'cmep')).toMatchObject(isOpen ? { format: 'cmep' } : { fault: { code } });
      const isX12 = isOpen || code.startsWith('E_X12');
      expect(confirmFormat(bytes, 'x12-867')).toMatchObject(
        isX12 ? { format: 'x12-867' } : { fault: { code } },
      );
    }
  });
});

describe('detectFormat', () => {
  it.each(known)('knows $format: $why', ({ bytes, name, format }) => {
    const found = detectFormat(bytes, name);
    expect(found).toMatchObject({ format });
    expect('why' in found && found.why).toMatch(/^it/);
  });

  it.each(unknown)('refuses with $code', ({ bytes, name, code, names }) => {
    const found = detectFormat(bytes, name);
    expect(found).toMatchObject({ fault: { code, level: 'error', line: 0 } });
    expect('fault' in found && found.fault.message).toMatch(names);
  });

  it('has a case for every code', () => {
    const codes = new Set<string>([...unknown.map(({ code }) => code), 'E_FORMAT']);
    expect([...codes].sort()).toEqual(Object.keys(detectFaults).sort());
  });

  it('looks at the head only', () => {
    const long = Buffer.concat([Buffer.from(toRecord().repeat(40)), Buffer.alloc(10)]);
    expect(long.length).toBeGreaterThan(headBytes);
    expect(detectFormat(long)).toMatchObject({ format: 'cmep' });
  });

  it('answers for any bytes and name', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.option(fc.string(), { nil: undefined }),
        (bytes, name) => {
          const found = detectFormat(bytes, name);
          expect('fault' in found ? found.fault.level : found.why).toBeTruthy();
        },
      ),
    );
  });
});
