import type { ZoneClock } from '../../../model/zone-clock.ts';
import { type Decimal, findDecimal, toPlainText, toSum } from '../../decimal.ts';
import type { Quality, ReadingSet } from '../../format.ts';
import {
  dateCodes,
  loopCodes,
  multiplierCode,
  periodCode,
  productCodes,
  productQualifier,
  quantityCodes,
  readCodes,
  reasonCodes,
  totalLabel,
  unknownAdjustment,
  usageCode,
} from '../codes.ts';
import type { X12Profile } from '../profiles.ts';
import type { SegmentWriter } from '../segment-writer.ts';
import { toDateSegment } from './local-date.ts';
import type { Lose } from './loop-builder.ts';
import type { IntervalLoop, PeriodLoop, PeriodRow, UsageLoop } from './usage-loops.ts';
import { toNumberText } from './write-numbers.ts';

export interface LoopContext {
  readonly writer: SegmentWriter;
  readonly profile: X12Profile;
  readonly clock: ZoneClock;
  readonly lose: Lose;
}

/** Writes a PTD loop; gives the readings that are in it. */
export function writeLoop(context: LoopContext, loop: UsageLoop): number {
  return loop.kind === 'interval' ? writeIntervalLoop(context, loop) : writePeriodLoop(context, loop);
}

function writeIntervalLoop(context: LoopContext, loop: IntervalLoop): number {
  const { writer } = context;
  const { unit, isReceived, set, values, qualities, multiplier } = loop;
  writeHead(context, loop, String(set.intervalMinutes).padStart(3, '0'), loop.isAdjusted, set.channel);
  const codeOf = toQuantityCodes(isReceived);
  for (const [index, value] of values.entries()) {
    writer.add('QTY', codeOf(qualities[index] ?? 'validated'), value, unit.code);
    if (index === 0 && multiplier !== '1') writer.add('MEA', '', multiplierCode, multiplier);
  }
  return values.length;
}

function writeHead(
  { writer, clock }: LoopContext,
  { set, unit, startAt, endAt }: UsageLoop,
  length: string,
  isAdjusted: boolean,
  channel: string,
): void {
  const isUnmetered = set.meter === 'UNMETERED';
  const [loopCode = ''] = findKey(loopCodes, isUnmetered ? 'unmetered' : 'metered');
  const [product = ''] = findKey(productCodes, set.commodity || 'E');
  writer.add('PTD', loopCode, '', '', productQualifier, product);
  writer.add(...toDateSegment(dateCodes.start, startAt, clock));
  writer.add(...toDateSegment(dateCodes.end, endAt, clock));
  if (!isUnmetered) writer.add('REF', 'MG', set.meter);
  if (set.sdp !== '') writer.add('REF', 'LU', set.sdp);
  if (channel !== '') writer.add('REF', '6W', channel);
  writer.add('REF', 'MT', `${unit.code}${length}`);
  if (isAdjusted) writer.add('REF', '1P', toAdjustment(set));
}

function findKey<Value>(table: Readonly<Record<string, Value>>, value: Value): string[] {
  return Object.keys(table).filter((key) => table[key] === value);
}

/** The set's own reason where it says "adjusted" to a reader; else that there is none. */
function toAdjustment({ reason }: ReadingSet): string {
  const isAdjustment = Object.hasOwn(reasonCodes, reason) && reasonCodes[reason]?.isAdjustment === true;
  return isAdjustment ? reason : unknownAdjustment;
}

function toQuantityCodes(isReceived: boolean): (quality: Quality) => string {
  const own = quantityCodes.filter((code) => code.isReceived === isReceived);
  const codeOf = (quality: Quality) => own.find((code) => code.quality === quality)?.code;
  // What was adjusted is said once for the loop.
  return (quality) => codeOf(quality === 'adjusted' ? 'validated' : quality) ?? '';
}

function writePeriodLoop(context: LoopContext, loop: PeriodLoop): number {
  const { writer, profile, lose } = context;
  const rows = loop.rows.filter((row): row is FullRow => row.usage !== undefined);
  const isAdjusted = rows.some(({ usage }) => usage.quality === 'adjusted');
  // A loop is adjusted as a whole.
  if (isAdjusted)
    lose('flag', rows.filter(({ usage }) => !usage.isMade && usage.quality !== 'adjusted').length);
  writeHead(context, loop, periodCode, isAdjusted, '');
  const total = rows.find(({ label }) => label === totalLabel);
  const quality =
    total?.usage.quality ??
    (rows.some(({ usage }) => usage.quality === 'estimated') ? 'estimated' : 'validated');
  writer.add(
    'QTY',
    toQuantityCodes(loop.isReceived)(quality),
    total?.usage.value ?? toTotal(rows, loop),
    loop.unit.code,
  );
  const isPlain = rows.length === 1 && total !== undefined && total.reads === undefined;
  if (loop.multiplier !== '') writer.add('MEA', '', multiplierCode, loop.multiplier);
  if (!isPlain) {
    // The total row stands last.
    const sorted = [...rows.filter((row) => row !== total), ...(total === undefined ? [] : [total])];
    for (const row of sorted) writeRow(context, row, loop, isAdjusted, profile);
  }
  return rows.reduce((sum, row) => sum + (row.usage.isMade ? 0 : 1) + (row.reads === undefined ? 0 : 2), 0);
}

/** A row as the loop builder gives it: with its usage. */
type FullRow = PeriodRow & { readonly usage: NonNullable<PeriodRow['usage']> };

function writeRow(
  { writer, lose }: LoopContext,
  { label, usage, reads }: FullRow,
  { unit }: PeriodLoop,
  isAdjusted: boolean,
  { touLabels }: X12Profile,
): void {
  const isEstimated = usage.quality === 'estimated';
  const own = reads?.qualities ?? (isEstimated ? ['estimated', 'estimated'] : ['validated', 'validated']);
  // A total row's own quality stands in QTY01; that of another row only shows in its reads.
  const isShown = own.includes('estimated') || label === totalLabel;
  const qualities = isEstimated && !isShown && !isAdjusted ? (['validated', 'estimated'] as const) : own;
  if (qualities !== own) lose('flag', 1);
  if (!usage.isMade && !isAdjusted && !isEstimated && own.includes('estimated')) lose('flag', 1);
  const code = Object.keys(readCodes).find(
    (key) => readCodes[key]?.[0] === qualities[0] && readCodes[key]?.[1] === qualities[1],
  );
  const [tou = ''] = findKey(touLabels, label);
  const [begin = '', end = ''] = reads?.values ?? [];
  writer.add('MEA', code ?? '', usageCode, usage.value, unit.code, begin, end, tou);
}

/** The sum of an energy's rows, the highest of a demand's. */
function toTotal(rows: readonly FullRow[], { unit }: PeriodLoop): string {
  const values = rows.map(({ usage }) => usage.value);
  if (!unit.isEnergy) return values.reduce((most, value) => (Number(value) > Number(most) ? value : most));
  const sum = values.map(getDecimal).reduce(toSum);
  return toNumberText(toPlainText(sum))?.text ?? values[0] ?? '0';
}

function getDecimal(text: string): Decimal {
  const decimal = findDecimal(text);
  if (decimal === undefined) throw new Error(`Cannot write X12: ${JSON.stringify(text)} is no decimal`);
  return decimal;
}
