import { describe, expect, test } from 'vitest';
import { isoConfigSchema, toIsoUrl } from '../../bridge/iso-config.ts';

const account = {
  name: 'sc-one',
  scId: 'SC1',
  environment: 'production',
  way: 'omar',
  certificate: { certificateFile: '/etc/mdma/one.crt', keyFile: '/etc/mdma/one.key' },
};

function refusalOf(value: unknown): string[] {
  const { error } = isoConfigSchema.safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('iso:', () => {
  test.each([
    ['production', 'https://omar-online.caiso.com'],
    ['staging', 'https://omar-onlinestage.caiso.com'],
    ['test', 'https://omar-onlinetest.caiso.com'],
  ])('%s has its address, which a setting replaces', (environment, url) => {
    const { accounts } = isoConfigSchema.parse({
      accounts: [
        { ...account, environment },
        { ...account, environment, name: 'sc-two', url: 'https://localhost:1' },
      ],
    });
    expect(accounts.map(toIsoUrl)).toEqual([url, 'https://localhost:1']);
  });

  test.each([
    ['an unknown key', { ...account, trustAll: true }, /trustAll/],
    [
      'a simulator without an address',
      { ...account, environment: 'simulator' },
      /url: the address of the simulator/,
    ],
    ['an address that is not https', { ...account, url: 'http://localhost' }, /begins with https/],
    ['a way that is not there', { ...account, way: 'ftp' }, /way/],
    ['a name with blanks', { ...account, name: 'SC One' }, /name/],
    [
      'half of a certificate',
      { ...account, certificate: { certificateFile: '/a' } },
      /certificateFile and keyFile/,
    ],
    [
      'a passphrase itself',
      { ...account, certificate: { pkcs12File: '/a', passphrase: 'x' } },
      /passphraseFile/,
    ],
    ['a path that depends on where it is started', { ...account, authorityFile: 'ca.crt' }, /authorityFile/],
  ])('refuses %s', (_, value, message) => {
    expect(refusalOf({ accounts: [value] }).join()).toMatch(message);
  });

  test('refuses a name twice', () => {
    expect(refusalOf({ accounts: [account, account] }).join()).toMatch(/different name/);
  });
});

describe('an account at MRI-S', () => {
  const mris = { ...account, way: 'mris' };

  test.each([
    ['production', 'https://ws.caiso.com/sst/stlmt'],
    ['production-ecn', 'https://ws.ecn.wepex.net/sst/stlmt'],
    ['map-stage', 'https://wsmap.caiso.com/sst/stlmt'],
  ])('%s has its address, which a setting replaces', (environment, url) => {
    const { accounts } = isoConfigSchema.parse({
      accounts: [
        { ...mris, environment },
        { ...mris, environment, name: 'sc-two', url: 'https://localhost:1/sst/stlmt' },
      ],
    });
    expect(accounts.map(toIsoUrl)).toEqual([url, 'https://localhost:1/sst/stlmt']);
  });

  test('sends plain attachments signed by SHA-1 unless set otherwise', () => {
    expect(isoConfigSchema.parse({ accounts: [mris] }).accounts).toMatchObject([
      { attachments: 'plain', signatureHash: 'sha1' },
    ]);
  });

  test.each([
    ['an environment of OMAR-Online', { ...mris, environment: 'staging' }, /environment/],
    ['a setting of OMAR-Online', { ...mris, cookieStyle: 'plain' }, /cookieStyle/],
    ['a setting of MRI-S at OMAR-Online', { ...account, attachments: 'plain' }, /attachments/],
    ['a simulator without an address', { ...mris, environment: 'simulator' }, /url: the address/],
    ['a hash that is not taken', { ...mris, signatureHash: 'md5' }, /signatureHash/],
    [
      'a mapping that depends on where it is started',
      { ...mris, mappingFile: 'mapping.yaml' },
      /mappingFile/,
    ],
  ])('refuses %s', (_, value, message) => {
    expect(refusalOf({ accounts: [value] }).join()).toMatch(message);
  });
});
