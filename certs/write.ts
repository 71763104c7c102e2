import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MdmaError, toInvalid } from '../storage/model/errors.ts';

export interface CertificateFiles {
  readonly certificatePem: string;
  readonly keyPem: string;
  /** For browsers; holds the key too. */
  readonly pkcs12?: Buffer;
}

export interface CertificatePaths {
  readonly certificatePath: string;
  readonly keyPath: string;
  /** Where the PKCS#12 file lies if there is one. */
  readonly pkcs12Path: string;
}

/** Where the files of `name` lie in `folder`: `.crt` for everybody, `.key` and `.p12` for their owner only. */
export function toCertificatePaths(folder: string, name: string): CertificatePaths {
  if (!/^[a-z0-9][a-z0-9._-]{0,99}$/i.test(name)) {
    throw toInvalid('Cannot name certificate files', {
      at: 'name',
      value: name,
      expected: '1 to 100 letters, digits, dots, dashes and underscores, with a letter or digit first',
    });
  }
  const base = path.join(folder, name);
  return { certificatePath: `${base}.crt`, keyPath: `${base}.key`, pkcs12Path: `${base}.p12` };
}

/**
 * Writes an authority's or a participant's certificate and keys, durably; keys are readable by their owner only
 * (mode 0600). The certificate comes last, so that its presence says that the others are there.
 *
 * @param folder made if absent, with mode 0700
 * @throws `conflict` when a certificate of that name is there: a key in use is never overwritten
 */
export async function writeCertificateFiles(
  folder: string,
  name: string,
  files: CertificateFiles,
): Promise<CertificatePaths> {
  const paths = toCertificatePaths(folder, name);
  if (await isPresent(paths.certificatePath)) {
    throw new MdmaError(
      'conflict',
      `Cannot write certificate: ${paths.certificatePath} exists; choose another name or remove it`,
    );
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await replace(paths.keyPath, files.keyPem, 0o600);
  if (files.pkcs12 !== undefined) await replace(paths.pkcs12Path, files.pkcs12, 0o600);
  await replace(paths.certificatePath, files.certificatePem, 0o644);
  return paths;
}

/** Removed first, because an existing file would keep its mode and a link would lead elsewhere. */
async function replace(file: string, content: string | Buffer, mode: number): Promise<void> {
  await rm(file, { force: true });
  await writeFile(file, content, { flag: 'wx', mode, flush: true });
}

async function isPresent(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
