import { z } from 'zod';

/** What a validation can find, by code. The texts are ours, since the ISO's list of error codes is not public. */
export const validationTexts = {
  1: 'File is empty or cannot be parsed',
  2: 'Invalid record format',
  3: 'Unknown resource identifier',
  4: 'Resource not assigned to submitter',
  5: 'Invalid measurement type or unit',
  6: 'Invalid interval length',
  7: 'Interval end not on interval boundary',
  8: 'Duplicate interval',
  9: 'Missing intervals for trade date',
  10: 'Value not numeric or out of range',
  11: 'Trade date closed for submission',
  12: 'Interval is in the future',
} as const;
export type ValidationCode = keyof typeof validationTexts;

const codes = Object.keys(validationTexts).map(Number);

/** What a fault of the menu says as `code`: the error that the first record has in any case. */
export const validationCodeSchema = z
  .int()
  .refine((code) => codes.includes(code), { error: `one of ${codes.join(', ')}` })
  .transform((code) => code as ValidationCode)
  .default(3);
