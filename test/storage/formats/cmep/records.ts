/** A record of the protocol's own example: hourly, stamps omitted, an estimate, a missing value, an empty CRC slot. */
const exampleFields = [
  'MEPMD01',
  '19970819',
  '123456789',
  '1234567',
  '987654321',
  'ESP-0042',
  '199804020830',
  'EL123456',
  'OK',
  'E',
  'KWH',
  '',
  '00000100',
  '4',
];
export const exampleData = '199804010900,,12.5,,,13.25,,E,13,,N,';
const touFields = [
  ...exampleFields.slice(0, 11).map((field) => (field === 'MEPMD01' ? 'MEPMD02' : field)),
  'W',
  '',
  '199803010800',
  '199804010800',
  '3',
];
const equipmentFields = [
  'MEPEC01',
  '19980618',
  ...exampleFields.slice(2, 7),
  'REQ-1',
  'UPDATE',
  'OK',
  'new meter',
  'E',
  '',
  'METER',
  'ACME',
  'M-100',
  'SN-4711',
  'EL123456',
  '19980101',
  '19980301',
  'CUSTOMER',
  '3',
];
const touData = 'ON-PEAK,,410.5,OFF-PEAK,,1201,TOTAL,,1611.5';

/** A line of CMEP: the example with some fields (by number, from 1) replaced, and other data if given. */
export function toRecord(
  change: Readonly<Record<number, string>> = {},
  data = exampleData,
  fields: readonly string[] = exampleFields,
): string {
  return `${fields.map((field, index) => change[index + 1] ?? field).join(',')},${data}\r\n`;
}

export function toTouRecord(change: Readonly<Record<number, string>> = {}, data = touData): string {
  return toRecord(change, data, touFields);
}

/** The same line with tabs between its fields. */
export function toTabbed(line: string): string {
  return line.replaceAll(',', '\t');
}

/** A line of headings, as a tab-separated file begins with one. */
export const headings = 'Record Type\tRecord Version\tSender ID\r\n';

/** A record of MEPEC01: a meter with three parameters. */
export function toEquipmentRecord(
  change: Readonly<Record<number, string>> = {},
  data = 'FORM,2S,DEMAND-TYPE,KW KVAR,"N-DIALS",5',
): string {
  const line = toRecord(change, data, equipmentFields);
  return data === '' ? line.replace(/,\r\n$/, '\r\n') : line;
}
