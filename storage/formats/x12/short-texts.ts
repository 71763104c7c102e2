/**
 * Texts of one to three bytes, such as segment ids and codes: each is made once, because making a text out of bytes
 * costs more than all that is done with it.
 */
const known = new Map<number, string>();
const maxKnown = 4_096;

/** The text of `bytes[start, end)`, at most three bytes long. */
export function toShortText(bytes: Buffer, start: number, end: number): string {
  let key = 1;
  for (let i = start; i < end; i++) key = (key << 8) | (bytes[i] as number);
  let text = known.get(key);
  if (text === undefined) {
    text = bytes.toString('latin1', start, end);
    if (known.size < maxKnown) known.set(key, text);
  }
  return text;
}
