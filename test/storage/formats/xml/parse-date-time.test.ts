import { expect, test } from 'vitest';
import { parseDateTime } from '../../../../storage/formats/xml/parse-date-time.ts';

test.each([
  ['2020-03-01T08:15:00.000Z', Date.UTC(2020, 2, 1, 8, 15)],
  ['2020-03-01T08:15:00Z', Date.UTC(2020, 2, 1, 8, 15)],
  ['2020-03-01T08:15:00.123456789Z', Date.UTC(2020, 2, 1, 8, 15, 0, 123)],
  ['2020-03-01T00:15:00.5-08:00', Date.UTC(2020, 2, 1, 8, 15, 0, 500)],
  ['2020-02-29T23:59:59+14:00', Date.UTC(2020, 1, 29, 9, 59, 59)],
])('%s', (text, at) => {
  expect(parseDateTime(text, 'it')).toBe(at);
});

test.each([
  '',
  '2020-03-01',
  '2020-03-01T08:15:00',
  '2020-02-30T00:00:00Z',
  '2020-13-01T00:00:00Z',
  '2020-03-01T24:00:00Z',
  '2020-03-01T08:61:00Z',
  '1 March',
  '2020-03-01 08:15:00Z',
])('not %j', (text) => {
  expect(() => parseDateTime(text, 'the end')).toThrow(
    `the end is ${JSON.stringify(text)}, expected a date and time with its zone`,
  );
});
