import { createHash } from 'node:crypto';
import { XmlFault } from '../../../storage/formats/xml/xml-reader.ts';

/** One part of a multipart/related body (RFC 2387). */
export interface BodyPart {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

/** The body with its boundary, which cannot be met inside of it. */
export function writeMultipart(
  parts: readonly { readonly headers: readonly string[]; readonly content: string }[],
): { readonly boundary: string; readonly body: Buffer } {
  const digest = createHash('sha256');
  for (const { content } of parts) digest.update(content);
  const boundary = `=_Part_${digest.digest('hex').slice(0, 40)}`;
  const pieces = parts.flatMap(({ headers, content }) => [
    `--${boundary}\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n`,
    content,
    '\r\n',
  ]);
  return { boundary, body: Buffer.from([...pieces, `--${boundary}--\r\n`].join('')) };
}

const maxParts = 10;

/**
 * The parts of a body that is whole.
 *
 * @param contentType of the message
 * @throws `XmlFault` for another type, and a body without beginning, end or headers
 */
export function parseMultipart(contentType: string, body: Buffer): readonly BodyPart[] {
  const boundary = findParameter(contentType, 'boundary');
  if (!/^multipart\/related\b/i.test(contentType) || boundary === undefined) {
    throw new XmlFault('not multipart/related with a boundary');
  }
  const marker = Buffer.from(`--${boundary}`);
  const parts: BodyPart[] = [];
  let at = findMarker(body, marker, 0);
  if (at < 0) throw new XmlFault('a multipart body without its boundary');
  while (parts.length < maxParts) {
    const start = at + marker.length;
    if (body.toString('latin1', start, start + 2) === '--') return parts;
    const next = findMarker(body, marker, start);
    if (next < 0) throw new XmlFault('a multipart body that is cut: its last boundary is missing');
    parts.push(parsePart(body.subarray(start, next)));
    at = next;
  }
  throw new XmlFault(`more than ${maxParts} parts`);
}

/** Where a line begins with the marker. */
function findMarker(body: Buffer, marker: Buffer, from: number): number {
  let at = body.indexOf(marker, from);
  while (at > 0 && body[at - 1] !== 0x0a) at = body.indexOf(marker, at + 1);
  return at;
}

/** From behind the marker to before the next: the rest of the line, headers, a blank line, content, a line end. */
function parsePart(bytes: Buffer): BodyPart {
  const text = bytes.toString('latin1', 0, Math.min(bytes.length, 8_192));
  const lineEnd = /^[ \t]*\r?\n/.exec(text)?.[0];
  const blank = lineEnd === undefined ? null : /\r?\n\r?\n/.exec(text.slice(lineEnd.length - 1));
  if (lineEnd === undefined || blank === null) throw new XmlFault('a part without headers and a blank line');
  const begin = lineEnd.length - 1 + blank.index;
  const content = bytes.subarray(begin + blank[0].length);
  const end = /\r?\n$/.exec(content.toString('latin1', Math.max(0, content.length - 2)))?.[0].length ?? 0;
  const headers = text
    .slice(lineEnd.length, Math.max(lineEnd.length, begin))
    .split(/\r?\n/)
    .map((line) => /^([^:\s]+):\s*(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, name = '', value = '']) => [name.toLowerCase(), value] as const);
  return { headers: Object.fromEntries(headers), bytes: content.subarray(0, content.length - end) };
}

/** A parameter of a header, quoted or not. */
export function findParameter(header: string, name: string): string | undefined {
  const [, quoted, bare] = new RegExp(`;\\s*${name}=(?:"([^"]+)"|([^\\s;"]+))`, 'i').exec(header) ?? [];
  return quoted ?? bare;
}
