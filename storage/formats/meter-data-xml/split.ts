import { createTradeDayFinder, type TradeDay } from '../../model/trade-day.ts';
import { writeElement, writeXml } from '../xml/template-writer.ts';
import type { XmlNode } from '../xml/xml-template.ts';
import type { MeterDataFormat, MeterDataRow } from './meter-data-format.ts';
import { type IsoRow, toIsoRow } from './to-iso-row.ts';
import { toIntervalRecord, toSeriesKey, toSeriesRecord } from './writer.ts';

/** "15 MB, counted uncompressed" (user guide of MRI-S, 2017), in its smaller reading, and under it. */
export const maxMeterDataBytes = 14_999_999;

/** A trade day of a resource that no batch can hold. */
interface DayTooLarge {
  readonly resourceId: string;
  readonly day: TradeDay;
  readonly bytes: number;
}

export type MeterDataSplit =
  | { readonly parts: readonly (readonly MeterDataRow[])[] }
  | { readonly tooLarge: DayTooLarge };

/**
 * Splits rows into parts whose documents each fit into one batch. A trade day of a resource is never torn: rows are
 * grouped by resource and day (both ascending) and parts filled greedily, so the same rows always give the same parts.
 *
 * @param maxBytes most bytes of a part's document, as `writeMeterData` writes it
 * @throws `invalid-request` as `toIsoRow` does
 */
export function splitMeterData(
  rows: readonly MeterDataRow[],
  format: MeterDataFormat,
  maxBytes = maxMeterDataBytes,
): MeterDataSplit {
  const { frameBytes, toBytes } = createMeasure(format);
  const parts: MeterDataRow[][] = [];
  let partBytes = Number.POSITIVE_INFINITY;
  for (const { resourceId, day, rows: some } of toGroups(rows)) {
    const bytes = toBytes(some);
    if (frameBytes + bytes > maxBytes) {
      return { tooLarge: { resourceId, day, bytes: frameBytes + bytes } };
    }
    if (partBytes + bytes > maxBytes) {
      parts.push([]);
      partBytes = frameBytes;
    }
    // Pushed one by one: a spread of a large group would exceed the engine's limit of arguments.
    for (const row of some) parts.at(-1)?.push(row);
    partBytes += bytes;
  }
  return { parts };
}

interface Group {
  readonly resourceId: string;
  readonly day: TradeDay;
  readonly rows: MeterDataRow[];
}

function toGroups(rows: readonly MeterDataRow[]): Group[] {
  const groups = new Map<string, Group>();
  const toDay = createTradeDayFinder();
  for (const row of rows) {
    const day = toDay(row.endAt);
    const key = `${row.resourceId}\0${day}`;
    const group = groups.get(key) ?? { resourceId: row.resourceId, day, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/**
 * Bytes of a document, exactly but for a series that goes on over several days of a part, whose frame is counted with
 * each of them.
 */
function createMeasure(format: MeterDataFormat) {
  const { document } = format.template;
  const frameBytes = toLength(writeXml(format.template, { fields: {}, lists: {} }));
  const series = getList(document, 'series');
  const interval = getList(document, 'intervals');
  const seriesBytes = new Map<string, number>();

  function toSeriesBytes(row: IsoRow, key: string): number {
    const known = seriesBytes.get(key);
    if (known !== undefined) return known;
    const bytes = toLength(writeElement(series, { ...toSeriesRecord([row], format), lists: {} }));
    seriesBytes.set(key, bytes);
    return bytes;
  }

  return {
    frameBytes,
    toBytes(rows: readonly MeterDataRow[]): number {
      const seen = new Set<string>();
      let bytes = 0;
      for (const row of rows) {
        const isoRow = toIsoRow(row, format);
        const key = toSeriesKey(isoRow);
        if (!seen.has(key)) bytes += toSeriesBytes(isoRow, key);
        seen.add(key);
        bytes += toLength(writeElement(interval, toIntervalRecord(isoRow, format)));
      }
      return bytes;
    },
  };
}

function getList(node: XmlNode, list: string): XmlNode {
  const found = findList(node, list);
  if (found === undefined) throw new Error(`Cannot measure meter data: the template has no list "${list}"`);
  return found;
}

function findList(node: XmlNode, list: string): XmlNode | undefined {
  if (node.each === list) return node;
  for (const child of node.children ?? []) {
    const found = findList(child, list);
    if (found !== undefined) return found;
  }
  return undefined;
}

function toLength(pieces: Iterable<string>): number {
  let bytes = 0;
  for (const piece of pieces) bytes += Buffer.byteLength(piece);
  return bytes;
}
