import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';
import { createXmlReader, XmlFault, type XmlHandler } from '../../../storage/formats/xml/xml-reader.ts';

const compress = promisify(gzip);

/** A document as MRI-S carries it: UTF-8 XML, gzip, base64. The same document always gives the same text. */
export async function packAttachment(document: Uint8Array): Promise<string> {
  return (await compress(document)).toString('base64');
}

/** What stands in `attachmentHash`: base64 of the SHA-1 over the base64 text as it is sent. */
export function toAttachmentHash(text: string): string {
  return createHash('sha1').update(text).digest('base64');
}

/** What was packed is larger than it may be. */
export class TooLargeFault extends XmlFault {}

/**
 * Unpacks an attachment piece by piece into a handler, never holding the document.
 *
 * @param text base64; white space in it is passed over
 * @param maxBytes of the document; what would be larger is given up at that point, however small it came
 * @throws `XmlFault` for what is not base64 of gzip of UTF-8 XML, what is cut, and what the handler refuses;
 *   `TooLargeFault` for what is larger
 */
export async function readAttachment(text: string, maxBytes: number, handler: XmlHandler): Promise<void> {
  if (/[^A-Za-z0-9+/=\s]/.test(text)) throw new XmlFault('the attachment is not base64');
  const reader = createXmlReader(handler);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  // One small piece at a time, so that a bomb is noticed before much of it is unpacked.
  const unpacked = Readable.from([Buffer.from(text, 'base64')]).pipe(createGunzip({ chunkSize: 65_536 }));
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new TooLargeFault(`an attachment over ${maxBytes} bytes`);
      reader.write(decoder.decode(chunk, { stream: true }));
    }
    reader.write(decoder.decode());
  } catch (cause) {
    if (cause instanceof XmlFault) throw cause;
    throw new XmlFault(`the attachment cannot be unpacked: ${(cause as Error).message}`, { cause });
  }
  reader.end();
}
