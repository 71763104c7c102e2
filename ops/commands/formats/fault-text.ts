import type { Fault, FormatName, ScanResult } from '../../../storage/formats/format.ts';
import { toCodesText } from './count-text.ts';
import { wrap } from './wrap.ts';

/** What a fault's line counts. */
const lineWords: Readonly<Record<FormatName, string>> = {
  cmep: 'line',
  mdef: 'record',
  'omar-csv': 'line',
  'x12-867': 'segment',
  'x12-997': 'segment',
};

interface Faults extends Pick<ScanResult, 'faults' | 'faultCounts'> {
  readonly format: FormatName;
}

/**
 * Faults with their place, text and sentence, and how many more of each code there are.
 *
 * @param maxPerCode how many of each code are shown
 * @param hint how to see the others: `mdma inspect shows all of them`
 */
export function toFaultsText(
  { format, faults, faultCounts }: Faults,
  maxPerCode: number,
  hint: string,
): string {
  const lineWord = lineWords[format];
  const left: Record<string, number> = { ...faultCounts };
  const shown = faults.filter(({ code }) => {
    const count = faultCounts[code] ?? 0;
    if (count - (left[code] ?? 0) >= maxPerCode) return false;
    left[code] = (left[code] ?? 0) - 1;
    return true;
  });
  const more = Object.fromEntries(Object.entries(left).filter(([, count]) => count > 0));
  const end = Object.keys(more).length === 0 ? '' : wrap(`... and ${toCodesText(more)} more: ${hint}.`, '');
  return shown.map((fault) => toFaultText(fault, lineWord)).join('') + end;
}

function toFaultText(fault: Fault, lineWord: string): string {
  const { code, level, line, field, fieldNumber, byteOffset, text, message } = fault;
  const where = fieldNumber === 0 ? '' : `, field ${fieldNumber} ${field}`;
  const place = line === 0 ? 'the file' : `${lineWord} ${line}${where}, byte ${byteOffset}`;
  const found = text === '' ? '' : `Found ${JSON.stringify(text)}. `;
  return wrap(`${level} ${code}: ${place}`, '') + wrap(`${found}${message}`, '  ');
}

/** What the faults come to. */
export function toVerdict({ summary, faultCounts, isRefused }: ScanResult): string {
  if (Object.keys(faultCounts).length === 0) return 'No faults.';
  const rest = summary.readingSets === 0 ? '' : '; the readings above are those of records without error';
  const verdict = isRefused ? `Errors: it would be refused${rest}.` : 'No errors.';
  return `${verdict} Found: ${toCodesText(faultCounts)}.`;
}
