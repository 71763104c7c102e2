import { checkTable } from '../checks/check-table.ts';
import type { FaultTable } from '../fault-list.ts';

/** Everything an MDEF scan can find; `docs/formats.md` shows the same table and a test holds the two together. */
export const mdefFaults = {
  E_SIZE: { level: 'error', reason: 'The file is whole records of 216 bytes, at least one.' },
  E_RLEN: { level: 'error', reason: 'Every record begins with its length, 216; otherwise the file slipped.' },
  E_RCODE: {
    level: 'error',
    reason:
      'Records follow as meter header, channel header, intervals 1001, 1002, ..., trailer; a gap is a lost record.',
  },
  E_CUSTOMER: {
    level: 'error',
    reason: 'All records of a meter carry its id; otherwise two files were mixed.',
  },
  E_TEXT: { level: 'error', reason: 'Text fields are printable ASCII.' },
  E_DATETIME: {
    level: 'error',
    reason:
      'Start and stop are YYYYMMDDHHMM, midnight 2400 of the day it ends, start an interval bound plus a minute.',
  },
  E_DST: { level: 'error', reason: 'Y or N decides which clock the times are read by.' },
  E_INTERVAL: { level: 'error', reason: 'Intervals per hour are a divisor of 60.' },
  E_STATUS_FLAG: { level: 'error', reason: 'Y or N decides the size of an interval.' },
  E_COUNT: {
    level: 'error',
    reason: 'The intervals present are exactly those from start to stop; otherwise the channel was cut.',
  },
  E_INTEGER: {
    level: 'error',
    reason: 'Two-byte pulse counts of older exports would be read as other values; they are not taken.',
  },
  E_VALUE: { level: 'error', reason: 'A value is a finite number.' },
  E_STATUS: {
    level: 'error',
    reason: 'Status words have known bits only; an unknown one must not be taken for validated.',
  },
  E_TRAILER: { level: 'error', reason: 'The trailer counts all records; a difference is a lost record.' },
  W_CHANNELS: {
    level: 'warning',
    reason: 'The meter header counts the channels; real files differ now and then.',
  },
  W_UNIT: {
    level: 'warning',
    reason: 'Unit code, direction and label name one unit of the profile’s table; the label holds.',
  },
  W_PERIOD: { level: 'warning', reason: 'A channel repeats start and stop of its meter header.' },
  W_REJECTED: {
    level: 'warning',
    reason: 'What the collecting system did not mark as accepted (AC, not RE) is raw data.',
  },
  W_DST: {
    level: 'warning',
    reason:
      'With DST flag Y the times are read as prevailing time of the zone; standard time all year is expected.',
  },
  N_REMARK: {
    level: 'note',
    reason: 'Status bits that are no quality (a power outage, a time reset) let the values stand.',
  },
  N_METER_CAP: { level: 'note', reason: 'Too many meters to count: the summary shows the limit.' },
} as const satisfies FaultTable<string>;

/** With the checks beyond syntax, which all formats share. */
export const allMdefFaults = { ...mdefFaults, ...checkTable };
export type MdefFaultCode = keyof typeof allMdefFaults;
