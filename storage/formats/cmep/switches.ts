/**
 * What a profile may take beside the protocol as written; all are off in `strict`. Each is also a setting by its name
 * (`sensus-rni:case`). `docs/formats.md` shows the same table.
 */
export const cmepSwitches = {
  padding: 'blanks at field borders without a warning',
  'open-end': 'a last line without line end, if its last value is raw or missing',
  'blank-lines': 'blank lines are skipped (`W_SKIPPED`)',
  'byte-order-mark': 'a UTF-8 byte order mark at the beginning is skipped (`W_SKIPPED`)',
  'end-mark': 'a last line that is the byte 1A alone, as CP/M ended files, is skipped (`W_SKIPPED`)',
  case: 'lower case in record types, codes, units, flags and labels, read as upper case (`W_CASE`)',
  'bare-fraction': 'numbers that begin with the point (`.5`), given on as `0.5`',
  'empty-value': 'an empty value beside another flag than N is zero (`W_EMPTY_VALUE`)',
  'long-minutes': 'an Interval with 60 to 99 minutes (`00000090`) (`W_INTERVAL`)',
  'doubled-quotes': 'two quotes inside a quoted field stand for one',
  'unknown-units': 'units outside the list, given on as they stand (`W_UNITS`)',
  'unknown-types': 'record types outside the list, passed through unread (`W_TYPE`)',
} as const;

export type CmepSwitch = keyof typeof cmepSwitches;

export const switchNames = Object.keys(cmepSwitches) as readonly CmepSwitch[];
