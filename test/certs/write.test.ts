import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { toCertificatePaths, writeCertificateFiles } from '../../certs/write.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const root = makeTemporaryFolder();
const files = { certificatePem: 'the certificate', keyPem: 'the key', pkcs12: Buffer.from('both') };

describe('writeCertificateFiles', () => {
  test('keys are for their owner only', async () => {
    const folder = path.join(root, 'new', 'folder');
    const paths = await writeCertificateFiles(folder, 'esp-one', files);
    expect(paths.certificatePath).toBe(path.join(folder, 'esp-one.crt'));
    const seen = Object.values(paths).map((file) => [
      (statSync(file).mode & 0o777).toString(8),
      readFileSync(file, 'utf8'),
    ]);
    expect(seen).toEqual([
      ['644', 'the certificate'],
      ['600', 'the key'],
      ['600', 'both'],
    ]);
    expect((statSync(folder).mode & 0o777).toString(8)).toBe('700');
  });

  test('a certificate in use and its key are never overwritten', async () => {
    const { keyPath } = await writeCertificateFiles(root, 'kept', files);
    const again = writeCertificateFiles(root, 'kept', { certificatePem: 'other', keyPem: 'other' });
    await expect(again).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('kept.crt'),
    });
    expect(readFileSync(keyPath, 'utf8')).toBe('the key');
  });

  test('what a broken-off writing left is replaced, with the right mode and not through a link', async () => {
    const elsewhere = path.join(root, 'elsewhere');
    const { keyPath, pkcs12Path } = toCertificatePaths(root, 'half');
    writeFileSync(elsewhere, 'kept as it is');
    symlinkSync(elsewhere, keyPath);
    writeFileSync(pkcs12Path, 'old', { mode: 0o666 });
    await writeCertificateFiles(root, 'half', files);
    expect(readFileSync(elsewhere, 'utf8')).toBe('kept as it is');
    expect([keyPath, pkcs12Path].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  test.each(['', '../x', 'a/b', '.hidden', 'a\0b'])('the name %j is refused', async (name) => {
    await expect(writeCertificateFiles(root, name, files)).rejects.toMatchObject({ code: 'invalid-request' });
  });
});
