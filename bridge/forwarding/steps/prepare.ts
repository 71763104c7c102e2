import {
  type IsoFormat,
  isIsoFormat,
  type ReadingSet,
  type ScanResult,
} from '../../../storage/formats/format.ts';
import { isSameSeries, type OmarRow } from '../../../storage/formats/omar-csv/columns.ts';
import { OmarRows } from '../../../storage/formats/omar-csv/omar-rows.ts';
import { createScanner } from '../../../storage/formats/scanners.ts';
import type { ClaimedForwarding, NewPart } from '../../../storage/ports/forwardings.ts';
import type { Postings } from '../../../storage/ports/postings.ts';
import type { Conversion } from '../../../storage/ports/resources.ts';
import { readChunks } from '../../../storage/read-file.ts';
import { maxParts } from '../iso-name.ts';
import type { StepContext } from '../step-context.ts';
import { createOmarRowCollector, SourcedRows } from '../to-omar-rows.ts';
import { completeDays } from './complete-days.ts';
import { removingUnrecorded, storeBytes } from './keep-page.ts';
import { toPerson } from './move.ts';

type Source = Awaited<ReturnType<Postings['getSource']>>;

/** Rows that a correction may have: they are objects until its days are complete. */
const maxCorrectedRows = 1_000_000;

/** Runs take more room than rows; a file in any usual order has a hundred times fewer. */
const maxRuns = 1_000_000;

/** Why readings that are due are left out: a file of them alone is not empty, it cannot be sent. */
const notConvertible = ['unit', 'interval', 'negative', 'boundary'];

/** Of a correction they cannot just be left out: what they replace would complete the day in their place. */
const notReplaceable = ['negative', 'boundary'];

/** What a source became, or why a person must look at it. */
type Prepared =
  | { readonly kind: 'parts'; readonly parts: NewPart[]; readonly left: Readonly<Record<string, number>> }
  | { readonly kind: 'person'; readonly why: string };

/**
 * Makes the parts of a forwarding, durable before they are on record: the posted file itself where it is in a format
 * of the ISO's, else what of it is due to the account, converted and split (rulings 24 and 25). The same posting gives
 * the same parts.
 */
export async function prepare(context: StepContext, forwarding: ClaimedForwarding): Promise<void> {
  const { forwardings, clock, log } = context;
  const { id } = forwarding;
  const source = await context.postings.getSource(forwarding.transaction);
  const prepared = isIsoFormat(source.format)
    ? await passThrough(context, forwarding, source, source.format)
    : await convert(context, forwarding, source);
  if (prepared.kind === 'person') return forwardings.moveForwarding(id, toPerson(prepared.why));
  const { parts, left } = prepared;
  const move =
    parts.length === 0
      ? { state: 'empty' as const, reason: 'nothing in it is due to the ISO', dueAt: null }
      : { state: 'prepared' as const, reason: '', dueAt: clock.now() };
  const made = parts.flatMap(({ file }) => (file.key === source.key ? [] : file));
  await removingUnrecorded(context, made, () => forwardings.recordParts(id, parts, left, move));
  log.info({ forwarding: id, parts: parts.length, left }, 'forwarding prepared');
}

/** What stands in place of the meter in a format of the ISO's is the resource. */
async function passThrough(
  context: StepContext,
  { account }: ClaimedForwarding,
  source: Source,
  format: IsoFormat,
): Promise<Prepared> {
  const { key, sha256, bytes } = source;
  const why = context.iso.findPassThroughFault(context, source);
  if (why !== undefined) return { kind: 'person', why };
  let foreign: ReadingSet | undefined;
  const { summary } = await scan(context, source, (set) => {
    if (!context.holds(set.meter)) foreign ??= set;
  });
  if (foreign !== undefined) {
    const why = `account ${account} does not hold resource ${foreign.meter}, which line ${foreign.line} names`;
    return { kind: 'person', why };
  }
  const extension = format === 'mdef' ? 'dat' : 'csv';
  const file = { key, sha256, bytes };
  return { kind: 'parts', parts: [{ number: 1, file, extension, records: summary.records }], left: {} };
}

