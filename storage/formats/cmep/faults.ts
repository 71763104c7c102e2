import { checkTable } from '../checks/check-table.ts';
import type { FaultTable } from '../fault-list.ts';

/**
 * Everything a CMEP scan can find: code, level, reason. Codes and rules follow the validator table of the project's
 * CMEP facts (section 16); `docs/formats.md` shows the same table and a test holds the two together.
 */
export const cmepFaults = {
  E_EMPTY: { level: 'error', reason: 'A file without any record says nothing; it was probably cut.' },
  E_EOL: {
    level: 'error',
    reason: 'The last record has no line end, so nothing proves that its last value is whole.',
  },
  E_ASCII: { level: 'error', reason: 'CMEP is 7-bit ASCII; any other byte is damage or another encoding.' },
  E_LINE_LEN: { level: 'error', reason: 'A line holds at most 2048 characters with CR LF.' },
  E_FIELD_LEN: { level: 'error', reason: 'A field holds at most 256 characters with its comma.' },
  E_QUOTE: {
    level: 'error',
    reason: 'Quotes stand at both borders of a field and nowhere inside; otherwise fields shift.',
  },
  E_BLANK_LINE: { level: 'error', reason: 'Every line is a record; an empty one may be a lost record.' },
  E_TYPE: { level: 'error', reason: 'Only record types of the protocol, or of the profile, can be checked.' },
  E_VERSION: { level: 'error', reason: 'Field 2 is the date of the record layout, a real CCYYMMDD date.' },
  E_REQUIRED: { level: 'error', reason: 'Without this field the readings cannot be attributed.' },
  E_DATETIME: {
    level: 'error',
    reason: 'A stamp is CCYYMMDDHHMM, a real date, 0000-2359; midnight is 0000 of the next day.',
  },
  E_LOCAL_GAP: {
    level: 'error',
    reason: 'In a local-time profile: the clocks of the zone never showed this time, spring left it out.',
  },
  E_PURPOSE: { level: 'error', reason: 'The purpose decides what may be done with the data.' },
  E_COMMODITY: { level: 'error', reason: 'The commodity is E, G, W or S.' },
  E_UNITS: { level: 'error', reason: 'A value of an unknown unit has no meaning in a settlement.' },
  E_FLAG: { level: 'error', reason: 'An unknown quality flag must not be taken for validated.' },
  E_CODE: { level: 'error', reason: 'A protocol text is from the list of its field, in upper case.' },
  E_TEXT_LEN: { level: 'error', reason: 'The protocol limits this text; what is beyond it would be lost.' },
  E_LABEL: { level: 'error', reason: 'A time-of-use label is from the list and stands once in a record.' },
  E_SEASON: { level: 'error', reason: 'The season is S, W or empty.' },
  E_NUMBER: {
    level: 'error',
    reason:
      'A number is decimal, at most 16 characters and finite; hexadecimal only in counts; a constant is not zero.',
  },
  E_INTERVAL: {
    level: 'error',
    reason: 'An interval is MMDDHHMM; below an hour it divides the hour, below a day the day.',
  },
  E_COUNT: {
    level: 'error',
    reason: 'Count is within its limits and equals the triplets present; a cut record would invent zeros.',
  },
  E_TRUNCATED: { level: 'error', reason: 'Fields are missing: the record was cut.' },
  E_EXCESS: {
    level: 'error',
    reason: 'More fields than the record type has: a comma too many shifts values.',
  },
  E_CRC_FORM: {
    level: 'error',
    reason: 'What follows the last comma is empty or H and four hexadecimal digits.',
  },
  E_CRC: {
    level: 'error',
    reason: 'The partner has agreed to this CRC; another one, or none, means damage.',
  },
  E_FIRST_STAMP: { level: 'error', reason: 'Later stamps may be omitted, the first one not.' },
  E_STAMP_NO_INTERVAL: {
    level: 'error',
    reason: 'An omitted stamp needs an interval to be calculated from.',
  },
  E_MONTH_STEP: {
    level: 'error',
    reason: 'A month after the 29th, 30th or 31st is not the same day for everyone; the stamp must be given.',
  },
  E_ORDER: { level: 'error', reason: 'Stamps of one record rise strictly; a period ends after it starts.' },
  E_EMPTY_VALUE: {
    level: 'error',
    reason:
      'An empty value counts as zero, and with an empty flag as a validated zero; only N may have none.',
  },
  W_OPEN_END: { level: 'warning', reason: 'The file does not end with a line end; it may have been cut.' },
  W_SKIPPED: {
    level: 'warning',
    reason:
      'The profile passes over blank lines, a byte order mark or an end mark; a record may be lost there.',
  },
  W_TYPE: { level: 'warning', reason: 'The profile passes unknown record types through unread.' },
  W_CASE: {
    level: 'warning',
    reason: 'The protocol is in upper case; the profile reads lower case as such.',
  },
  W_UNITS: { level: 'warning', reason: 'The profile takes units outside the list as they stand.' },
  W_EMPTY_VALUE: { level: 'warning', reason: 'The profile reads an empty value as zero.' },
  W_INTERVAL: { level: 'warning', reason: 'The profile takes 60 and more minutes in an interval.' },
  W_LOCAL_TWICE: {
    level: 'warning',
    reason: 'Autumn shows this time twice and nothing says which it is; the first is taken (daylight time).',
  },
  W_VERSION: { level: 'warning', reason: 'The version date is not one that was ever announced.' },
  W_CRC: {
    level: 'warning',
    reason: 'The CRC differs; its variant was never published, so this alone does not refuse the record.',
  },
  W_PRECISION: { level: 'warning', reason: 'Some receivers keep 10 digits before and 5 after the point.' },
  W_N_VALUE: { level: 'warning', reason: 'A number beside the flag N is filler and is dropped.' },
  W_TRIM: { level: 'warning', reason: 'The sender removes blanks at field borders; they are ignored.' },
  W_LEN_PGE: { level: 'warning', reason: 'PG&E keeps fewer characters of this field and cuts the rest.' },
  W_REG_PAIR: {
    level: 'note',
    reason: 'Register reads come as opening and closing read and do not fall; otherwise gaps stay unseen.',
  },
  N_UNREAD: {
    level: 'note',
    reason:
      'Records of this type pass through unread, since their layout is not known; they hold no readings.',
  },
  N_ALARM: { level: 'note', reason: 'A meter reports alarms (MLA01); its data are none the worse for it.' },
  N_LOCAL_CAP: {
    level: 'note',
    reason: 'Too many series to remember: in the hour that autumn repeats, stamps may be an hour early.',
  },
  N_LF: { level: 'note', reason: 'Lines end LF instead of CR LF; readers take both.' },
  N_COMMODITY: { level: 'note', reason: 'The unit does not belong to the commodity.' },
  N_NEGATIVE: { level: 'note', reason: 'Energy in KWH is normally positive; generation has its own unit.' },
  N_TOU_TOTAL: {
    level: 'note',
    reason: 'TOTAL is the sum of the other time-of-use values of an energy unit.',
  },
  N_METER_CAP: { level: 'note', reason: 'Too many meters to count: the summary shows the limit.' },
} as const satisfies FaultTable<string>;

/** With the checks beyond syntax, which all formats share. */
export const allCmepFaults = { ...cmepFaults, ...checkTable };
export type CmepFaultCode = keyof typeof allCmepFaults;
