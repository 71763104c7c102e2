const wss = 'http://docs.oasis-open.org/wss/2004/01/';

/** Namespaces and names of CAISO's web services, as its reference client and two others write them. */
export const soapNamespace = 'http://schemas.xmlsoap.org/soap/envelope/';
export const wsseNamespace = `${wss}oasis-200401-wss-wssecurity-secext-1.0.xsd`;
export const wsuNamespace = `${wss}oasis-200401-wss-wssecurity-utility-1.0.xsd`;
export const dsNamespace = 'http://www.w3.org/2000/09/xmldsig#';
export const headerNamespace = 'http://www.caiso.com/soa/2006-09-30/CAISOWSHeader.xsd';
export const hashNamespace = 'http://www.caiso.com/mrtu/soa/schemas/2005/09/attachmenthash';
export const attachmentInfoNamespace = 'http://www.caiso.com/soa/2006-06-13/StandardAttachmentInfor.xsd';
export const isoAttachmentNamespace = 'http://www.caiso.com/soa/2006-10-26/ISOAttachment.xsd';

export const x509TokenType = `${wss}oasis-200401-wss-x509-token-profile-1.0#X509v3`;
export const base64Encoding = `${wss}oasis-200401-wss-soap-message-security-1.0#Base64Binary`;

export const exclusiveC14n = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** Signature and digest algorithms by hash. SHA-1 is what the ISO's services are known to take. */
export const signatureAlgorithms = {
  sha1: { signature: `${dsNamespace}rsa-sha1`, digest: `${dsNamespace}sha1` },
  sha256: {
    signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
  },
} as const;
export type SignatureHash = keyof typeof signatureAlgorithms;
