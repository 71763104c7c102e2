import type { Summary } from '../../../storage/formats/format.ts';
import { type Instant, minuteMs, toWallClock } from '../../../storage/model/time.ts';
import { toAnswersText } from './answer-text.ts';
import { listQualities, toCountText, toPercent, toRecordsText } from './count-text.ts';
import { toFaultsText, toVerdict } from './fault-text.ts';
import type { Inspection } from './inspect-source.ts';
import { maxSeries, type UnitTotal } from './series-tally.ts';
import { isSpecial, toSeriesText } from './series-text.ts';
import { toFactText, wrap } from './wrap.ts';

export interface TextOptions {
  /** How many faults of each code are shown. */
  readonly maxPerCode: number;
  /** Zone in which instants are shown; UTC when undefined. */
  readonly zone: string | undefined;
}

/** An inspection for people: what it is, what it holds by series, its faults, and what that comes to. */
export function toInspectionText(inspection: Inspection, { maxPerCode, zone }: TextOptions): string {
  const toTime = (at: Instant) => toTimeText(at, zone);
  const { series, answers, otherAnswers } = inspection;
  return [
    `${inspection.file}\n`,
    ...listFacts(inspection, toTime).map(([name, fact]) => toFactText(name, fact)),
    series.length === 0 ? '' : `\n${toSeriesText(series, toTime)}`,
    toOthersText(inspection),
    answers.length === 0 ? '' : `\n${toAnswersText(answers, otherAnswers)}`,
    inspection.faults.length === 0
      ? ''
      : `\n${toFaultsText(inspection, maxPerCode, '--max-faults N shows N faults')}`,
    `\n${wrap(toVerdict(inspection), '')}`,
  ].join('');
}

/** An instant to the minute: UTC with Z, or the wall clock of the zone with its distance from UTC. */
function toTimeText(at: Instant, zone: string | undefined): string {
  if (zone === undefined) return `${toMinuteText(at)}Z`;
  const { year, month, day, hour, minute } = toWallClock(at, zone);
  const shown = Date.UTC(year, month - 1, day, hour, minute);
  const minutes = Math.round((shown - at) / minuteMs);
  const sign = minutes < 0 ? '-' : '+';
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${toMinuteText(shown)}${sign}${pad(hours)}:${pad(rest)}`;
}

function toMinuteText(at: Instant): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}

function* listFacts(
  { format, why, profile, proposal, summary, totals, answers }: Inspection,
  toTime: (at: Instant) => string,
): Generator<readonly [string, string]> {
  yield ['format', `${format}: ${why}`];
  yield ['profile', profile];
  if (proposal !== null && proposal.profile !== profile) {
    yield ['', `Looks like ${proposal.profile}: ${proposal.why}. --profile ${proposal.profile} reads it so.`];
  }
  yield ['size', `${toCountText(summary.bytes, 'byte')}, ${toRecordsText(format, summary.records)}`];
  yield ['senders', toListText([...summary.senders, ...answers.map(({ sender }) => sender)])];
  yield ['receivers', toListText([...summary.receivers, ...answers.map(({ receiver }) => receiver)])];
  if (summary.readingSets === 0) return;
  const { firstAt, lastAt, meters } = summary;
  yield ['meters', toCountText(meters)];
  yield ['accounts', toAccountsText(summary)];
  if (firstAt !== null && lastAt !== null) yield ['period', `${toTime(firstAt)} to ${toTime(lastAt)}`];
  yield ['readings', toReadingsText(summary)];
  for (const [index, total] of totals.entries()) yield [index === 0 ? 'units' : '', toTotalText(total)];
}

function toAccountsText({ accounts, estimatedAccounts, estimatedAccountShare }: Summary): string {
  if (estimatedAccounts === 0) return `${toCountText(accounts)}, none with estimates`;
  const share = toPercent(estimatedAccountShare);
  return `${toCountText(accounts)}, ${toCountText(estimatedAccounts)} with estimates (${share})`;
}

function toReadingsText(summary: Summary): string {
  const { readings } = summary;
  const qualities = listQualities(summary).map(
    ([quality, count]) => `${toCountText(count, quality, quality)} (${toPercent(count / readings)})`,
  );
  return `${toCountText(readings)}, ${qualities.length === 0 ? 'all validated' : qualities.join(', ')}`;
}

function toTotalText({ unit, measure, purpose, readings, sum }: UnitTotal): string {
  const kinds = [measure === 'interval' ? '' : measure, isSpecial(purpose) ? purpose : ''].filter(
    (word) => word !== '',
  );
  const kind = kinds.length === 0 ? '' : ` (${kinds.join(', ')})`;
  const text = `${unit}${kind}: ${toCountText(readings, 'reading')}`;
  return sum === null ? text : `${text}, sum ${sum}`;
}

function toListText(names: readonly string[]): string {
  return names.length === 0 ? '-' : [...new Set(names)].slice(0, 20).join(', ');
}

function toOthersText({ series, readingsOfOthers }: Inspection): string {
  if (readingsOfOthers === 0) return '';
  const others = toCountText(readingsOfOthers, 'reading');
  if (series.length < maxSeries) return `... and ${others} of other meters: --meters N shows N meters.\n`;
  const told = toCountText(series.length);
  return wrap(
    `More than the ${told} series that are told apart: ${others} more are in the sums above only.`,
    '',
  );
}
