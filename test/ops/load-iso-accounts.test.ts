import { expect, test } from 'vitest';
import { bridgeConfigSchema } from '../../bridge/config.ts';
import { isoConfigSchema } from '../../bridge/iso-config.ts';
import { loadIsoAccounts } from '../../ops/load-iso-accounts.ts';

test('an account at OMAR-Online takes files of the size and the layout that the bridge is configured with', async () => {
  const account = {
    ...{ name: 'sc-one', way: 'omar', scId: 'SC1', environment: 'simulator', url: 'https://localhost:1' },
    certificate: { certificateFile: '/certificate.pem', keyFile: '/key.pem' },
    authorityFile: '/authority.pem',
  };
  const csvLayout = { name: 'of-the-iso', columns: ['RESOURCE_ID', 'INTERVAL_END_GMT', 'VALUE'] };
  const fixed = { MEASUREMENT_TYPE: 'LOAD', UOM: 'KWH', INTERVAL_MINUTES: '60' };
  const accounts = await loadIsoAccounts({
    iso: isoConfigSchema.parse({ accounts: [account] }),
    bridge: bridgeConfigSchema.parse({ maxPartBytes: 5_000, csvLayout: { ...csvLayout, fixed } }),
  });
  expect(accounts).toMatchObject([{ name: 'sc-one', maxBytes: 5_000, csvLayout: { name: 'of-the-iso' } }]);
});
