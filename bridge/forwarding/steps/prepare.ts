import { type IsoFormat, isIsoFormat, type ScanResult } from '../../../storage/formats/format.ts';
import { createScanner } from '../../../storage/formats/scanners.ts';
import type { ClaimedForwarding, NewPart } from '../../../storage/ports/forwardings.ts';
import type { Postings } from '../../../storage/ports/postings.ts';
import { readChunks } from '../../../storage/read-file.ts';
import type { StepContext } from '../step-context.ts';
import { createOmarRowCollector, type SourcedRow } from '../to-omar-rows.ts';
import { completeDays } from './complete-days.ts';
import { storeBytes } from './keep-page.ts';
import { toPerson } from './move.ts';

type Source = Awaited<ReturnType<Postings['getSource']>>;

/** Rows that one posting may be converted to: they are held in memory until they are split. */
const maxRows = 1_000_000;

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
    ? await passThrough(context, source, source.format)
    : await convert(context, forwarding, source);
  if (prepared.kind === 'person') {
    log.error({ forwarding: id, why: prepared.why }, 'a person must decide about a forwarding');
    return forwardings.moveForwarding(id, toPerson(prepared.why));
  }
  const { parts, left } = prepared;
  const move =
    parts.length === 0
      ? { state: 'empty' as const, reason: 'nothing in it is due to the ISO', dueAt: null }
      : { state: 'prepared' as const, reason: '', dueAt: clock.now() };
  await forwardings.recordParts(id, parts, left, move);
  log.info({ forwarding: id, parts: parts.length, left }, 'forwarding prepared');
}

async function passThrough(context: StepContext, source: Source, format: IsoFormat): Promise<Prepared> {
  const { key, sha256, bytes } = source;
  const why = context.iso.findPassThroughFault(context, { format, bytes });
  if (why !== undefined) return { kind: 'person', why };
  const { summary } = await scan(context, source);
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
  const collector = createOmarRowCollector({ name: account, way }, conversion);
  await scan(context, source, (set, readings) => {
    if (collector.rows.length <= maxRows) collector.take(set, readings);
  });
  const { left } = collector;
  const lost = Object.entries(left).filter(([reason]) => notConvertible.includes(reason));
  const kept = lost.filter(([reason]) => conversion.isCorrection && notReplaceable.includes(reason));
  if (collector.rows.length > 0 && kept.length > 0) {
    const found = kept.map(([reason, readings]) => `${readings} readings (${reason})`).join(', ');
    const why = `${found} of the correction cannot be carried, and what they replace must not be sent again in their place`;
    return { kind: 'person', why };
  }
  const completed = conversion.isCorrection
    ? await completeDays(context, forwarding, collector)
    : { rows: collector.rows };
  if ('why' in completed) return { kind: 'person', why: completed.why };
  const { rows } = completed;
  if (rows.length > maxRows) {
    return { kind: 'person', why: `more than ${maxRows} readings for one account; post it in smaller files` };
  }
  if (rows.length === 0 && lost.length > 0) {
    const why = `nothing that is due in it can be converted: ${lost.map(([reason, readings]) => `${readings} ${reason}`).join(', ')}`;
    return { kind: 'person', why };
  }
  const foreign = rows.find(({ resourceId }) => !context.holds(resourceId));
  if (foreign !== undefined) {
    const { resourceId, meter, sourceLine } = foreign;
    const why = `account ${account} does not hold resource ${resourceId}, which meter ${meter} in line ${sourceLine} is mapped to`;
    return { kind: 'person', why };
  }
  return makeParts(context, rows, left, conversion.firstPart);
}

async function makeParts(
  context: StepContext,
  rows: readonly SourcedRow[],
  left: Readonly<Record<string, number>>,
  firstPart: number,
): Promise<Prepared> {
  const made = context.iso.makeFiles(context, rows);
  if ('why' in made) return { kind: 'person', why: made.why };
  const parts: NewPart[] = [];
  for (const { bytes, records } of made.files) {
    const file = await storeBytes(context, bytes);
    parts.push({ number: firstPart + parts.length, file, extension: made.extension, records });
  }
  return { kind: 'parts', parts, left };
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
