import type { Fault, ScanResult } from '../../../storage/formats/format.ts';
import { toCodesText } from './count-text.ts';
import type { Inspection } from './inspect-source.ts';
import { wrap } from './wrap.ts';

/**
 * Faults with their place, text and sentence, and how many more of each code there are.
 *
 * @param maxPerCode how many of each code are shown
 */
export function toFaultsText({ format, faults, faultCounts }: Inspection, maxPerCode: number): string {
  const lineWord = format === 'mdef' ? 'record' : 'line';
  const shown: Record<string, number> = {};
  let text = '';
  for (const fault of faults) {
    const before = shown[fault.code] ?? 0;
    if (before >= maxPerCode) continue;
    shown[fault.code] = before + 1;
    text += toFaultText(fault, lineWord);
  }
  const more = Object.entries(faultCounts).map(
    ([code, count]) => [code, count - (shown[code] ?? 0)] as const,
  );
  const left = Object.fromEntries(more.filter(([, count]) => count > 0));
  if (Object.keys(left).length === 0) return text;
  return text + wrap(`... and ${toCodesText(left)} more: --max-faults N shows N faults.`, '');
}

function toFaultText(fault: Fault, lineWord: string): string {
  const { code, level, line, field, fieldNumber, byteOffset, text, message } = fault;
  const where = fieldNumber === 0 ? '' : `, field ${fieldNumber} ${field}`;
  const place = line === 0 ? 'the file' : `${lineWord} ${line}${where}, byte ${byteOffset}`;
  const found = text === '' ? '' : `Found ${JSON.stringify(text)}. `;
  return wrap(`${level} ${code}: ${place}`, '') + wrap(`${found}${message}`, '  ');
}

/** What the faults come to, in one sentence. */
export function toVerdict({ faultCounts, isRefused }: ScanResult): string {
  if (Object.keys(faultCounts).length === 0) return 'No faults.';
  return `${isRefused ? 'Errors: it would be refused.' : 'No errors.'} Found: ${toCodesText(faultCounts)}.`;
}
