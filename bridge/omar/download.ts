import type { Scanner, ScanOptions } from '../../storage/formats/format.ts';
import { createOmarCsvScanner } from '../../storage/formats/omar-csv/omar-csv-scanner.ts';
import { createScanner } from '../../storage/formats/scanners.ts';
import type { Instant } from '../../storage/model/time.ts';
import { type IsoInterval, toIsoSeries } from '../../storage/reconciliation/iso-interval.ts';
import { parseCsvLayout } from '../csv-layout.ts';
import type { AnswerHead, Sink } from '../https/connection.ts';
import { toUnrecognised } from '../https/unrecognised.ts';
import { type DownloadRequest, type DownloadShape, toDownloadPath } from './download-shape.ts';
import type { DownloadOutcome } from './outcomes.ts';
import { findErrorWords } from './pages/error-page.ts';
import { readPage, type SessionEnded, type Visit } from './visit.ts';

/** What of a file that cannot be read is kept for a person to look at: its beginning. */
const maxKeptBytes = 256 * 1024;

/**
 * Downloads what the ISO holds of one resource, in the shape that the settings give. The file is read while it comes;
 * it counts only when all of it has come, is without fault, and is of that resource alone.
 */
export async function download(
  visit: Visit,
  shape: DownloadShape,
  request: DownloadRequest,
  now: Instant,
): Promise<DownloadOutcome | SessionEnded> {
  const file = createFileReader(shape, now);
  let head: AnswerHead | undefined;
  const exchange = await visit.ask({
    method: 'GET',
    path: toDownloadPath(shape, request),
    headers: {},
    toSink(found) {
      if (!isFile(found, shape)) return undefined;
      head = found;
      return file;
    },
  });
  if (exchange.kind !== 'answered') return { kind: 'unavailable', why: exchange.why };
  if (head === undefined) {
    const page = readPage('download', exchange.answer, now, (html) => {
      const words = findErrorWords(html);
      return words === undefined
        ? { why: `a page, expected a file of type ${shape.contentType}` }
        : { found: words };
    });
    return page.kind === 'read' ? { kind: 'refused', words: page.value } : page;
  }
  const { intervals, why } = file.end(request);
  if (why === undefined) return { kind: 'downloaded', intervals };
  return toUnrecognised('download', { ...head, bytes: file.beginning() }, why);
}

function isFile({ httpStatus, headers }: AnswerHead, { contentType }: DownloadShape): boolean {
  const [type = ''] = [headers['content-type'] ?? ''].flat().join().split(';');
  return httpStatus === 200 && type.trim().toLowerCase() === contentType;
}

interface FileReader extends Sink {
  /** What is in it, or why it cannot be read as what was asked for. */
  end(request: DownloadRequest): {
    readonly intervals: readonly IsoInterval[];
    readonly why: string | undefined;
  };
  beginning(): Buffer;
}

function createFileReader(shape: DownloadShape, now: Instant): FileReader {
  const format = shape.format === 'csv' ? 'omar-csv' : 'mdef';
  const intervals: IsoInterval[] = [];
  const kept: Buffer[] = [];
  let bytes = 0;
  const scanner = createFileScanner(shape, now, (set, readings) => {
    const series = toIsoSeries(format, set);
    for (const { endAt, value, quality } of readings()) {
      if (quality !== 'raw' && quality !== 'missing')
        intervals.push({ ...series, endAt, value, isEstimated: quality === 'estimated' });
    }
  });
  return {
    maxBytes: shape.maxBytes,
    take(chunk) {
      if (bytes < maxKeptBytes) kept.push(Buffer.from(chunk.subarray(0, maxKeptBytes - bytes)));
      bytes += chunk.length;
      scanner.push(chunk);
    },
    end({ resourceId }) {
      const { faults } = scanner.end();
      const fault = faults.find(({ level, code }) => level === 'error' && code !== 'E_EMPTY');
      const other = intervals.find((interval) => interval.resourceId !== resourceId);
      if (bytes > 0 && fault !== undefined) {
        return {
          intervals,
          why: `a file of ${bytes} bytes with a fault in line ${fault.line}: ${fault.message}`,
        };
      }
      const why = other && `a file with resource ${other.resourceId}, asked for ${resourceId}`;
      return { intervals, why };
    },
    beginning: () => Buffer.concat(kept),
  };
}

function createFileScanner(
  shape: DownloadShape,
  now: Instant,
  onReadingSet: NonNullable<ScanOptions['onReadingSet']>,
): Scanner {
  if (shape.format === 'mdef') return createScanner('mdef', { profile: shape.profile, now, onReadingSet });
  const layout = parseCsvLayout(shape.profile);
  return createOmarCsvScanner({ profile: layout.name, now, onReadingSet }, layout);
}
