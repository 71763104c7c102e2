import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ServerConfig } from '../server/config.ts';
import { MdmaError, type ValueFault } from '../storage/model/errors.ts';

type Files = Pick<ServerConfig, 'certificateFile' | 'keyFile' | 'clientAuthorityFiles'>;

/**
 * Whether the server's certificate, its key and the authorities are what they are named for, and the first two belong
 * together. That they can be read was checked before.
 *
 * @throws `invalid-request` with every fault at once
 */
export async function checkServerCertificates(files: Files): Promise<void> {
  const faults: ValueFault[] = [];
  const read = async <T>(at: string, file: string, expected: string, parse: (pem: string) => T) => {
    try {
      return parse(await readFile(file, 'latin1'));
    } catch {
      faults.push({ at, value: file, expected });
      return undefined;
    }
  };
  const { certificateFile, keyFile, clientAuthorityFiles } = files;
  const pem = 'a file with a certificate (PEM), and nothing broken in it';
  const certificates = await read('server.certificateFile', certificateFile, pem, parseCertificates);
  const key = await read(
    'server.keyFile',
    keyFile,
    'a file with a private key (PEM) without a passphrase',
    toKey,
  );
  if (certificates?.[0] !== undefined && key !== undefined && !certificates[0].checkPrivateKey(key)) {
    faults.push({
      at: 'server.keyFile',
      value: keyFile,
      expected: `the key of the first certificate in server.certificateFile, ${certificates[0].subject}`,
    });
  }
  for (const [index, file] of clientAuthorityFiles.entries())
    await read(`server.clientAuthorityFiles[${index}]`, file, pem, parseCertificates);
  if (faults.length === 0) return;
  const found = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  throw new MdmaError('invalid-request', `Cannot use the server's certificates: ${found}`, { faults });
}

const certificate = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** All certificates of a file, in order; throws when there is none or one cannot be parsed. */
function parseCertificates(pem: string): X509Certificate[] {
  const starts = [...pem.matchAll(certificate)].map(({ index }) => index);
  if (starts.length === 0) throw new Error('there is no certificate');
  return starts.map((start, at) => new X509Certificate(pem.slice(start, starts[at + 1])));
}

function toKey(pem: string): KeyObject {
  return createPrivateKey(pem);
}
