import type { FormatName, ScanOptions, ScanResult } from '../../../storage/formats/format.ts';
import { createScanner } from '../../../storage/formats/scanners.ts';
import { dataNow } from './data/cmep-month.ts';
import { readFile } from './read-file.ts';

/** Scans a file as a posting is scanned: every rule, every check, the summary, and the reading sets handed on. */
export function scanFile(
  format: FormatName,
  file: string,
  options: Pick<ScanOptions, 'profile'> & Partial<ScanOptions>,
): ScanResult {
  const scanner = createScanner(format, { now: dataNow, onReadingSet: () => undefined, ...options });
  readFile(file, (chunk) => scanner.push(chunk));
  return scanner.end();
}

/** The same for a file that is right. @throws when anything is found in it: then the row measures something else */
export function scanCleanFile(...args: Parameters<typeof scanFile>): ScanResult {
  const result = scanFile(...args);
  const found = Object.keys(result.faultCounts);
  if (found.length > 0)
    throw new Error(`The bench's own file is not clean: ${JSON.stringify(result.faults[0])}`);
  return result;
}
