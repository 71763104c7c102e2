import { toXmlText } from '../../../storage/formats/xml/template-writer.ts';
import type { MrisMapping } from '../../mris/messages/mapping.ts';
import { packAttachment, toAttachmentHash } from '../../mris/soap/attachment.ts';
import type { Attachments } from '../../mris/soap/envelope.ts';
import { writeMultipart } from '../../mris/soap/multipart.ts';
import * as names from '../../mris/soap/namespaces.ts';
import type { MrisFaultName } from './faults.ts';

/** One answer, whole. */
export interface SiteAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** What changes the look of an answer. */
export type Looks = ReadonlySet<MrisFaultName>;

export const policyWords =
  'CAISO MRI-S Acceptable Use Policy Violation. Please retry your request again in 30 seconds from now. ' +
  'Note: Time resets each time you request before expiration.';
export const invalidRoleWords = 'Invalid role and/or Entity list identifier.';

const xmlType = { 'content-type': 'text/xml; charset=utf-8' };

export function toPage(
  status: number,
  words: string,
  headers: Readonly<Record<string, string>> = {},
): SiteAnswer {
  return {
    status,
    headers: { 'content-type': 'text/html', ...headers },
    body: `<html><body><p>${words}</p></body></html>`,
  };
}

/** A SOAP fault whose words stand in StandardOutput, or that has none. */
export function toFault(words: string | undefined, looks: Looks, mapping: MrisMapping): SiteAnswer {
  const detail = words === undefined ? '' : `<detail>${toOutput({ words }, looks, mapping)}</detail>`;
  const prefix = toPrefix(looks);
  const fault =
    `<${prefix}:Fault><faultcode>${prefix}:Server</faultcode><faultstring>Error</faultstring>${detail}` +
    `</${prefix}:Fault>`;
  return { status: 500, headers: xmlType, body: toEnvelope('', fault, looks) };
}

/** The answer to a submit: StandardOutput in the body, in both variants. */
export function toReceived(batchId: string, looks: Looks, mapping: MrisMapping): SiteAnswer {
  const words = 'The submission has been received for validation.';
  return {
    status: 200,
    headers: xmlType,
    body: toEnvelope('', toOutput({ batchId, words }, looks, mapping), looks),
  };
}

/** A document as the attachment of an answer. */
export async function toDocumentAnswer(
  document: string,
  attachments: Attachments,
  looks: Looks,
): Promise<SiteAnswer> {
  const packed = await packAttachment(Buffer.from(document));
  const hash = toAttachmentHash(looks.has('wrong-hash') ? `${packed}A` : packed);
  const text = looks.has('cut-attachment') ? packed.slice(0, packed.length >> 1) : packed;
  if (attachments === 'doc-attach') {
    const value =
      `<ISOAttachment xmlns="${names.isoAttachmentNamespace}"><AttachmentValue>${text}` +
      '</AttachmentValue></ISOAttachment>';
    return { status: 200, headers: xmlType, body: toEnvelope('', value, looks) };
  }
  const header = `<attachmentHash xmlns="${names.hashNamespace}"><hashValue>${hash}</hashValue></attachmentHash>`;
  const { boundary, body } = writeMultipart([
    { headers: ['Content-Type: text/xml', 'Content-ID: <soap>'], content: toEnvelope(header, '', looks) },
    { headers: ['Content-ID: <attachment>'], content: text },
  ]);
  const type = `multipart/related; type="text/xml"; start="<soap>"; boundary="${boundary}"`;
  return { status: 200, headers: { 'content-type': type }, body };
}

/** StandardOutput in either of its forms; the one of 2006 has no batch id. */
export function toOutput(
  { batchId, words }: { readonly batchId?: string; readonly words: string },
  looks: Looks,
  { standardOutput }: MrisMapping,
): string {
  const event = `<Event><description>${toXmlText(words)}</description></Event>`;
  if (looks.has('output-2006') && batchId === undefined) {
    return (
      '<ns1:outputDataType xmlns:ns1="http://www.caiso.com/soa/2006-06-13/StandardOutput.xsd"><ns1:EventLog>' +
      `${event.replaceAll(/<(\/?)/g, '<$1ns1:')}</ns1:EventLog></ns1:outputDataType>`
    );
  }
  const batch = batchId === undefined ? '' : `<Batch><mRID>${batchId}</mRID></Batch>`;
  return (
    `<StandardOutput xmlns="${standardOutput.namespace}"><MessagePayload><EventLog>${batch}${event}` +
    '</EventLog></MessagePayload></StandardOutput>'
  );
}

function toEnvelope(header: string, body: string, looks: Looks): string {
  const prefix = toPrefix(looks);
  return (
    `<${prefix}:Envelope xmlns:${prefix}="${names.soapNamespace}"><${prefix}:Header>${header}</${prefix}:Header>` +
    `<${prefix}:Body>${body}</${prefix}:Body></${prefix}:Envelope>`
  );
}

function toPrefix(looks: Looks): string {
  return looks.has('soap-env-prefix') ? 'SOAP-ENV' : 'soapenv';
}
