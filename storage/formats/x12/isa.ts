import { type FaultList, toFaultText } from '../fault-list.ts';
import { findDay, findTime } from './dates.ts';
import type { X12FaultCode } from './faults.ts';
import { isaBytes } from './segment-reader.ts';
import { findSeparatorProblem, type Separators } from './separators.ts';

/** Length of each element of an ISA, from ISA01 (edi867 facts, section 4.1). */
const lengths = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1] as const;
const names = [
  'authorization qualifier',
  'authorization',
  'security qualifier',
  'security',
  'sender qualifier',
  'sender',
  'receiver qualifier',
  'receiver',
  'date',
  'time',
  'standard',
  'version',
  'control number',
  'acknowledgement wanted',
  'usage',
  'component separator',
] as const;
const version = '00401';

/** What an interchange header says; ids as they stand, without the blanks behind them. */
export interface Isa {
  readonly separators: Separators;
  readonly senderQualifier: string;
  readonly sender: string;
  readonly receiverQualifier: string;
  readonly receiver: string;
  readonly controlNumber: string;
  readonly isTest: boolean;
}

/** Where element n begins, from 1. */
function startOf(n: number): number {
  return 4 + lengths.slice(0, n - 1).reduce((sum, length) => sum + length + 1, 0);
}

/** Where the control number begins, from the start of the ISA. */
export const controlNumberStart = startOf(13);

/**
 * Reads an ISA and reports what is wrong with it. Undefined when the separators cannot be told from it.
 *
 * @param number the segment's number in the file
 */
export function findIsa(
  bytes: Buffer,
  length: number,
  fileOffset: number,
  number: number,
  faults: FaultList<X12FaultCode>,
): Isa | undefined {
  const fault = (code: X12FaultCode, n: number, start: number, end: number, message: string) =>
    faults.add(code, {
      line: number,
      field: n === 0 ? 'ISA' : `ISA${String(n).padStart(2, '0')} ${names[n - 1]}`,
      fieldNumber: n,
      byteOffset: fileOffset + start,
      text: toFaultText(bytes, start, Math.min(end, length)),
      message,
    });
  const head = bytes.toString('latin1', 0, length);
  if (!head.startsWith('ISA')) {
    const isInside = /^(GS|GE|ST|SE|IEA|BPT|AK\d)[^A-Za-z0-9]/.test(head);
    const message = isInside ? 'The file begins inside an interchange' : 'This is no interchange';
    fault('E_ISA_MISSING', 0, 0, length, `${message}; expected an ISA of ${isaBytes} characters.`);
    return undefined;
  }
  const separator = head[3] ?? '';
  const wrong = lengths.findIndex((_, index) => head[startOf(index + 1) - 1] !== separator);
  const separatorCount = head.split(separator).length - 1;
  if (length < isaBytes || wrong !== -1 || separatorCount !== lengths.length) {
    reportLength(head, wrong, separator, fault);
    return undefined;
  }
  const separators = {
    element: bytes[3] as number,
    component: bytes[isaBytes - 2] as number,
    terminator: bytes[isaBytes - 1] as number,
  };
  const problem = findSeparatorProblem(separators);
  if (problem !== undefined) {
    fault('E_SEPARATORS', 0, isaBytes - 3, isaBytes, problem);
    return undefined;
  }
  const text = (n: number) => head.slice(startOf(n), startOf(n) + (lengths[n - 1] as number));
  const check = (n: number, isRight: boolean, code: X12FaultCode, message: string) => {
    if (!isRight) fault(code, n, startOf(n), startOf(n) + (lengths[n - 1] as number), message);
  };
  const isPrintable = !/[^\x20-\x7e]/.test(head.slice(0, isaBytes - 2).replaceAll(separator, '*'));
  if (!isPrintable) fault('E_ASCII', 0, 0, isaBytes, 'Expected printable ASCII characters only.');
  check(9, findDay(`20${text(9)}`) !== undefined, 'E_DATE', 'Expected a real date as YYMMDD.');
  check(10, findTime(text(10)) !== undefined, 'E_TIME', 'Expected a time as HHMM, from 0000 to 2359.');
  check(12, text(12) === version, 'E_VERSION', `Expected ${version}.`);
  check(13, /^\d{9}$/.test(text(13)), 'E_NUMBER', 'Expected nine digits.');
  check(15, /^[TPI]$/.test(text(15)), 'E_CODE', 'Expected P (production) or T (test).');
  check(15, text(15) !== 'T', 'W_TEST', 'The interchange is marked as a test.');
  return {
    separators,
    senderQualifier: text(5),
    sender: text(6).trimEnd(),
    receiverQualifier: text(7),
    receiver: text(8).trimEnd(),
    controlNumber: text(13),
    isTest: text(15) === 'T',
  };
}

/** Names the first element that is not as long as it must be. */
function reportLength(
  head: string,
  wrong: number,
  separator: string,
  fault: (code: X12FaultCode, n: number, start: number, end: number, message: string) => void,
): void {
  const rule = `an ISA has exactly ${isaBytes} characters with its terminator`;
  const parts = head.split(separator);
  // Element k begins where element k - 1 ends: the separator that is missing ends the one before.
  const n = wrong === -1 ? lengths.length : wrong;
  const found = parts[n]?.length ?? 0;
  const isNamed = n > 0 && parts.length > n + 1 && found !== lengths[n - 1];
  if (!isNamed) {
    fault('E_ISA_LEN', 0, 0, head.length, `The ISA is cut or its elements have other lengths: ${rule}.`);
    return;
  }
  const message = `ISA${String(n).padStart(2, '0')} has ${found} characters, expected ${lengths[n - 1]}: ${rule}.`;
  fault('E_ISA_LEN', n, startOf(n), startOf(n) + found, message);
}
