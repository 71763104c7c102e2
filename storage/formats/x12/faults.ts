import { checkTable } from '../checks/check-table.ts';
import type { FaultTable } from '../fault-list.ts';

/**
 * Everything that an 867 or a 997 can be faulted for: code, level, reason (edi867 facts, sections 3 to 7).
 * `docs/formats.md` shows the same table.
 */
export const x12Faults = {
  E_EMPTY: {
    level: 'error',
    reason: 'A file without any transaction set says nothing; it was probably cut.',
  },
  E_ISA_MISSING: {
    level: 'error',
    reason:
      'The separators stand in the ISA; what begins with anything else, or follows an IEA, cannot be read.',
  },
  E_ISA_LEN: {
    level: 'error',
    reason: 'The ISA has exactly 106 characters; in a shorter or longer one the separators stand elsewhere.',
  },
  E_SEPARATORS: {
    level: 'error',
    reason: 'Separators are three different characters that no value can contain.',
  },
  E_END: {
    level: 'error',
    reason: 'The last segment has no terminator, so nothing proves that it is whole.',
  },
  E_ASCII: { level: 'error', reason: 'Segments are printable ASCII; any other byte is damage.' },
  E_SEGMENT_LEN: {
    level: 'error',
    reason: 'No segment is this long; a terminator was lost.',
  },
  E_ENVELOPE: {
    level: 'error',
    reason: 'Segments stand in ISA, GS, ST … SE, GE, IEA; outside of it nobody can attribute them.',
  },
  E_TRAILER: {
    level: 'error',
    reason: 'What begins with ISA, GS or ST ends with IEA, GE or SE; otherwise it was cut.',
  },
  E_CONTROL: { level: 'error', reason: 'Header and trailer carry the same control number.' },
  E_CONTROL_TWICE: { level: 'error', reason: 'A control number stands once; a second one is a repetition.' },
  E_COUNT: { level: 'error', reason: 'The trailer counts what it closes; a difference is a loss.' },
  E_VERSION: { level: 'error', reason: 'Only version 004010 is read; others have other elements.' },
  E_SET: { level: 'error', reason: 'One file holds one kind of transaction set, in groups of its own kind.' },
  E_SET_SIZE: {
    level: 'error',
    reason: 'A set is one account and one billing period; nothing of it is given out before its end.',
  },
  E_SEGMENT_ID: {
    level: 'error',
    reason: 'The segment is in no set that is read: of another guide, or damaged.',
  },
  E_SEGMENT: { level: 'error', reason: 'The segment is not part of the transaction set here.' },
  E_ORDER: { level: 'error', reason: 'A segment stands where its set has a place for it.' },
  E_UNEXPECTED: {
    level: 'error',
    reason: 'Unmetered service has no meter, and interval data has no rows of usage.',
  },
  E_REPEAT: { level: 'error', reason: 'Segments repeat at most as often as the guide says.' },
  E_LOOP_REPEAT: {
    level: 'error',
    reason: 'A set names at most five parties, each once; a whole period has one quantity.',
  },
  E_MISSING: { level: 'error', reason: 'Without the mandatory segment the readings cannot be attributed.' },
  E_ELEMENTS: { level: 'error', reason: 'More elements than the segment has: a separator too many.' },
  E_REQUIRED: { level: 'error', reason: 'A mandatory element is empty.' },
  E_CONDITION: { level: 'error', reason: 'An element is empty that the others make necessary.' },
  E_EXCLUSION: { level: 'error', reason: 'Two elements exclude each other, and both are there.' },
  E_SHORT: { level: 'error', reason: 'An element has at least its least length; a shorter one was cut.' },
  E_LONG: { level: 'error', reason: 'Receivers cut or refuse an element beyond its length.' },
  E_NUMBER: { level: 'error', reason: 'A number is decimal, of at most 15 digits, without exponent.' },
  E_CODE: { level: 'error', reason: 'A code that is not in the table has no agreed meaning.' },
  E_UNITS: { level: 'error', reason: 'The unit is from the table and the same throughout its loop.' },
  E_DATE: { level: 'error', reason: 'A date is a real CCYYMMDD date.' },
  E_TIME: { level: 'error', reason: 'A time is HHMM, 0000-2359; midnight is 0000 of the next day.' },
  E_LOCAL_TIME: {
    level: 'error',
    reason: 'A local time exists once: spring leaves an hour out, autumn has one twice.',
  },
  E_INTERVAL: {
    level: 'error',
    reason: 'REF*MT is a unit and minutes that divide the hour or the day, or MON.',
  },
  E_KIND: { level: 'error', reason: 'BPT04 says whether loops are interval data or cumulative.' },
  E_PERIOD: { level: 'error', reason: 'A period ends after it starts.' },
  E_INTERVALS: {
    level: 'error',
    reason: 'Intervals are positional: their number equals the elapsed time, or all values shift.',
  },
  E_STAMP: { level: 'error', reason: 'A stamp given beside an interval is the end that its position gives.' },
  E_NEGATIVE: { level: 'error', reason: 'Quantities delivered and received are not negative.' },
  E_MULTIPLIER: { level: 'error', reason: 'A loop has one multiplier; two of them make two quantities.' },
  E_METER: { level: 'error', reason: 'A metered loop names its meter.' },
  E_ACCOUNT: { level: 'error', reason: 'Without REF*12 or REF*11 the readings are nobody’s.' },
  E_PARTY: { level: 'error', reason: 'The provider of the meter data (N1*55) and one receiver are named.' },
  E_CORRECTS: {
    level: 'error',
    reason: 'A correction or cancellation names in REF*59 what it corrects.',
  },
  E_REFERENCE_TWICE: { level: 'error', reason: 'BPT02 is never used again; a second one is a repetition.' },
  E_ANSWER: { level: 'error', reason: 'An answer names its group, its set and one of the known results.' },
  W_CORRECTS: {
    level: 'warning',
    reason: 'A repetition should name in REF*59 what it repeats.',
  },
  W_UNEXPECTED: {
    level: 'warning',
    reason: 'REF*59 goes with corrections, repetitions and cancellations only.',
  },
  W_TEST: { level: 'warning', reason: 'The sender marked the interchange as test data (ISA15).' },
  W_REASON: {
    level: 'warning',
    reason: 'The reason is not in the table; in a meter’s loop it counts as an adjustment.',
  },
  W_UNUSABLE: {
    level: 'warning',
    reason: 'A quantity marked unusable is missing; it should be estimated first.',
  },
  W_UNMETERED: { level: 'warning', reason: 'Unmetered service is always QD, even when it is computed.' },
  W_USAGE: { level: 'warning', reason: 'Usage is the difference of the reads times the multiplier.' },
  W_TOU_TOTAL: { level: 'warning', reason: 'The time-of-use rows of an energy add up to the total row.' },
  W_TOTAL: { level: 'warning', reason: 'The quantity and the total row of its loop are the same number.' },
  W_SUMMARY: {
    level: 'warning',
    reason: 'A summary loop repeats the sum of the meters’ loops; alone it gives no reading.',
  },
  W_COUNTS: { level: 'warning', reason: 'AK9 counts the sets that the answers before it name.' },
  N_BPT09: { level: 'note', reason: 'BPT09 means different things to different partners and is not used.' },
  N_CAP: {
    level: 'note',
    reason: 'Too many numbers to remember: a repeated one may go unseen from here on.',
  },
  N_METER_CAP: { level: 'note', reason: 'Too many meters to count: the summary shows the limit.' },
} as const satisfies FaultTable<string>;

export type X12FaultCode = keyof typeof x12Faults;

/** The format's own codes and those of the checks that all formats share. */
export const x12FaultTable = { ...x12Faults, ...checkTable };
