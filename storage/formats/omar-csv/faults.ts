import { checkTable } from '../checks/check-table.ts';
import type { FaultTable } from '../fault-list.ts';

/** Everything an OMAR CSV scan can find; `docs/formats.md` shows the same table and a test holds the two together. */
export const omarCsvFaults = {
  E_EMPTY: { level: 'error', reason: 'A file without any row says nothing; it was probably cut.' },
  E_EOL: {
    level: 'error',
    reason: 'The last row has no line end, so nothing proves that its quality flag was not cut off.',
  },
  E_ASCII: { level: 'error', reason: 'OMAR files are ASCII; any other byte is damage or another encoding.' },
  E_LINE_LEN: { level: 'error', reason: 'No row of the layout is this long.' },
  E_BLANK_LINE: { level: 'error', reason: 'Every line is a row; an empty one may be a lost row.' },
  E_HEADER: { level: 'error', reason: 'The first line names the columns; other columns would shift values.' },
  E_COLUMNS: { level: 'error', reason: 'A row has exactly the columns of the layout; otherwise it was cut.' },
  E_RESOURCE: { level: 'error', reason: 'The resource is 1 to 32 of A-Z, 0-9, underscore and hyphen.' },
  E_MEASUREMENT: { level: 'error', reason: 'The measurement type is from the table.' },
  E_UNITS: { level: 'error', reason: 'The unit is from the table.' },
  E_INTERVAL: { level: 'error', reason: 'Intervals are 5, 10, 15, 30 or 60 minutes.' },
  E_DATETIME: {
    level: 'error',
    reason: 'The interval end is a real date and time in the form of the layout.',
  },
  E_BOUNDARY: { level: 'error', reason: 'An interval ends on a multiple of its length.' },
  E_NUMBER: { level: 'error', reason: 'The value is decimal with at most 3 places and never negative.' },
  E_QUALITY: { level: 'error', reason: 'The quality is empty or E (estimated).' },
  W_OPEN_END: { level: 'warning', reason: 'The file does not end with a line end; it may have been cut.' },
  N_LF: { level: 'note', reason: 'Lines end LF instead of CR LF; readers take both.' },
  N_METER_CAP: { level: 'note', reason: 'Too many resources to count: the summary shows the limit.' },
} as const satisfies FaultTable<string>;

/** With the checks beyond syntax, which all formats share. */
export const allOmarCsvFaults = { ...omarCsvFaults, ...checkTable };
export type OmarCsvFaultCode = keyof typeof allOmarCsvFaults;
