import { type Decimal, findDecimal, toPlainText, toProduct, toSum } from '../../decimal.ts';
import { totalLabel } from '../codes.ts';
import { toAmount } from '../numbers.ts';
import type { Segment } from '../segment.ts';
import type { MeterLoop, UsageRow } from './meter-loop.ts';

/** Doubles of 15 digits agree to this part; what differs by more is compared exactly. */
const closeness = 1e-13;

/** Checks what the numbers of a cumulative loop say of each other (edi867 facts, section 5.6). */
export function checkUsage(loop: MeterLoop, segment: Segment): void {
  for (const row of loop.rows) checkRow(row, loop, segment);
  const total = loop.rows.find(({ label }) => label === totalLabel);
  if (total === undefined) return;
  const parts = loop.rows.filter(({ label }) => !label.endsWith(totalLabel));
  if (parts.length > 0 && loop.unit?.isEnergy === true && !isExactSum(total, parts)) {
    const sum = parts.reduce((all, { usage }) => toSum(all, getDecimal(usage)), zero);
    report('W_TOU_TOTAL', total, sum, `The total row says ${total.usage}, the others add up to`, segment);
  }
}

/** Whether the rows add up, by whole numbers; false also where those cannot be exact. */
function isExactSum(total: UsageRow, parts: readonly UsageRow[]): boolean {
  let sum = 0;
  for (const { usage } of parts) sum += toAmount(usage);
  return sum === toAmount(total.usage) && sum <= Number.MAX_SAFE_INTEGER;
}

/** Checks the total row against the loop's own quantity. */
export function checkTotal(loop: MeterLoop, quantity: string, segment: Segment): void {
  const total = loop.rows.find(({ label }) => label === totalLabel);
  if (total === undefined || quantity === '' || quantity === total.usage) return;
  report(
    'W_TOTAL',
    total,
    getDecimal(quantity),
    `The total row says ${total.usage}, the quantity is`,
    segment,
  );
}

function checkRow(row: UsageRow, loop: MeterLoop, segment: Segment): void {
  if (row.beginRead === '') return;
  const multiplier = loop.multiplier || '1';
  const expected = (Number(row.endRead) - Number(row.beginRead)) * Number(multiplier);
  if (Math.abs(expected - Number(row.usage)) <= closeness * Math.max(Number(row.endRead), 1)) return;
  const span = toSum(getDecimal(row.endRead), negative(getDecimal(row.beginRead)));
  // A register that reads lower at the end has passed its last digit.
  const passed =
    span.digits < 0n ? toSum(span, { digits: 10n ** BigInt(toDials(row, loop)), scale: 0 }) : span;
  const usage = toProduct(passed, getDecimal(multiplier));
  report('W_USAGE', row, usage, `The usage is ${row.usage}, the reads times ${multiplier} give`, segment);
}

/** REF*IX, or else the digits before the point of the higher read. */
function toDials({ beginRead }: UsageRow, { dials }: MeterLoop): number {
  return dials || (beginRead.split('.')[0] ?? '').length;
}

const zero: Decimal = { digits: 0n, scale: 0 };

function getDecimal(text: string): Decimal {
  const decimal = findDecimal(text);
  if (decimal === undefined) throw new Error(`Cannot check usage: ${JSON.stringify(text)} is no decimal`);
  return decimal;
}

function negative({ digits, scale }: Decimal): Decimal {
  return { digits: -digits, scale };
}

function report(
  code: 'W_USAGE' | 'W_TOU_TOTAL' | 'W_TOTAL',
  row: UsageRow,
  expected: Decimal,
  words: string,
  segment: Segment,
): void {
  if (toSum(getDecimal(row.usage), negative(expected)).digits === 0n) return;
  segment.faultAt(code, row.place, row.usage, `${words} ${toPlainText(expected)}.`);
}
