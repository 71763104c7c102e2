import { toJsonText } from '../../print.ts';

const pieceCharacters = 65_536;

/**
 * The text of {@link toJsonText}, without its line end, in pieces: an object whose arrays are long is never text as a
 * whole.
 */
export function* toJsonPieces(document: object): Generator<string> {
  let piece = '{';
  for (const part of toParts(document)) {
    piece += part;
    if (piece.length < pieceCharacters) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}\n}`;
}

function* toParts(document: object): Generator<string> {
  let comma = '';
  for (const [key, value] of Object.entries(document)) {
    // What stands between the braces of an object that has nothing else, and between the brackets of its array.
    const member = (one: unknown) => toJsonText({ [key]: one }).slice(1, -3);
    const elements: readonly unknown[] = Array.isArray(value) ? value : [];
    const head = `${member([]).slice(0, -1)}`;
    if (elements.length === 0) yield `${comma}${member(value)}`;
    else yield `${comma}${head}`;
    for (const [index, element] of elements.entries()) {
      yield `${index === 0 ? '' : ','}${member([element]).slice(head.length, -4)}`;
    }
    if (elements.length > 0) yield '\n  ]';
    comma = ',';
  }
}
