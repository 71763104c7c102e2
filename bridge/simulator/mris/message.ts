import { gunzipSync } from 'node:zlib';
import { createXmlReader, XmlFault, type XmlHandler } from '../../../storage/formats/xml/xml-reader.ts';
import { findElements, parseXmlTree } from '../../../storage/formats/xml/xml-tree.ts';
import { toAttachmentHash } from '../../mris/soap/attachment.ts';
import type { Attachments } from '../../mris/soap/envelope.ts';
import { findParameter, parseMultipart } from '../../mris/soap/multipart.ts';
import type { VerifiedEnvelope } from './verify-envelope.ts';

/** "15 MB, counted uncompressed" (user guide of MRI-S, 2017), in its smaller reading. */
const maxDocumentBytes = 15_000_000;
/** An envelope beside an attachment carries no data. */
const maxEnvelopeBytes = 1_000_000;

/** A message as it came: its envelope, and the attachment that is a part of its own. */
export interface Message {
  readonly envelope: string;
  readonly attachment: string | undefined;
}

/** @throws `XmlFault` for what is neither text/xml nor multipart/related with an envelope and an attachment */
export function parseMessage(contentType: string, body: Buffer): Message {
  if (/^text\/xml\b/i.test(contentType)) return { envelope: body.toString('utf8'), attachment: undefined };
  const parts = parseMultipart(contentType, body);
  const start = findParameter(contentType, 'start');
  const envelope = parts.find(({ headers }) => headers['content-id'] === start);
  const [attachment, ...others] = parts.filter((part) => part !== envelope);
  if (envelope === undefined || attachment === undefined || others.length > 0) {
    throw new XmlFault('expected an envelope, named by start, and one attachment');
  }
  if (envelope.bytes.length > maxEnvelopeBytes) throw new XmlFault('an envelope that is too large');
  return { envelope: envelope.bytes.toString('utf8'), attachment: attachment.bytes.toString('latin1') };
}

/**
 * The document of a submit, unpacked, after its hash was compared.
 *
 * @throws `XmlFault` with the words of a fault
 */
export function unpackSubmitted(
  { attachment }: Message,
  { body, hash, hasAttachmentInfo }: VerifiedEnvelope,
  attachments: Attachments,
): Buffer {
  if (!hasAttachmentInfo) throw new XmlFault('standardAttachmentInfor is missing');
  return unpack(attachments === 'plain' ? checkHash(attachment, hash) : findAttachmentValue(body));
}

function checkHash(attachment: string | undefined, hash: string | undefined): string {
  if (attachment === undefined) throw new XmlFault('The attachment is missing');
  if (hash !== toAttachmentHash(attachment)) throw new XmlFault('Attachment hash validation failed');
  return attachment;
}

function findAttachmentValue(body: string): string {
  const [value] = findElements(parseXmlTree(body), ['ISOAttachment', 'AttachmentValue']);
  if (value === undefined) throw new XmlFault('ISOAttachment is missing');
  return value.text;
}

function unpack(text: string): Buffer {
  try {
    return gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: maxDocumentBytes });
  } catch (cause) {
    const isTooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new XmlFault(
      isTooLarge ? 'The document is larger than 15 MB' : 'The attachment cannot be decompressed',
      { cause },
    );
  }
}

/** Reads the one element that a Body holds. */
export function readInside(body: string, handler: XmlHandler): void {
  let depth = 0;
  const reader = createXmlReader({
    open(name) {
      if (depth > 0) handler.open(name);
      depth += 1;
    },
    text(piece) {
      if (depth > 1) handler.text(piece);
    },
    close() {
      depth -= 1;
      if (depth > 0) handler.close();
    },
  });
  reader.write(body);
  reader.end();
}
