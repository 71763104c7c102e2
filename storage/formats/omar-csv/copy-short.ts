/**
 * Copies `from[start, end)`. For a few bytes a loop is faster than any call into the engine.
 *
 * @returns the place after the copy
 */
export function copyShort(
  from: Uint8Array,
  start: number,
  end: number,
  to: Uint8Array,
  toStart: number,
): number {
  let at = toStart;
  for (let i = start; i < end; i++) to[at++] = from[i] as number;
  return at;
}

/** The same for a text in ASCII. */
export function copyText(text: string, to: Uint8Array, toStart: number): number {
  for (let i = 0; i < text.length; i++) to[toStart + i] = text.charCodeAt(i);
  return toStart + text.length;
}
