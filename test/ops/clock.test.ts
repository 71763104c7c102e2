import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { systemClock } from '../../storage/ports/clock.ts';
import { startSntpServer } from '../support/sntp-server.ts';
import { toStorageConfig } from '../support/store.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { runMdma } from './run-mdma.ts';

test('clock asks the configured source now', async () => {
  const server = await startSntpServer();
  const cwd = makeTemporaryFolder();
  const clock = { source: 'sntp', server: '127.0.0.1', port: server.port };
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ storage: toStorageConfig(cwd), clock }));
  const run = () => runMdma(['clock'], { cwd, clock: systemClock });
  expect(await run()).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^good: this machine's clock is 0\.\d seconds/),
  });
  server.aheadMs = 90_000;
  expect(await run()).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^off: .* seconds behind, more than 60/),
  });
});
