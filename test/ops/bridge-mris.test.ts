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

test('every account is tried by --check-config; the bridge serves those that can be, and none is no start', async () => {
  const folder = makeTemporaryFolder();
  const place = (name: string) => path.join(folder, name);
  const { staff, program: other } = await getTestCertificates();
  writeFileSync(place('mapping.yaml'), 'meterData: {}\n');
  const account = { scId: 'SC', environment: 'map-stage', way: 'mris' };
  const good = { certificateFile: staff.certificatePath, keyFile: staff.keyPath };
  const bad = [
    { ...account, name: 'wrong-key', certificate: { ...good, keyFile: other.keyPath } },
    { ...account, name: 'broken-mapping', certificate: good, mappingFile: place('mapping.yaml') },
  ];
  const write = (accounts: readonly object[]) =>
    writeFileSync(
      place('mdma.yaml'),
      stringify({
        storage: {
          databaseFile: place('catalogue.sqlite'),
          filesFolder: place('files'),
          archiveFolder: place('archive'),
        },
        bridge: { observe: { port: 0 } },
        iso: { accounts },
      }),
    );
  const run = (...args: string[]) => runMdma(args, { cwd: folder, clock: systemClock });
  write(bad);
  expect(await run('init')).toMatchObject({ code: 0 });
  const checked = await run('bridge', '--check-config');
  expect(checked).toMatchObject({ code: 2, stdout: '' });
  expect(checked.stderr).toMatch(/the key in .*program.* is not that of the certificate/);
  expect(checked.stderr).toMatch(/Cannot use mapping file .*mapping\.yaml/);
  const listeners = process.listenerCount('SIGTERM');
  expect(await run('bridge')).toMatchObject({ code: 2, stderr: expect.stringContaining('2 ISO accounts') });
  expect(process.listenerCount('SIGTERM')).toBe(listeners);
  write([...bad, { ...account, name: 'sc-good', certificate: good }]);
  const bridge = startProcess([program, 'bridge'], { cwd: folder });
  const told = await bridge.waitForRecord((record) => record.account === 'wrong-key');
  expect(told).toMatchObject({
    level: 50,
    msg: expect.stringMatching(/^an account is not served: .*key in/),
  });
  const { observePort, accounts } = await bridge.waitForRecord((record) => record.ready === true);
  expect(accounts).toEqual(['sc-good']);
  const health = await fetch(`http://127.0.0.1:${observePort}/health/ready`);
  expect([health.status, ((await health.json()) as { reasons: string[] }).reasons]).toEqual([
    503,
    [expect.stringContaining('wrong-key'), expect.stringContaining('broken-mapping')],
  ]);
  expect(await bridge.kill('SIGTERM')).toEqual({ code: 0, signal: null });
});

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
