import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { systemClock } from '../../storage/ports/clock.ts';
import { getTestCertificates } from '../support/certificates.ts';
import { startProcess } from '../support/process.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { runMdma } from './run-mdma.ts';

const program = fileURLToPath(new URL('../../ops/mdma.ts', import.meta.url));

test('a bridge with an account at MRI-S serves it', async () => {
  const folder = makeTemporaryFolder();
  const { staff } = await getTestCertificates();
  const config = {
    storage: {
      databaseFile: path.join(folder, 'catalogue.sqlite'),
      filesFolder: path.join(folder, 'files'),
      archiveFolder: path.join(folder, 'archive'),
    },
    iso: {
      accounts: [
        {
          name: 'sc-two',
          scId: 'SC2',
          environment: 'map-stage',
          way: 'mris',
          certificate: { certificateFile: staff.certificatePath, keyFile: staff.keyPath },
        },
      ],
    },
  };
  writeFileSync(path.join(folder, 'mdma.yaml'), stringify(config));
  expect(await runMdma(['init'], { cwd: folder, clock: systemClock })).toMatchObject({ code: 0 });
  const bridge = startProcess([program, 'bridge'], { cwd: folder });
  const ready = await bridge.waitForRecord((record) => record.ready === true);
  expect(ready).toMatchObject({ accounts: ['sc-two'] });
  expect(await bridge.kill('SIGTERM')).toEqual({ code: 0, signal: null });
});
