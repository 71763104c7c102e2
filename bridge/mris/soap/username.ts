/**
 * The user's name in the CAISOWSHeader: the subject of the certificate with its last attribute first, blanks removed
 * but inside the common name, the serial number named `SerialNumber`:
 * `CN=NAME LASTx1234,OU=people,O=CAISO,C=US`.
 *
 * @param subject as `X509Certificate.subject` gives it: an attribute a line, in the certificate's order
 */
export function toUsername(subject: string): string {
  return subject
    .split('\n')
    .reverse()
    .map((attribute) => {
      const named = attribute.replace(/^(?:serialNumber|OID\.2\.5\.4\.5|2\.5\.4\.5)=/i, 'SerialNumber=');
      return named.startsWith('CN=') ? named : named.replace(/\s+/g, '');
    })
    .join(',');
}
