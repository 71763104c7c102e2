import type { X12FaultCode } from '../faults.ts';

/** How a 997 answers (AK501 and AK901; edi867 facts, section 6), and in words. */
export const results = {
  A: 'accepted',
  E: 'accepted with errors',
  P: 'partly accepted',
  R: 'rejected',
  M: 'rejected: message authentication failed',
  W: 'rejected: assurance failed',
  X: 'rejected: could not be decrypted',
} as const;
export type ResultCode = keyof typeof results;
export type Result = (typeof results)[ResultCode];

/** AK304. */
export const segmentProblems: Readonly<Record<string, string>> = {
  '1': 'unknown segment',
  '2': 'unexpected segment',
  '3': 'mandatory segment missing',
  '4': 'loop occurs too often',
  '5': 'segment occurs too often',
  '6': 'segment not in the transaction set',
  '7': 'segment out of order',
  '8': 'element errors',
};

/** AK403. */
export const elementProblems: Readonly<Record<string, string>> = {
  '1': 'mandatory element missing',
  '2': 'conditional element missing',
  '3': 'too many elements',
  '4': 'too short',
  '5': 'too long',
  '6': 'invalid character',
  '7': 'invalid code',
  '8': 'invalid date',
  '9': 'invalid time',
  '10': 'exclusion condition violated',
};

/** AK502 to AK506. */
export const setProblems: Readonly<Record<string, string>> = {
  '1': 'transaction set not supported',
  '2': 'trailer missing',
  '3': 'control numbers differ',
  '4': 'segment count is wrong',
  '5': 'segments in error',
  '6': 'transaction set identifier is bad',
  '7': 'control number is bad or repeated',
};

/** AK905 to AK909. */
export const groupProblems: Readonly<Record<string, string>> = {
  '1': 'functional group not supported',
  '2': 'version not supported',
  '3': 'trailer missing',
  '4': 'control numbers differ',
  '5': 'number of sets is wrong',
  '6': 'control number is bad',
};

/** How a fault of ours is said in a 997. Faults of meaning are said of the segment or element where they show. */
export interface AnswerCode {
  /** AK304. */
  readonly segment: string;
  /** AK403, where the fault is an element's. */
  readonly element?: string;
  /** AK502. */
  readonly set: string;
}

const bySegment = (segment: string): AnswerCode => ({ segment, set: '5' });
const byElement = (element: string): AnswerCode => ({ segment: '8', element, set: '5' });
const bySet = (set: string): AnswerCode => ({ segment: '', set });

/** Faults in a transaction set; what is wrong with ISA, GS and their trailers has no place in it. */
export const answerCodes: Readonly<Partial<Record<X12FaultCode, AnswerCode>>> = {
  E_SET: bySet('1'),
  E_TRAILER: bySet('2'),
  E_CONTROL: bySet('3'),
  E_COUNT: bySet('4'),
  E_CONTROL_TWICE: bySet('7'),
  E_SEGMENT_ID: bySegment('1'),
  E_UNEXPECTED: bySegment('2'),
  E_SEGMENT: bySegment('6'),
  E_ORDER: bySegment('7'),
  E_LOOP_REPEAT: bySegment('4'),
  E_REPEAT: bySegment('5'),
  E_SET_SIZE: bySegment('5'),
  E_MISSING: bySegment('3'),
  E_METER: bySegment('3'),
  E_ACCOUNT: bySegment('3'),
  E_PARTY: bySegment('3'),
  E_CORRECTS: bySegment('3'),
  E_INTERVALS: bySegment('8'),
  E_ASCII: byElement('6'),
  E_SEGMENT_LEN: byElement('5'),
  E_ELEMENTS: byElement('3'),
  E_REQUIRED: byElement('1'),
  E_CONDITION: byElement('2'),
  E_EXCLUSION: byElement('10'),
  E_SHORT: byElement('4'),
  E_LONG: byElement('5'),
  E_NUMBER: byElement('6'),
  E_CODE: byElement('7'),
  E_UNITS: byElement('7'),
  E_INTERVAL: byElement('7'),
  E_KIND: byElement('7'),
  E_REFERENCE_TWICE: byElement('7'),
  E_NEGATIVE: byElement('7'),
  E_MULTIPLIER: byElement('7'),
  E_DATE: byElement('8'),
  E_PERIOD: byElement('8'),
  E_STAMP: byElement('8'),
  E_TIME: byElement('9'),
  E_LOCAL_TIME: byElement('9'),
  W_UNEXPECTED: bySegment('2'),
  W_CORRECTS: bySegment('3'),
  W_REASON: byElement('7'),
  W_UNUSABLE: byElement('7'),
  W_UNMETERED: byElement('7'),
  W_USAGE: byElement('7'),
  W_TOU_TOTAL: byElement('7'),
  W_TOTAL: byElement('7'),
  W_SUMMARY: bySegment('8'),
};

/** AK905 by the fault of a GS or GE. */
export const groupAnswerCodes: Readonly<Partial<Record<X12FaultCode, string>>> = {
  E_SET: '1',
  E_VERSION: '2',
  E_TRAILER: '3',
  E_CONTROL: '4',
  E_COUNT: '5',
  E_CONTROL_TWICE: '6',
  E_NUMBER: '6',
};
