import type { CmepRecord } from './fields/record.ts';
import { equipmentLayout } from './fields/record-types.ts';
import { readDate } from './fields/stamp-reader.ts';
import { checkCommodity } from './header.ts';
import type { CmepProfile } from './profile.ts';
import { readCode } from './read-code.ts';
import { checkShape } from './record-shape.ts';

/** A code from a list, text that is cut beyond a length, text that must not be longer, or a date. */
type FieldRule =
  | { readonly number: number; readonly code: 'E_CODE' | 'E_PURPOSE'; readonly values: readonly string[] }
  | { readonly number: number; readonly kept: number }
  | { readonly number: number; readonly most: number }
  | { readonly number: number; readonly isDate: true };

/** Fields 8 to 21 (CMEP facts, section 13); the commodity is checked as everywhere. */
// biome-ignore format: one row a field
const rules: readonly FieldRule[] = [
  { number: 8, kept: 16 },
  { number: 9, code: 'E_CODE', values: 'UPDATE UPDATE-ACK UPDATE-NAK REMOVE REMOVE-ACK REMOVE-NAK CFG-REQ CFG CFG-NAK'.split(' ') },
  { number: 10, code: 'E_PURPOSE', values: ['OK', 'RESEND', 'CORRECT'] },
  { number: 11, most: 64 },
  { number: 13, code: 'E_CODE', values: ['', 'CHANGE', 'SET', 'REMOVE', 'MAINT'] },
  { number: 14, code: 'E_CODE', values: ['METER', 'RECORDER', 'PT', 'CT'] },
  { number: 15, kept: 22 },
  { number: 16, kept: 22 },
  { number: 17, kept: 22 },
  { number: 18, kept: 22 },
  { number: 19, isDate: true },
  { number: 20, isDate: true },
  { number: 21, kept: 16 },
];
const commodityNumber = 12;
const maxParameterText = 30;

/** Checks a record of MEPEC01 behind its common fields; it holds no readings. */
export function checkEquipment(record: CmepRecord, profile: CmepProfile): void {
  for (const rule of rules) checkField(record, rule, profile);
  checkCommodity(record, commodityNumber, readCode(record, commodityNumber, profile));
  const count = checkShape(record, profile) ?? 0;
  for (let i = 0; i < count; i++) checkParameter(record, equipmentLayout.fixed.length + 1 + 2 * i, profile);
}

function checkField(record: CmepRecord, rule: FieldRule, profile: CmepProfile): void {
  const { number } = rule;
  if ('values' in rule) {
    const text = readCode(record, number, profile);
    if (rule.values.includes(text)) return;
    if (text === '') record.fault('E_REQUIRED', number, `The field ${toName(number)} is empty.`);
    else record.fault(rule.code, number, `Expected one of ${rule.values.filter(Boolean).join(', ')}.`);
  } else if ('isDate' in rule) {
    const start = record.starts[number - 1] as number;
    const length = (record.ends[number - 1] as number) - start;
    const isDate = length === 0 || (length === 8 && !Number.isNaN(readDate(record.bytes, start)));
    if (!isDate) record.fault('E_DATETIME', number, 'Expected a real date as CCYYMMDD, or nothing.');
  } else if ('kept' in rule) {
    const { length } = record.text(number);
    if (length <= rule.kept) return;
    record.fault('W_LEN_PGE', number, `The field has ${length} characters; PG&E keeps ${rule.kept}.`);
  } else {
    checkLength(record, number, rule.most);
  }
}

function checkParameter(record: CmepRecord, number: number, profile: CmepProfile): void {
  const name = readCode(record, number, profile);
  if (name === '') record.fault('E_REQUIRED', number, 'The parameter has no name.');
  else if (!profile.equipmentParameters.has(name)) {
    record.fault('E_CODE', number, `Not a parameter of profile ${profile.name}.`);
  }
  checkLength(record, number + 1, maxParameterText);
  if (name !== 'DEMAND-TYPE') return;
  const unknown = record
    .text(number + 1)
    .split(' ')
    .find((unit) => !profile.units.has(unit));
  if (unknown === undefined) return;
  record.fault(
    'E_UNITS',
    number + 1,
    `Expected units, with blanks between them; ${unknown || '""'} is none.`,
  );
}

function checkLength(record: CmepRecord, number: number, most: number): void {
  const { length } = record.text(number);
  if (length > most)
    record.fault('E_TEXT_LEN', number, `The text has ${length} characters; at most ${most}.`);
}

function toName(number: number): string {
  return equipmentLayout.fixed[number - 1] as string;
}
