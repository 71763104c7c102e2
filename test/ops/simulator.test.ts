import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { laterAt, makeClient, toDocument, toRows } from '../bridge/mris/mris-setup.ts';
import { getTestCertificates } from '../support/certificates.ts';
import { startProcess } from '../support/process.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const program = fileURLToPath(new URL('../../ops/mdma.ts', import.meta.url));
const folder = makeTemporaryFolder();

async function start(...args: string[]) {
  const { authority, server } = await getTestCertificates();
  const files = ['--certificate', server.certificatePath, '--key', server.keyPath];
  const rest = ['--authority', authority.certificatePath, '--port', '0', '--control-port', '0'];
  return startProcess([program, 'simulator', 'mris', ...files, ...rest, ...args], { cwd: folder });
}

test('mdma simulator mris: a simulator until SIGTERM, which goes on with its state at the next start', async () => {
  const options = [
    '--validation-ms',
    '1',
    '--resource',
    'EXAMPL_1_UNIT1',
    'OTHER_1',
    '--state',
    'state.jsonl',
  ];
  for (const batchId of ['123456789', '123456790']) {
    const simulator = await start(...options);
    const { url, controlUrl } = await simulator.waitForRecord(({ ready }) => ready === true);
    const client = await makeClient(String(url));
    const rows = [...toRows(1), ...toRows(1, { resourceId: 'OTHER_2' })];
    expect(await client.submitMeterData(toDocument(rows), laterAt)).toMatchObject({ batchId });
    expect(await client.batchStatus(batchId)).toMatchObject({ errors: [{}, { resourceId: 'OTHER_2' }] });
    const held = await (await fetch(`${controlUrl}/holdings`)).json();
    expect(held).toHaveLength(batchId === '123456789' ? 1 : 2);
    expect(await simulator.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  }
  expect(readFileSync(path.join(folder, 'state.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(2);
}, 90_000);

test('a mapping file that is none ends it with the reason', async () => {
  writeFileSync(path.join(folder, 'mapping.yaml'), 'meterData: 1\n');
  const simulator = await start('--mapping', 'mapping.yaml');
  expect(await simulator.exited).toMatchObject({ code: 2 });
  expect(simulator.stderr.join('\n')).toMatch(/Cannot use mapping file .*mapping\.yaml/);
});
