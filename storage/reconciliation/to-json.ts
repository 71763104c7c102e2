import { toIsoText } from '../model/time.ts';
import type { Fate } from './fates.ts';
import type { ReconciliationRow } from './row.ts';

/** How many rows and intervals had a fate. */
export type Totals = Partial<Record<Fate, { rows: number; intervals: number }>>;

/** Adds a row up. */
export function addToTotals(totals: Totals, { fate, intervals }: ReconciliationRow): void {
  const total = totals[fate] ?? { rows: 0, intervals: 0 };
  totals[fate] = { rows: total.rows + 1, intervals: total.intervals + intervals };
}

/** A row with its instants as ISO 8601 text in UTC. */
function toJsonRow({ firstEndAt, lastEndAt, ...row }: ReconciliationRow) {
  const toText = (at: number | null) => (at === null ? null : toIsoText(at));
  return { ...row, firstEndAt: toText(firstEndAt), lastEndAt: toText(lastEndAt) };
}

/** The report as one JSON document, `rows` and then `totals`, piece by piece: it is never held as a whole. */
export async function* toJson(rows: AsyncIterable<ReconciliationRow>): AsyncIterable<string> {
  const totals: Totals = {};
  let isLeftOver = false;
  let before = '{"rows":[\n';
  for await (const row of rows) {
    addToTotals(totals, row);
    isLeftOver ||= row.isLeftOver;
    yield `${before}${JSON.stringify(toJsonRow(row))}`;
    before = ',\n';
  }
  yield `${before === ',\n' ? '' : before}\n],"totals":${JSON.stringify(totals)},"isLeftOver":${isLeftOver}}\n`;
}
