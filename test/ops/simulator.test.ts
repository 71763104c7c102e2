import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { downloadShapeSchema } from '../../bridge/omar/download-shape.ts';
import { laterAt, makeClient, toDocument, toRows } from '../bridge/mris/mris-setup.ts';
import { makeClient as makeOmarClient, toCsv } from '../bridge/omar/omar-setup.ts';
import { getTestCertificates } from '../support/certificates.ts';
import { toDownloadSettings } from '../support/download-shape.ts';
import { startProcess } from '../support/process.ts';
import { takePort } from '../support/taken-port.ts';
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
  const slow = { fault: 'slow', kind: 'status', after: 0, delayMs: 1, length: 40, code: 3 };
  expect(await listFaults()).toEqual([
    { fault: 'upload-error', kind: 'upload', times: 1, after: 0, delayMs: 0, length: 40, code: 3 },
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

test.each([
  ['--port', 'the port for clients'],
  ['--control-port', 'the control port'],
])('a taken %s ends it with the reason', async (option, words) => {
  const port = await takePort();
  const simulator = await start('mris', option, String(port));
  expect(await simulator.exited).toMatchObject({ code: 1 });
  expect(simulator.stderr.join('\n')).toContain(`Cannot listen on ${words} 127.0.0.1:${port}: it is in use`);
});

test('mdma simulator omar --csv-layout takes CSV in that layout alone', async () => {
  const csvLayout = {
    name: 'own',
    columns: ['RESOURCE_ID', 'INTERVAL_END_GMT', 'VALUE'],
    fixed: { MEASUREMENT_TYPE: 'LOAD', UOM: 'KWH', INTERVAL_MINUTES: '15' },
  };
  writeFileSync(path.join(folder, 'layout.yaml'), stringify(csvLayout));
  const simulator = await start('omar', '--step-ms', '1', '--csv-layout', 'layout.yaml');
  const { url, controlUrl } = await simulator.waitForRecord(({ ready }) => ready === true);
  const client = await makeOmarClient(String(url));
  await client.upload('own.csv', Buffer.from('R_1,2004-03-01T08:15:00Z,1.5\r\n'), laterAt);
  await client.upload('gmt.csv', toCsv(1), laterAt);
  await vi.waitFor(async () => {
    const held = (await (await fetch(`${controlUrl}/holdings`)).json()) as { name: string; status: string }[];
    expect(held.map(({ name, status }) => [name, status])).toEqual([
      ['own.csv', 'Validation Passed'],
      ['gmt.csv', 'Validation Failed'],
    ]);
  });
  expect(await simulator.kill('SIGTERM')).toEqual({ code: 0, signal: null });
}, 90_000);

test.each([
  ['--csv-layout', 'gtm', undefined, /expected gmt, pacific-standard, or a YAML file .*no such file/],
  ['--csv-layout', 'layout.yaml', 'name: [own\n', /YAML file .*: .*at line 2/],
  ['--csv-layout', 'layout.yaml', 'name: own\n', /YAML file .*: Cannot use the OMAR CSV layout: columns is/],
  ['--csv-layout', 'layout.yaml', 'csvLayout: { name: own }\n', /what stands under bridge\.csvLayout: /],
  ['--download', 'shape.yaml', undefined, /what stands under bridge\.download: .*no such file/],
  ['--download', 'shape.yaml', 'path: [nowhere\n', /what stands under bridge\.download: .*at line 2/],
  ['--download', 'shape.yaml', 'path: nowhere\n', /what stands under bridge\.download: .*'csv' \| 'mdef'/],
  [
    '--download',
    'shape.yaml',
    'format: csv\nprofile: { name: own }\n',
    /a list of RESOURCE_ID.*\n.*profile\.columns/,
  ],
  ['--resource', 'r_1,x', undefined, /1 to 32 of A-Z, 0-9, underscore and hyphen/],
] as const)(
  'omar %s %s (%j) ends it with option, value and expectation',
  async (option, value, text, reason) => {
    if (text === undefined) rmSync(path.join(folder, value), { force: true });
    else writeFileSync(path.join(folder, value), text);
    const simulator = await start('omar', option, value);
    expect(await simulator.exited).toMatchObject({ code: 2 });
    const words = simulator.stderr.join('\n');
    expect(words).toContain(option);
    expect(words).toContain(value);
    expect(words).toMatch(reason);
  },
);

test('mdma simulator omar --download serves what it holds, also after a restart', async () => {
  writeFileSync(path.join(folder, 'download.yaml'), stringify(toDownloadSettings()));
  const shape = downloadShapeSchema.parse(toDownloadSettings());
  const options = ['--step-ms', '1', '--state', 'omar.json', '--download', 'download.yaml'];
  for (const name of ['1.csv', '2.csv']) {
    const simulator = await start('omar', ...options);
    const { url } = await simulator.waitForRecord(({ ready }) => ready === true);
    const client = await makeOmarClient(String(url), { download: shape });
    await client.upload(name, toCsv(4, name === '1.csv' ? 'R_1' : 'R_2'), laterAt);
    await vi.waitFor(async () => {
      const held = await client.download({ resourceId: 'R_1', from: '2004-02-29', to: '2004-03-01' });
      expect(held).toMatchObject({ kind: 'downloaded', intervals: { length: 4 } });
    });
    expect(await simulator.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  }
}, 90_000);