async function convert(
  context: StepContext,
  forwarding: ClaimedForwarding,
  source: Source,
): Promise<Prepared> {
  const { account, way, id } = forwarding;
  const conversion = await context.resources.getConversion(id);
  const collector = createOmarRowCollector({ name: account, way }, conversion, context.holds);
  const own = conversion.isCorrection ? new SourcedRows() : new OmarRows();
  const maxRows = conversion.isCorrection ? maxCorrectedRows : context.iso.maxRows;
  const isFull = () => own.length > maxRows || (own instanceof OmarRows && own.runs.length > maxRuns);
  await scan(context, source, (set, readings) => {
    if (!isFull()) collector.take(set, readings, own);
  });
  const { left } = collector;
  const lost = Object.entries(left).filter(([reason]) => notConvertible.includes(reason));
  const kept = lost.filter(([reason]) => conversion.isCorrection && notReplaceable.includes(reason));
  if (own.length > 0 && kept.length > 0) {
    const found = kept.map(([reason, readings]) => `${readings} readings (${reason})`).join(', ');
    const why = `${found} of the correction cannot be carried, and what they replace must not be sent again in their place`;
    return { kind: 'person', why };
  }
  const completed =
    own instanceof SourcedRows ? await completeDays(context, forwarding, collector, own.rows) : { rows: own };
  if ('why' in completed) return { kind: 'person', why: completed.why };
  const { rows } = completed;
  if (isFull() || rows.length > maxRows) {
    return {
      kind: 'person',
      why: `more than ${maxRows} readings for one account, or in no order; post it in smaller files`,
    };
  }
  if (rows.length === 0 && lost.length > 0) {
    const why = `nothing that is due in it can be converted: ${lost.map(([reason, readings]) => `${readings} ${reason}`).join(', ')}`;
    return { kind: 'person', why };
  }
  const { foreign } = collector;
  if (foreign !== undefined) {
    const { resourceId, meter, line } = foreign;
    const why = `account ${account} does not hold resource ${resourceId}, which meter ${meter} in line ${line} is mapped to`;
    return { kind: 'person', why };
  }
  const toSource = (row: OmarRow) => findSource(context, forwarding, source, conversion, row);
  return makeParts(context, rows, { left, firstPart: conversion.firstPart, toSource });
}

/** Makes files and keeps them one by one; where one cannot be made, those before it are removed again. */
async function makeParts(
  context: StepContext,
  rows: OmarRows,
  {
    left,
    firstPart,
    toSource,
  }: {
    readonly left: Readonly<Record<string, number>>;
    readonly firstPart: number;
    readonly toSource: (row: OmarRow) => Promise<string>;
  },
): Promise<Prepared> {
  const parts: NewPart[] = [];
  let flagsDropped = left.flagsDropped ?? 0;
  const removeMade = async () => {
    for (const { file } of parts) await context.files.remove('on-line', file.key);
  };
  const giveUp = async (why: string): Promise<Prepared> => {
    await removeMade();
    return { kind: 'person', why };
  };
  try {
    for (const made of context.iso.makeFiles(context, rows)) {
      if ('why' in made) {
        const source = made.row === undefined ? '' : await toSource(made.row);
        return await giveUp(`${source}${made.why}`);
      }
      const number = firstPart + parts.length;
      if (number > maxParts) return await giveUp(`more than ${maxParts} parts; post it in smaller files`);
      const file = await storeBytes(context, made.bytes);
      parts.push({ number, file, extension: made.extension, records: made.records });
      flagsDropped += made.flagsDropped ?? 0;
    }
  } catch (error) {
    await removeMade();
    throw error;
  }
  return { kind: 'parts', parts, left: flagsDropped === 0 ? left : { ...left, flagsDropped } };
}

/**
 * Where in the posting a row comes from, as the beginning of a reason; nothing when it comes from an earlier one. The
 * posting is read again for it, because rows in memory do not say.
 */
async function findSource(
  context: StepContext,
  { account, way }: ClaimedForwarding,
  source: Source,
  conversion: Conversion,
  { endAt, ...series }: OmarRow,
): Promise<string> {
  const collector = createOmarRowCollector({ name: account, way }, conversion, context.holds);
  let words = '';
  await scan(context, source, (set, readings) => {
    if (words !== '') return;
    const own = new SourcedRows();
    collector.take(set, readings, own);
    const row = own.rows.find((each) => each.endAt === endAt && isSameSeries(each, series));
    if (row !== undefined) words = `meter ${row.meter}, unit ${row.postedUnit}, line ${set.line}: `;
  });
  return words;
}

/** @throws when the source is refused now, though it was accepted when it was posted */
async function scan(
  { files, clock }: StepContext,
  source: Source,
  onReadingSet?: Parameters<typeof createScanner>[1]['onReadingSet'],
): Promise<ScanResult> {
  const { format, profile } = source;
  const scanner = createScanner(format, {
    profile,
    now: clock.now(),
    ...(onReadingSet === undefined ? {} : { onReadingSet }),
  });
  await readChunks(files, source, (chunk) => scanner.push(chunk));
  const result = scanner.end();
  if (result.isRefused)
    throw new Error(`Cannot prepare: ${result.faults[0]?.message ?? 'the source is refused'}`);
  return result;
}
