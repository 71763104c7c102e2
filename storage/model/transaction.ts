import { toInvalid } from './errors.ts';

declare const brand: unique symbol;

/** The transaction number of a posting: a positive integer, rising in the order of posting (ruling 5). */
export type Transaction = number & { readonly [brand]: 'Transaction' };

/** The number, or an `invalid-request`; `at` names where it stood. */
export function parseTransaction(text: string, at = 'transaction'): Transaction {
  if (!/^[1-9]\d{0,14}$/.test(text)) {
    throw toInvalid('Cannot read transaction number', {
      at,
      value: text,
      expected: 'a positive whole number',
    });
  }
  return Number(text) as Transaction;
}
