import { type OmarCsvLayout, omarCsvLayouts } from './omar-csv/columns.ts';
import type { Writer, WriteOptions } from './writer.ts';

/** Temporary stand-in */
export const targetNames = ['cmep'] as const;
export type TargetName = (typeof targetNames)[number];
export function targetProfileNames(_: TargetName): readonly string[] { return ['strict']; }
export function createWriter(_: TargetName, o: WriteOptions): Writer {
  let bytes = 0, readings = 0, records = 0;
  return { add(set, list) { for (const r of list) { const b = Buffer.from(`${set.meter},${r.endAt},${r.value}\r\n`); o.onBytes(b); bytes += b.length; readings++; records++; } }, end: () => ({ bytes, readings, records, losses: {flag: 3, missing: 2} }) };
}
