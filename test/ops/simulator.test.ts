import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { laterAt, makeClient, toDocument, toRows } from '../bridge/mris/mris-setup.ts';
import { makeClient as makeOmarClient, toCsv } from '../bridge/omar/omar-setup.ts';
import { getTestCertificates } from '../support/certificates.ts';
import { startProcess } from '../support/process.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const program = fileURLToPath(new URL('../../ops/mdma.ts', import.meta.url));
const folder = makeTemporaryFolder();

async function start(which: 'omar' | 'mris', ...args: string[]) {
  const { authority, server } = await getTestCertificates();
  const files = ['--certificate', server.certificatePath, '--key', server.keyPath];
  const rest = ['--authority', authority.certificatePath, '--port', '0', '--control-port', '0'];
  return startProcess([program, 'simulator', which, ...files, ...rest, ...args], { cwd: folder });
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
    const simulator = await start('mris', ...options);
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
  const simulator = await start('mris', '--mapping', 'mapping.yaml');
  expect(await simulator.exited).toMatchObject({ code: 2 });
  expect(simulator.stderr.join('\n')).toMatch(/Cannot use mapping file .*mapping\.yaml/);
});

test('mdma simulator omar: a simulator until SIGTERM, with the faults that its run was given', async () => {
  const simulator = await start(
    'omar',
    '--fault',
    'upload-error',
    '--fault',
    'slow=status,times=2,delayMs=1',
  );
  const { url, controlUrl } = await simulator.waitForRecord(({ ready }) => ready === true);
  const listFaults = async () => (await fetch(`${controlUrl}/faults`)).json();
  const slow = { fault: 'slow', kind: 'status', after: 0, delayMs: 1 };
  expect(await listFaults()).toEqual([
    { fault: 'upload-error', kind: 'upload', times: 1, after: 0, delayMs: 0 },
    { ...slow, times: 2 },
  ]);
  const client = await makeOmarClient(String(url));
  const sent = await client.upload('a.csv', toCsv(1), laterAt);
  if (sent.kind !== 'received') throw new Error(`the upload is ${sent.kind}`);
  expect(await client.status(sent.fileId)).toMatchObject({ kind: 'listed', file: { name: 'a.csv' } });
  expect(await listFaults()).toEqual([{ ...slow, times: 1 }]);
  expect(await simulator.kill('SIGTERM')).toEqual({ code: 0, signal: null });
}, 90_000);

test('mdma simulator mris takes faults, too', async () => {
  const simulator = await start(
    'mris',
    '--fault',
    'busy',
    '--fault',
    'validation-error=submit,after=1,code=5',
  );
  const { url } = await simulator.waitForRecord(({ ready }) => ready === true);
  const client = await makeClient(String(url));
  expect(await client.submitMeterData(toDocument(toRows(1)), laterAt)).toMatchObject({ kind: 'unknown' });
  expect(await client.submitMeterData(toDocument(toRows(1)), laterAt)).toMatchObject({ kind: 'received' });
  expect(await simulator.kill('SIGTERM')).toEqual({ code: 0, signal: null });
}, 90_000);

test.each([
  ['omar', 'earthquake', /earthquake/],
  ['omar', 'slow=upload,times=x', /times/],
  ['omar', 'slow=upload,often=2', /often/],
  ['mris', 'busy=connection', /connection for wrong-certificate/],
] as const)('%s --fault %s ends it with the reason', async (which, fault, reason) => {
  const simulator = await start(which, '--fault', fault);
  expect(await simulator.exited).toMatchObject({ code: 2 });
  expect(simulator.stderr.join('\n')).toMatch(reason);
});
