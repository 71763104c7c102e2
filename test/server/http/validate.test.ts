import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { toRawQuery, validate } from '../../../server/http/validate.ts';
import { MdmaError } from '../../../storage/model/errors.ts';

const schema = z.strictObject({
  limit: z.string().regex(/^\d+$/, 'a whole number').transform(Number),
  mailbox: z.array(z.string().regex(/^[a-z]+$/, 'a name')).default([]),
});

function refuse(raw: unknown): MdmaError {
  try {
    validate(schema, raw, 'Cannot list');
  } catch (error) {
    if (error instanceof MdmaError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('validate', () => {
  test('gives the values', () => {
    expect(validate(schema, { limit: '5' }, 'Cannot list')).toEqual({ limit: 5, mailbox: [] });
  });

  test('tells every fault at once: place, value, expectation', () => {
    const error = refuse({ limit: 'x', mailbox: ['ok', 'B'], colour: 'red', nothing: '' });
    expect(error.code).toBe('invalid-request');
    expect(error.faults).toEqual([
      { at: 'limit', value: 'x', expected: 'a whole number' },
      { at: 'mailbox.1', value: 'B', expected: 'a name' },
      { at: 'colour', value: 'colour', expected: 'no such parameter' },
      { at: 'nothing', value: 'nothing', expected: 'no such parameter' },
    ]);
    expect(error.message).toContain('Cannot list: limit is "x", expected a whole number');
  });

  test('says of what is missing that it is, and shortens what is long', () => {
    expect(refuse({}).faults[0]?.value).toBe('(nothing)');
    expect(refuse({ limit: 'y'.repeat(5000) }).faults[0]?.value).toHaveLength(100);
    expect(refuse(undefined).faults[0]?.at).toBe('body');
    const deep = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000));
    expect(refuse({ limit: deep }).faults[0]?.value).toBe('["…"]');
  });
});

describe('toRawQuery', () => {
  test('keeps one value as text and several as a list', () => {
    expect({ ...toRawQuery('a=1&b=2&a=3&a=%20') }).toEqual({ a: ['1', '3', ' '], b: '2' });
  });

  test('is not taken in by names that objects have', () => {
    const raw = toRawQuery('__proto__=x&constructor=y&toString=z');
    expect(Object.keys(raw)).toEqual(['__proto__', 'constructor', 'toString']);
  });

  test('refuses a query of very many parameters', () => {
    expect(() => toRawQuery('a&'.repeat(601))).toThrow(/more than 600/);
  });
});
