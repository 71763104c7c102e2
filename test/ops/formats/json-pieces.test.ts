import { expect, test } from 'vitest';
import { toJsonPieces } from '../../../ops/commands/formats/json-pieces.ts';
import { toJsonText } from '../../../ops/print.ts';

test.each([
  ['nothing', {}],
  ['values', { text: 'a\n"b', count: 1, none: null, foundAt: 0, inner: { postedAt: 1 } }],
  ['arrays', { empty: [], one: [1], two: ['a', { firstAt: 2, list: [[], [1]] }], last: true }],
  [
    'more than a piece',
    { many: Array.from({ length: 20_000 }, (_, at) => ({ at, text: 'x'.repeat(at % 9) })) },
  ],
])('pieces come to the whole text: %s', (_, document) => {
  const pieces = [...toJsonPieces(document)];
  expect(`${pieces.join('')}\n`).toBe(Object.keys(document).length === 0 ? '{\n}\n' : toJsonText(document));
  for (const piece of pieces) expect(piece.length).toBeLessThan(70_000);
});
