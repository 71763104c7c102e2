import { XmlFault } from '../../../storage/formats/xml/xml-reader.ts';
import type { Answer } from '../../https/connection.ts';
import type { MrisMapping } from '../messages/mapping.ts';
import { toAttachmentHash } from '../soap/attachment.ts';
import { findParameter, parseMultipart } from '../soap/multipart.ts';
import { type AnswerEnvelope, readEnvelope } from './read-envelope.ts';

/** What an answer of the ISO carries, its packing undone and its hash compared. */
export type AnswerContent =
  | Exclude<AnswerEnvelope['body'], { kind: 'empty' } | { kind: 'other' }>
  /** HTML or plain text. */
  | { readonly kind: 'page' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Looks into an answer of any service in any of its forms; what it means is for others to say. */
export function readAnswer(answer: Answer, mapping: MrisMapping): AnswerContent {
  const contentType = String(answer.headers['content-type'] ?? '');
  const { bytes } = answer;
  try {
    if (/^multipart\//i.test(contentType)) return readMultipart(contentType, bytes, mapping);
    if (!isXml(bytes)) return { kind: 'page' };
    const { body } = readEnvelope(toUtf8(bytes), mapping);
    if (body.kind === 'empty') return { kind: 'unreadable', why: 'an envelope with an empty body' };
    if (body.kind === 'other') return { kind: 'unreadable', why: `a body with ${body.element}` };
    return body;
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    return { kind: 'unreadable', why: error.message };
  }
}

/** Whether it begins as XML does; pages of HTML do not, but for a few that are XHTML. */
function isXml(bytes: Buffer): boolean {
  const start = bytes
    .toString('latin1', 0, 500)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
  return /^<\?xml|^<(?:[\w.-]+:)?Envelope\b/.test(start) && !/<!DOCTYPE html|<html\b/i.test(start);
}

/** The envelope, by `start` or first, and the attachment, whose hash stands in the envelope. */
function readMultipart(contentType: string, bytes: Buffer, mapping: MrisMapping): AnswerContent {
  const parts = parseMultipart(contentType, bytes);
  const start = findParameter(contentType, 'start');
  const envelopePart = parts.find(({ headers }) => headers['content-id'] === start) ?? parts[0];
  const [attachment, ...others] = parts.filter((part) => part !== envelopePart);
  if (envelopePart === undefined) return { kind: 'unreadable', why: 'a multipart answer without parts' };
  const { hash, body } = readEnvelope(toUtf8(envelopePart.bytes), mapping);
  if (body.kind !== 'empty' && body.kind !== 'other') return body;
  if (body.kind === 'other') return { kind: 'unreadable', why: `a body with ${body.element}` };
  if (attachment === undefined || others.length > 0) {
    return { kind: 'unreadable', why: `${parts.length} parts, expected an envelope and an attachment` };
  }
  const text = attachment.bytes.toString('latin1');
  if (hash === undefined) return { kind: 'unreadable', why: 'no attachmentHash beside the attachment' };
  if (hash !== toAttachmentHash(text) && hash !== toAttachmentHash(text.trim())) {
    return { kind: 'unreadable', why: `the attachment does not have its hash ${hash}` };
  }
  return { kind: 'attachment', text };
}

function toUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new XmlFault('an envelope that is not UTF-8', { cause });
  }
}
