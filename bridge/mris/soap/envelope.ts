import { toXmlText } from '../../../storage/formats/xml/template-writer.ts';
import { type Instant, minuteMs, toIsoText } from '../../../storage/model/time.ts';
import type { SigningIdentity } from './identity.ts';
import * as names from './namespaces.ts';
import { type SignedPart, signEnvelope } from './signature.ts';

/** How the attachment travels: as a part of its own with its hash in the envelope, or inside the body. */
export type Attachments = 'plain' | 'doc-attach';

export interface EnvelopeSettings {
  readonly identity: SigningIdentity;
  readonly hash: names.SignatureHash;
  readonly now: Instant;
  /** Gives an id that was never given before. */
  readonly newId: () => string;
}

export interface EnvelopeContent {
  /** The elements in the body. */
  readonly body: string;
  /** Headers after the CAISOWSHeader that are signed too, in the order of signing. */
  readonly headers: readonly { readonly part: SignedPart; readonly xml: (id: string) => string }[];
}

/** A message is good for this long after it was made. */
const lifeMs = 15 * minuteMs;

/** A signed SOAP 1.1 envelope, as CAISO's reference client makes it. */
export function toSignedEnvelope({ body, headers }: EnvelopeContent, settings: EnvelopeSettings): string {
  const { identity, newId } = settings;
  const id = () => `id-${newId()}`;
  const tokenId = id();
  const token = identity.certificate.raw.toString('base64');
  const security =
    `<wsse:Security xmlns:wsse="${names.wsseNamespace}"><wsse:BinarySecurityToken wsu:Id="${tokenId}"` +
    ` ValueType="${names.x509TokenType}" EncodingType="${names.base64Encoding}">${token}` +
    '</wsse:BinarySecurityToken></wsse:Security>';
  const extra = headers.map(({ xml }) => xml(id())).join('');
  const envelope =
    `<soapenv:Envelope xmlns:soapenv="${names.soapNamespace}" xmlns:wsu="${names.wsuNamespace}">` +
    `<soapenv:Header>${security}${toUserHeader(id(), settings)}${extra}</soapenv:Header>` +
    `<soapenv:Body wsu:Id="${id()}">${body}</soapenv:Body></soapenv:Envelope>`;
  return signEnvelope(
    envelope,
    ['Body', 'BinarySecurityToken', 'CAISOWSHeader', ...headers.map(({ part }) => part)],
    { key: identity.key, hash: settings.hash, tokenId },
  );
}

function toUserHeader(id: string, { identity, now, newId }: EnvelopeSettings): string {
  const nonce = Buffer.from(newId()).toString('base64');
  const created = toIsoText(now);
  return (
    `<h:CAISOWSHeader wsu:Id="${id}" xmlns:h="${names.headerNamespace}"><h:CAISOUsernameToken>` +
    `<h:Username>${toXmlText(identity.username)}</h:Username><h:Nonce>${nonce}</h:Nonce>` +
    `<h:Created>${created}</h:Created></h:CAISOUsernameToken><h:CAISOMessageInfo>` +
    `<h:MessageID>${nonce}</h:MessageID><h:Timestamp><h:Created>${created}</h:Created>` +
    `<h:Expires>${toIsoText(now + lifeMs)}</h:Expires></h:Timestamp></h:CAISOMessageInfo></h:CAISOWSHeader>`
  );
}

/** The hash of the attachment that follows as a part of its own. */
export function toHashHeader(hash: string): EnvelopeContent['headers'][number] {
  return {
    part: 'attachmentHash',
    xml: (id) =>
      `<a:attachmentHash wsu:Id="${id}" xmlns:a="${names.hashNamespace}">` +
      `<a:hashValue>${hash}</a:hashValue></a:attachmentHash>`,
  };
}

/** How the attachment is packed; empty where it stands in the body. */
export function toAttachmentInfoHeader(isEmpty: boolean): EnvelopeContent['headers'][number] {
  const attachment =
    '<s:Attachment><s:id>1</s:id><s:compressFlag>yes</s:compressFlag>' +
    '<s:compressMethod>gzip</s:compressMethod></s:Attachment>';
  return {
    part: 'standardAttachmentInfor',
    xml: (id) =>
      `<s:standardAttachmentInfor wsu:Id="${id}" xmlns:s="${names.attachmentInfoNamespace}">` +
      `${isEmpty ? '' : attachment}</s:standardAttachmentInfor>`,
  };
}
