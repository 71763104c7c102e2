import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { bridgeConfigSchema } from '../../bridge/config.ts';
import { isoConfigSchema } from '../../bridge/iso-config.ts';
import { openAccount } from '../../bridge/open-account.ts';
import { createAuthority, issueCertificate, toPkcs12 } from '../../certs/generate.ts';
import { dayMs } from '../../storage/model/time.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const folder = makeTemporaryFolder();
const authority = await createAuthority({ commonName: 'Test ISO', days: 60, now: Date.now() });
const place = (name: string) => path.join(folder, name);

/** Opens an account at an instant; gives the warnings. */
async function open(certificate: object, now = Date.now()): Promise<string[]> {
  const account = {
    name: 'sc-one',
    scId: 'SC1',
    environment: 'simulator',
    way: 'omar',
    url: 'https://localhost:1',
  };
  const { accounts } = isoConfigSchema.parse({ accounts: [{ ...account, certificate }] });
  const warnings: string[] = [];
  const tell = (fields: object, words: string) => warnings.push(`${words} ${JSON.stringify(fields)}`);
  const log = { info: tell, warn: tell, error: tell };
  for (const each of accounts.filter((account) => account.way === 'omar')) {
    const { client } = await openAccount(each, bridgeConfigSchema.parse({}), {
      clock: { now: () => now },
      log,
    });
    await client.close();
  }
  return warnings;
}

async function issue(name: string, days: number) {
  const issued = await issueCertificate(authority, {
    commonName: name,
    kind: 'client',
    days,
    now: Date.now(),
  });
  const files = { certificateFile: place(`${name}.crt`), keyFile: place(`${name}.key`) };
  writeFileSync(files.certificateFile, issued.certificatePem);
  writeFileSync(files.keyFile, issued.keyPem);
  return { files, issued };
}

describe('openAccount', () => {
  test('takes PEM and says nothing while the certificate is good for long', async () => {
    const { files } = await issue('good', 40);
    expect(await open(files)).toEqual([]);
  });

  test('warns from 30 days before the end, naming file and day', async () => {
    const { files } = await issue('soon', 29);
    const [warning] = await open(files);
    expect(warning).toMatch(/expires soon: order a new one/);
    expect(warning).toContain(files.certificateFile);
  });

  test('refuses one that has expired, and one that is not valid yet, naming file and date', async () => {
    const { files } = await issue('expired', 1);
    await expect(open(files, Date.now() + 2 * dayMs)).rejects.toThrow(
      /expired\.crt expired on 20\d\d-\d\d-\d\dT/,
    );
    await expect(open(files, Date.now() - 2 * dayMs)).rejects.toThrow(/expired\.crt is not valid before 20/);
  });

  test('takes PKCS#12 with its chain, and finds the right end in it', async () => {
    const { issued } = await issue('packed', 29);
    writeFileSync(place('packed.p12'), toPkcs12(issued, authority, 'secret', 'packed'));
    writeFileSync(place('packed.pass'), 'secret\n');
    const certificate = { pkcs12File: place('packed.p12'), passphraseFile: place('packed.pass') };
    expect(await open(certificate)).toHaveLength(1);
    await expect(open(certificate, Date.now() + 31 * dayMs)).rejects.toThrow(/packed\.p12 expired on/);
    writeFileSync(place('packed.pass'), 'wrong');
    const refused = open(certificate);
    await expect(refused).rejects.toThrow(
      /^Cannot open the ISO account: cannot use .*packed\.p12: the passphrase is wrong$/,
    );
    await expect(refused).rejects.not.toThrow(/secret/);
  });

  test('names a file that is missing, and one that is no certificate', async () => {
    const { files } = await issue('other', 40);
    await expect(open({ ...files, keyFile: place('nowhere') })).rejects.toThrow(
      /cannot read .*nowhere: ENOENT/,
    );
    const { files: another } = await issue('another', 40);
    await expect(open({ ...files, keyFile: another.keyFile })).rejects.toThrow(
      /^Cannot open the ISO account: the key in .*another\.key is not that of the certificate in .*other\.crt$/,
    );
    await expect(open({ ...files, keyFile: files.certificateFile })).rejects.toThrow(
      /cannot use .*other\.crt: .*/,
    );
    await expect(open({ ...files, certificateFile: files.keyFile })).rejects.toThrow(
      /cannot use .*other\.key: /,
    );
  });
});
