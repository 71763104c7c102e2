import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answerCodes } from '../../../../storage/formats/x12/acknowledgement/answer-codes.ts';
import {
  loopCodes,
  partyCodes,
  purposeCodes,
  quantityCodes,
  readCodes,
  reasonCodes,
  reportCodes,
  touCodes,
  unitCodes,
} from '../../../../storage/formats/x12/codes.ts';
import { x12Settings } from '../../../../storage/formats/x12/profiles.ts';

const text = readFileSync(new URL('../../../../docs/formats.md', import.meta.url), 'utf8');
const section = text.split(/^## /m).find((one) => one.startsWith('X12')) ?? '';

/** Rows `| code | words |` of the table whose first column has the title. */
function readRows(title: string): [string, string][] {
  const table = section.split(`\n| ${title} | `)[1]?.split('\n\n')[0] ?? '';
  return [...table.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, code = '', words = '']) => [code, words]);
}

const references = {
  required: ', names in REF\\*59 what it is about',
  expected: ', should name in REF\\*59 what it repeats',
  none: '',
};

const tables: Readonly<Record<string, [string, string][]>> = {
  setting: x12Settings.map(({ form, title }) => [form, title]),
  BPT01: purposeCodes.map(({ code, purpose, reference }) => [code, purpose + references[reference]]),
  BPT04: Object.entries(reportCodes),
  N101: Object.entries(partyCodes),
  PTD01: Object.entries(loopCodes),
  QTY03: unitCodes.map(({ code, unit, received }) => [code, `${unit}, ${received}`]),
  QTY01: quantityCodes.map(({ code, quality, isReceived }) => [
    code,
    `${quality}${isReceived ? ', received' : ''}`,
  ]),
  MEA01: Object.entries(readCodes).map(([code, reads]) => [code, reads.join(', ')]),
  MEA07: Object.entries(touCodes),
  'REF\\*1P': Object.entries(reasonCodes).map(([code, { words, isAdjustment }]) => [
    code,
    `${words}${isAdjustment ? ' (adjustment)' : ''}`,
  ]),
  fault: Object.entries(answerCodes).map(([code, { segment, element, set }]) => [
    code,
    [segment || '–', element ?? '–', set].join(' · '),
  ]),
};

describe('docs/formats.md, X12', () => {
  it.each(Object.entries(tables))('lists %s as the code has it', (title, rows) => {
    expect(readRows(title)).toEqual(rows);
  });
});
