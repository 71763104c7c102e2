import type { Reading } from '../../https/text.ts';
import { type OmarFile, type OmarStatus, omarStatuses } from '../outcomes.ts';
import { findErrorWords } from './error-page.ts';
import { readTable } from './table.ts';

/** The six columns of the status specification, 3.2. */
const columns = {
  fileId: ['fileid'],
  format: ['fileformat'],
  status: ['status'],
  name: ['filename'],
  received: ['receiveddateandtime', 'receiveddatetime'],
  records: ['recordcount'],
} as const;

type Row = Readonly<Record<keyof typeof columns, string>>;

/** One page of the list of submitted files (status specification, 3.2), all of its rows or none. */
export function parseStatusList(html: string): Reading<readonly OmarFile[]> {
  if (findErrorWords(html) !== undefined) return { why: 'an error on the page of the list' };
  const rows = readTable(html, columns);
  if ('why' in rows) return rows;
  const files: OmarFile[] = [];
  for (const row of rows.found) {
    const file = parseRow(row);
    if ('why' in file) return file;
    files.push(file.found);
  }
  return { found: files };
}

function parseRow(row: Row): Reading<OmarFile> {
  const status = findStatus(row.status);
  const records = row.records.replaceAll(',', '');
  const format = row.format.toUpperCase();
  if (!/^\d+$/.test(row.fileId)) return { why: `a file id that is no number: ${row.fileId}` };
  if (status === undefined) return { why: `a status that is none of the seven: ${row.status}` };
  if (format !== 'CSV' && format !== 'MDEF' && format !== '')
    return { why: `an unknown format: ${row.format}` };
  if (row.name === '') return { why: `file ${row.fileId} without a name` };
  // Such a mark is what a damaged tag leaves behind.
  if (/["<>]/.test(row.name)) return { why: `a file name that can be none: ${row.name}` };
  if (!/^\d*$/.test(records)) return { why: `a record count that is no number: ${row.records}` };
  if (isRead(status) && (format === '' || row.received === '' || records === '')) {
    return { why: `file ${row.fileId} has a blank cell, though its validation has ended` };
  }
  return {
    found: {
      fileId: row.fileId,
      format: format === '' ? undefined : format,
      status,
      name: row.name,
      received: row.received,
      records: records === '' ? undefined : Number(records),
    },
  };
}

/** Whether the ISO has read the file to its end, so that it knows everything about it. */
function isRead(status: OmarStatus): boolean {
  return status === 'Validation Passed' || status === 'Validation Failed';
}

/** The specification prints each status with its explanation in parentheses; the page may, too. */
function findStatus(text: string): OmarStatus | undefined {
  const words = text.replace(/ ?\([^()]*\)$/, '').toLowerCase();
  return omarStatuses.find((status) => status.toLowerCase() === words);
}
