import { XmlFault } from '../../../storage/formats/xml/xml-reader.ts';
import { findElements, parseXmlTree, type XmlElement } from '../../../storage/formats/xml/xml-tree.ts';
import type { MrisMapping } from '../messages/mapping.ts';
import { isStandardOutput, type StandardOutput, toStandardOutput } from '../messages/standard-output.ts';

/** What an envelope of the ISO says. Answers are not signed. */
export interface AnswerEnvelope {
  /** Of `attachmentHash`, for an attachment that is a part of its own. */
  readonly hash: string | undefined;
  readonly body:
    | { readonly kind: 'fault'; readonly words: string | undefined; readonly faultText: string }
    | { readonly kind: 'attachment'; readonly text: string }
    | { readonly kind: 'output'; readonly output: StandardOutput }
    | { readonly kind: 'empty' }
    | { readonly kind: 'other'; readonly element: string };
}

/**
 * Reads a SOAP envelope by local names, whatever its prefixes.
 *
 * @throws `XmlFault` for what is no envelope
 */
export function readEnvelope(xml: string, mapping: MrisMapping): AnswerEnvelope {
  const root = parseXmlTree(xml);
  const bodies = findElements(root, ['Body']);
  const [body] = bodies;
  if (root.local !== 'Envelope' || body === undefined || bodies.length > 1) {
    throw new XmlFault(`not a SOAP envelope: ${root.local}`);
  }
  const [hash] = findElements(root, ['Header', 'attachmentHash', 'hashValue']);
  return { hash: hash?.text.trim(), body: toBody(body, mapping) };
}

function toBody(body: XmlElement, mapping: MrisMapping): AnswerEnvelope['body'] {
  const [element, ...others] = body.children;
  if (element === undefined) return { kind: 'empty' };
  if (others.length > 0) return { kind: 'other', element: 'several elements' };
  if (element.local === 'Fault') {
    const [faultText] = findElements(element, ['faultstring']);
    return {
      kind: 'fault',
      words: toStandardOutput(element, mapping).words,
      faultText: faultText?.text.trim() ?? '',
    };
  }
  const [attachment] = findElements(body, ['ISOAttachment', 'AttachmentValue']);
  if (attachment !== undefined) return { kind: 'attachment', text: attachment.text };
  if (isStandardOutput(element, mapping)) {
    return { kind: 'output', output: toStandardOutput(element, mapping) };
  }
  return { kind: 'other', element: element.local };
}
