import type { FormatName, ScanResult } from '../../../storage/formats/format.ts';
import {
  type Losses,
  type LossReason,
  lossReasons,
  type WriteResult,
} from '../../../storage/formats/writer.ts';
import type { Dialect } from './choose-dialect.ts';
import type { Target } from './convert-source.ts';
import type { WholeConverted } from './convert-whole.ts';
import { toCodesText, toCountText, toRecordsText } from './count-text.ts';
import { toFaultsText } from './fault-text.ts';
import { toFactText } from './wrap.ts';

/** What became of one conversion. */
export interface Conversion extends WholeConverted {
  readonly file: string;
  readonly from: Dialect;
  readonly to: Pick<Target, 'format' | 'profile'>;
}

/** With these the reading is in the file; with all others it is not. */
const carriedReasons: ReadonlySet<string> = new Set<LossReason>(['rounded', 'flag', 'text']);

/** What became of a conversion, for people: what was read and written, what was lost, or why nothing was written. */
export function toConversionText({ file, from, to, scan, written, obstacle }: Conversion): string {
  const { readings, records } = scan.summary;
  const facts = [
    ['from', `${from.format}, profile ${from.profile}`],
    ['to', `${to.format}, profile ${to.profile}`],
    ['read', `${toCountText(readings, 'reading')} in ${toRecordsText(from.format, records)}`],
    ['faults', toCodesText(scan.faultCounts) || 'none'],
  ];
  if (obstacle === null) facts.push(['written', toWrittenText(to.format, written)]);
  const head = `${file}\n${facts.map(([name = '', fact = '']) => toFactText(name, fact)).join('')}`;
  const rest = scan.isRefused ? toErrorsText(from.format, scan) : toLossesText(written.losses);
  return `${head}\n${rest}${obstacle === null ? '' : `\nNothing was written: ${obstacle}.\n`}`;
}

function toWrittenText(format: FormatName, { readings, records, bytes }: WriteResult): string {
  const size = `${toRecordsText(format, records)}, ${toCountText(bytes, 'byte')}`;
  return `${toCountText(readings, 'reading')} in ${size}`;
}

function toErrorsText(format: FormatName, { faults, faultCounts }: ScanResult): string {
  const errors = faults.filter(({ level }) => level === 'error');
  const codes = new Set(errors.map(({ code }) => code));
  const counts = Object.fromEntries(Object.entries(faultCounts).filter(([code]) => codes.has(code)));
  return toFaultsText({ format, faults: errors, faultCounts: counts }, 3, 'mdma inspect shows them');
}

function toLossesText(losses: Losses): string {
  const lost = Object.entries(losses).filter(([, count]) => count > 0);
  if (lost.length === 0) return 'Nothing was lost.\n';
  const facts = lost.map(([reason, count]) => {
    const what = lossReasons[reason as LossReason];
    const fate = carriedReasons.has(reason) ? what : `left out: ${what}`;
    return toFactText(reason, `${toCountText(count, 'reading')} ${fate}`);
  });
  const hint = losses.identity === undefined ? '' : `${partiesHint}\n`;
  return `Lost:\n${facts.join('')}${hint}`;
}

const partiesHint = 'Where the source names no sender or receiver, --sender and --receiver do.';
