import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { runMdma } from '../ops/run-mdma.ts';
import { startTestServer, type TestServer, toSample } from '../server/test-server.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

let server: TestServer;
const cwd = makeTemporaryFolder();

beforeAll(async () => {
  server = await startTestServer();
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ storage: server.store.config }));
});

/** The command line beside the running server, as an operator uses it. */
async function setMailbox(name: string, ...options: string[]): Promise<void> {
  const ran = await runMdma(['mailbox', 'set', name, ...options], { cwd, clock: server.store.clock });
  expect(ran).toMatchObject({ code: 0, stderr: '' });
}

/** Two halves of a meter's day, the second two days late; and one record of another meter. */
function toGap(meter: number): string {
  const [first = '', second = '', other = ''] = toSample(meter)
    .toString('latin1')
    .split(/(?<=\r\n)/);
  return first + second.replaceAll('20251120', '20251122').replaceAll('20251119', '20251121') + other;
}

const post = (query: string, body: string) =>
  server.callJson('staff', 'POST', `/postings?${query}`, { body });

test('a mailbox makes an error of a check, and the answer lists it like any fault', async () => {
  const told = await post('mailbox=esp-one', toGap(100));
  expect(told.status).toBe(201);
  const codes = told.json.warnings.map(({ code }: { code: string }) => code);
  expect(codes).toContain('C_GAP');

  await setMailbox('esp-one', '--level', 'C_GAP=error');
  const { status, json } = await post('mailbox=esp-one', toGap(200));
  expect([status, json.type]).toEqual([422, 'urn:mdma:problem:refused-file']);
  const fault = json.faults.find(({ code }: { code: string }) => code === 'C_GAP');
  expect(fault).toMatchObject({ level: 'error', line: 2, text: 'MTR000000200 KWH' });
  expect(fault.message).toMatch(/^Nothing covers 2025-11-\d\dT\d\d:\d\dZ to /);
  expect(json.faultCounts.C_GAP).toBe(1);
  expect((await server.callJson('staff', 'GET', '/refusals')).json.refusals[0].faultCounts.C_GAP).toBe(1);

  // Another mailbox takes it as before; with both, the stricter decides.
  expect((await post('mailbox=udc-one', toGap(300))).status).toBe(201);
  expect((await post('mailbox=udc-one&mailbox=esp-one', toGap(400))).status).toBe(422);

  await setMailbox('esp-one', '--level', 'C_GAP=off');
  const quiet = await post('mailbox=esp-one', toGap(500));
  expect(quiet.status).toBe(201);
  expect(JSON.stringify(quiet.json.warnings)).not.toContain('C_GAP');
  await server.store.expectSound();
});

test('a mailbox names its receivers, and another’s file is refused where it says so', async () => {
  const body = () => toSample(Math.floor(server.store.clock.now() % 1_000) + 1_000).toString('latin1');
  await setMailbox('udc-one', '--receiver', 'UDC-BENCH', '--level', 'C_PARTY_UNKNOWN=error');
  const refused = await post('mailbox=udc-one', body());
  expect(refused.status).toBe(422);
  expect(refused.json.faults).toMatchObject([{ code: 'C_PARTY_UNKNOWN', level: 'error', text: 'ESP-BENCH' }]);
  expect((await post('mailbox=esp-two', body())).status).toBe(201);
  expect((await post('mailbox=esp-two&mailbox=udc-one', body())).status).toBe(422);
  await setMailbox('udc-one', '--receiver', 'UDC-BENCH', '--receiver', 'ESP-BENCH');
  expect((await post('mailbox=udc-one', body())).json.warnings).toEqual([]);
  await server.store.expectSound();
});
