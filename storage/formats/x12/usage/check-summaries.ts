import { type Decimal, findDecimal, toPlainText, toProduct, toSum } from '../../decimal.ts';
import type { Segment } from '../segment.ts';
import type { MeterLoop } from './meter-loop.ts';
import type { ValueStore } from './value-store.ts';

/** Compares each summary loop with the sum of the meters' loops of its unit (edi867 facts, section 4.4). */
export function checkSummaries(loops: readonly MeterLoop[], store: ValueStore, segment: Segment): void {
  for (const summary of loops.filter(({ kind }) => kind === 'summary')) {
    const own = loops.filter(({ kind, unit }) => kind !== 'summary' && unit === summary.unit);
    if (own.length === 0) {
      const message = `The summary stands alone: no meter's loop holds ${summary.unit?.code}, and of a summary nothing is taken.`;
      segment.faultAt('W_SUMMARY', summary.place, '', message);
      continue;
    }
    const said = toTotal(summary, store);
    const found = own.reduce((sum, loop) => toSum(sum, toTotal(loop, store)), zero);
    if (toSum(said, { digits: -found.digits, scale: found.scale }).digits === 0n) continue;
    const message = `The summary says ${toPlainText(said)} ${summary.unit?.code}, the meters' loops hold ${toPlainText(found)}.`;
    segment.faultAt('W_SUMMARY', summary.place, '', message);
  }
}

const zero: Decimal = { digits: 0n, scale: 0 };

/** Quantities of a loop; those of intervals times its multiplier, a whole period's are multiplied already. */
function toTotal({ firstValue, values, minutes, multiplier }: MeterLoop, store: ValueStore): Decimal {
  let sum = zero;
  for (let i = firstValue; i < firstValue + values; i++) {
    sum = toSum(sum, findDecimal(store.valueText(i)) ?? zero);
  }
  const factor = minutes === 0 ? undefined : findDecimal(multiplier);
  return factor === undefined ? sum : toProduct(sum, factor);
}
