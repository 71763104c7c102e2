import type { KeyObject } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import {
  exclusiveC14n,
  type SignatureHash,
  signatureAlgorithms,
  wsseNamespace,
  x509TokenType,
} from './namespaces.ts';

/** What of a message can be signed, and where it stands. */
const partPaths = {
  Body: '/*/*[local-name(.)="Body"]',
  BinarySecurityToken: '/*/*[local-name(.)="Header"]/*/*[local-name(.)="BinarySecurityToken"]',
  CAISOWSHeader: '/*/*[local-name(.)="Header"]/*[local-name(.)="CAISOWSHeader"]',
  attachmentHash: '/*/*[local-name(.)="Header"]/*[local-name(.)="attachmentHash"]',
  standardAttachmentInfor: '/*/*[local-name(.)="Header"]/*[local-name(.)="standardAttachmentInfor"]',
};
export type SignedPart = keyof typeof partPaths;

/**
 * Signs parts of an envelope by XML Signature with exclusive canonicalization, after the X.509 token profile of
 * WS-Security: the signature stands behind the token in `wsse:Security` and refers to it.
 *
 * @param envelope in which every part has its `wsu:Id`
 * @param parts in the order of the references
 */
export function signEnvelope(
  envelope: string,
  parts: readonly SignedPart[],
  { key, hash, tokenId }: { readonly key: KeyObject; readonly hash: SignatureHash; readonly tokenId: string },
): string {
  const { signature, digest } = signatureAlgorithms[hash];
  const signed = new SignedXml({
    privateKey: key,
    idMode: 'wssecurity',
    signatureAlgorithm: signature,
    canonicalizationAlgorithm: exclusiveC14n,
    getKeyInfoContent: () =>
      `<wsse:SecurityTokenReference xmlns:wsse="${wsseNamespace}"><wsse:Reference URI="#${tokenId}"` +
      ` ValueType="${x509TokenType}"/></wsse:SecurityTokenReference>`,
  });
  for (const part of parts) {
    signed.addReference({
      xpath: partPaths[part],
      transforms: [exclusiveC14n],
      digestAlgorithm: digest,
    });
  }
  signed.computeSignature(envelope, {
    prefix: 'ds',
    location: { reference: '/*/*/*[local-name(.)="Security"]', action: 'append' },
  });
  return signed.getSignedXml();
}
