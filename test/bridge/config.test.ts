import { describe, expect, test } from 'vitest';
import { bridgeConfigSchema, isoConfigSchema, toBridgeSettings, toIsoUrl } from '../../bridge/config.ts';

const account = {
  name: 'sc-one',
  scId: 'SC1',
  environment: 'production',
  way: 'omar',
  certificate: { certificateFile: '/etc/mdma/one.crt', keyFile: '/etc/mdma/one.key' },
};

function refusalOf(schema: typeof bridgeConfigSchema | typeof isoConfigSchema, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('bridge:', () => {
  test('has a default for every setting, in the order of the real ISO', () => {
    const settings = toBridgeSettings(bridgeConfigSchema.parse({}));
    expect(settings).toMatchObject({ leaseMs: 45_000, uploadDeadlineMs: 20_000, overdueMs: 7_200_000 });
    expect(settings.followDelaysMs).toEqual([60_000, 120_000, 300_000, 600_000, 900_000]);
  });

  test.each([
    ['an unknown key', { pollSecond: 1 }, /pollSecond/],
    ['a unit in a text', { leaseSeconds: '45s' }, /leaseSeconds/],
    ['a lease that no other bridge may wait for', { leaseSeconds: 60 }, /leaseSeconds/],
    [
      'an upload as long as the lease',
      { leaseSeconds: 20, uploadDeadlineSeconds: 11 },
      /at most half of leaseSeconds/,
    ],
    ['parts that the ISO does not take', { maxPartBytes: 500_000 }, /maxPartBytes/],
    ['no delay at all', { followDelaysSeconds: [] }, /followDelaysSeconds/],
    ['a layout that there is not', { csvLayout: 'mine' }, /csvLayout/],
  ])('refuses %s', (_, value, message) => {
    expect(refusalOf(bridgeConfigSchema, value).join()).toMatch(message);
  });
});

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
    expect(refusalOf(isoConfigSchema, { accounts: [value] }).join()).toMatch(message);
  });

  test('refuses a name twice', () => {
    expect(refusalOf(isoConfigSchema, { accounts: [account, account] }).join()).toMatch(/different name/);
  });
});
