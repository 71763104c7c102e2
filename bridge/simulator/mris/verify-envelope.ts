import { X509Certificate } from 'node:crypto';
import { DOMParser } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';
import { findElements, parseXmlTree, type XmlElement } from '../../../storage/formats/xml/xml-tree.ts';
import type { Instant } from '../../../storage/model/time.ts';
import * as names from '../../mris/soap/namespaces.ts';
import { toUsername } from '../../mris/soap/username.ts';

/** What a message says, taken from what was signed of it and nothing else. */
export interface VerifiedEnvelope {
  /** The Body as XML, canonical. */
  readonly body: string;
  /** Of `attachmentHash`; undefined without that header. */
  readonly hash: string | undefined;
  readonly hasAttachmentInfo: boolean;
}

/** What of an element is used here; the library's own types need those of browsers. */
interface Element {
  readonly localName: string;
  readonly namespaceURI: string | null;
  readonly textContent: string | null;
  readonly childNodes: ArrayLike<Element & { readonly nodeType: number }>;
  getAttribute(name: string): string;
  getAttributeNS(namespace: string, name: string): string;
}

const maxAheadMs = 5 * 60_000;

/** What the ISO is known to say. */
const signatureWords = 'Signature validation status: false';
const usernameWords = 'CAISOUsernameToken Validation Error.';

/**
 * Verifies a message as the ISO must: SOAP 1.1, the token the very certificate of the connection, the signature over at
 * least Body and CAISOWSHeader, and over attachmentHash and standardAttachmentInfor where they are (the token itself
 * may be signed or not: known clients do both), the user's name that of the certificate, the time not over.
 *
 * @returns the words of a fault when it does not hold
 */
export function verifyEnvelope(
  xml: string,
  peer: X509Certificate,
  now: Instant,
): VerifiedEnvelope | { readonly fault: string } {
  let signed: Map<string, string>;
  try {
    signed = verifySignature(xml, peer);
  } catch (error) {
    return { fault: `${signatureWords} (${(error as Error).message})` };
  }
  const body = signed.get('Body');
  const header = signed.get('CAISOWSHeader');
  if (body === undefined || header === undefined) return { fault: signatureWords };
  const why = findUserFault(parseXmlTree(header), peer, now);
  if (why !== undefined) return { fault: `${usernameWords} ${why}` };
  const hash = signed.get('attachmentHash');
  return {
    body,
    hash: hash === undefined ? undefined : textOf(parseXmlTree(hash), 'hashValue'),
    hasAttachmentInfo: signed.has('standardAttachmentInfor'),
  };
}

const needed = ['Body', 'CAISOWSHeader'];
const namespaceOf: Readonly<Record<string, string>> = {
  Body: names.soapNamespace,
  CAISOWSHeader: names.headerNamespace,
  attachmentHash: names.hashNamespace,
  standardAttachmentInfor: names.attachmentInfoNamespace,
};

/** The signed parts by name, canonical. Throws for every reason that a signature does not hold. */
function verifySignature(xml: string, peer: X509Certificate): Map<string, string> {
  if (/<!DOCTYPE/i.test(xml)) throw new Error('a document type');
  const root = parseDom(xml);
  if (root.localName !== 'Envelope' || root.namespaceURI !== names.soapNamespace)
    throw new Error('no SOAP 1.1 envelope');
  const header = getChild(root, names.soapNamespace, 'Header');
  const body = getChild(root, names.soapNamespace, 'Body');
  const security = getChild(header, names.wsseNamespace, 'Security');
  const token = getChild(security, names.wsseNamespace, 'BinarySecurityToken');
  const signature = getChild(security, names.dsNamespace, 'Signature');
  const certificate = new X509Certificate(Buffer.from(token.textContent ?? '', 'base64'));
  if (!certificate.raw.equals(peer.raw))
    throw new Error('the token is not the certificate of the connection');
  checkKeyInfo(signature, token);

  const signed = new SignedXml({ publicCert: certificate.toString(), getCertFromKeyInfo: () => null });
  signed.loadSignature(signature as never);
  if (!signed.checkSignature(xml)) throw new Error('a digest differs');
  checkAlgorithms(signed);
  const canonical = new Map(
    signed.getReferences().map(({ uri, signedReference }) => [uri.replace(/^#/, ''), signedReference ?? '']),
  );
  const parts = new Map<string, string>();
  for (const element of [body, ...listChildren(header)]) {
    const name = element.localName;
    if (namespaceOf[name] !== element.namespaceURI) continue;
    const found = canonical.get(element.getAttributeNS(names.wsuNamespace, 'Id'));
    if (found === undefined || parts.has(name)) throw new Error(`${name} is not signed, or there twice`);
    parts.set(name, found);
  }
  const missing = needed.filter((name) => !parts.has(name));
  if (missing.length > 0) throw new Error(`${missing.join(', ')} missing`);
  return parts;
}

function checkKeyInfo(signature: Element, token: Element): void {
  const keyInfo = getChild(signature, names.dsNamespace, 'KeyInfo');
  const tokenReference = getChild(keyInfo, names.wsseNamespace, 'SecurityTokenReference');
  const reference = getChild(tokenReference, names.wsseNamespace, 'Reference');
  if (reference.getAttribute('URI') !== `#${token.getAttributeNS(names.wsuNamespace, 'Id')}`) {
    throw new Error('KeyInfo does not refer to the token');
  }
}

function checkAlgorithms(signed: SignedXml): void {
  const known = Object.values(names.signatureAlgorithms);
  const isKnown =
    known.some(({ signature }) => signature === signed.signatureAlgorithm) &&
    signed.canonicalizationAlgorithm === names.exclusiveC14n &&
    signed
      .getReferences()
      .every(
        ({ digestAlgorithm, transforms }) =>
          known.some(({ digest }) => digest === digestAlgorithm) && transforms.join() === names.exclusiveC14n,
      );
  if (!isKnown) throw new Error('an algorithm that is not taken');
}

function findUserFault(header: XmlElement, peer: X509Certificate, now: Instant): string | undefined {
  const [token] = findElements(header, ['CAISOUsernameToken']);
  if (token === undefined) return 'No token';
  if (textOf(token, 'Username') !== toUsername(peer.subject)) return 'Username';
  if (!textOf(token, 'Nonce')) return 'Nonce';
  const createdAt = Date.parse(textOf(token, 'Created') ?? '');
  if (!(createdAt <= now + maxAheadMs)) return 'Created';
  // Without CAISOMessageInfo, as one known client sends it, there is no time to be over.
  const [info] = findElements(header, ['CAISOMessageInfo', 'Timestamp']);
  if (info !== undefined && !(Date.parse(textOf(info, 'Expires') ?? '') > now)) return 'Expired';
  return undefined;
}

function textOf(element: XmlElement, local: string): string | undefined {
  return findElements(element, [local])[0]?.text.trim();
}

function parseDom(xml: string): Element {
  const refuse = (message: string) => {
    throw new Error(message);
  };
  const parser = new DOMParser({ errorHandler: { warning: refuse, error: refuse, fatalError: refuse } });
  return parser.parseFromString(xml, 'text/xml').documentElement as unknown as Element;
}

function listChildren(parent: Element): Element[] {
  return Array.from(parent.childNodes).filter(({ nodeType }) => nodeType === 1);
}

function getChild(parent: Element, namespace: string, local: string): Element {
  const found = listChildren(parent).filter(
    (child) => child.localName === local && child.namespaceURI === namespace,
  );
  const [child] = found;
  if (child === undefined || found.length > 1)
    throw new Error(`${found.length} elements ${local}, expected one`);
  return child;
}
