import { readFileSync } from 'node:fs';

/** The TLS options of a Node peer: the same certificate as ours, and a client certificate required. */
export function toPeerTls([certificate = '', key = '', authority = '']: readonly string[]) {
  return {
    cert: readFileSync(certificate),
    key: readFileSync(key),
    ca: readFileSync(authority),
    requestCert: true,
    rejectUnauthorized: true,
  };
}
