import { createHash } from 'node:crypto';
import { maxOmarFileBytes } from '../../storage/formats/omar-csv/split.ts';
import { toInvalid } from '../../storage/model/errors.ts';
import type { ExchangeRequest } from '../https/connection.ts';

const maxNameLength = 40;

/**
 * The one request that uploads a file: POST, multipart/form-data (RFC 1867), the field `datafile` (submission
 * specification, 3.2.2; the GET of its sample form cannot carry a file).
 *
 * @throws `invalid-request` for a name or size the ISO does not take
 */
export function toUploadRequest(name: string, bytes: Uint8Array): ExchangeRequest {
  checkFile(name, bytes);
  // A digest of the content cannot be met inside the content.
  const boundary = `mdma-${createHash('sha256').update(bytes).digest('hex').slice(0, 40)}`;
  const type = /\.csv$/i.test(name) ? 'text/csv' : 'application/octet-stream';
  const head = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="datafile"; filename="${name}"`,
    `Content-Type: ${type}`,
    '\r\n',
  ].join('\r\n');
  return {
    method: 'POST',
    path: '/uploadProcess.jsp',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

function checkFile(name: string, bytes: Uint8Array): void {
  if (name.length > maxNameLength || !/^[A-Za-z0-9][A-Za-z0-9._-]*\.(csv|dat)$/i.test(name)) {
    throw toInvalid('Cannot upload to OMAR-Online', {
      at: 'name',
      value: name,
      expected: `at most ${maxNameLength} letters, digits, dots, dashes and underscores, ending in .csv or .dat`,
    });
  }
  if (bytes.length < 1 || bytes.length > maxOmarFileBytes) {
    throw toInvalid('Cannot upload to OMAR-Online', {
      at: 'bytes',
      value: String(bytes.length),
      expected: `1 to ${maxOmarFileBytes} bytes`,
    });
  }
}
