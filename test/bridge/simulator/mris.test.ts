import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request as startRequest } from 'node:https';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { toReadRequest, toSubmitRequest } from '../../../bridge/mris/services.ts';
import { toSigningIdentity } from '../../../bridge/mris/soap/identity.ts';
import { createMrisFaultMenu } from '../../../bridge/simulator/mris/faults.ts';
import { createMrisSimulator, type MrisSimulator } from '../../../bridge/simulator/mris.ts';
import { dayMs } from '../../../storage/model/time.ts';
import { systemClock } from '../../../storage/ports/clock.ts';
import { getTestCertificates } from '../../support/certificates.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import {
  createTestClock,
  dayStartAt,
  laterAt,
  makeClient,
  mapping,
  startSimulator,
  toDocument,
  toPem,
  toRows,
  user,
} from '../mris/mris-setup.ts';

const document = toDocument(toRows(2));
const settings = (attachments: 'plain' | 'doc-attach' = 'plain') =>
  ({
    basePath: '/sst/stlmt',
    attachments,
    soapActions: mapping.soapActions,
    identity: toSigningIdentity(toPem(user)),
    hash: 'sha1',
    now: Date.now(),
    newId: randomUUID,
  }) as const;

interface RawRequest {
  readonly path: string;
  readonly method?: string;
  readonly headers?: RequestOptions['headers'];
  readonly body?: Buffer | string;
}

/** One request as it is, by Node's own client; its answer, or the code of what happened instead. */
async function send(
  simulator: MrisSimulator,
  { path: target, body, ...rest }: RawRequest,
  options: RequestOptions = {},
) {
  const { authority } = await getTestCertificates();
  const { port } = new URL(simulator.url);
  return new Promise<{ status: number; body: string } | { code: string }>((resolve) => {
    const request = startRequest({
      ...{
        host: '127.0.0.1',
        port,
        path: target,
        method: 'POST',
        ca: authority.certificatePem,
        agent: false,
      },
      ...{ cert: user.certificatePem, key: user.keyPem },
      ...rest,
      ...options,
    });
    request.on('response', async (response) =>
      resolve({ status: response.statusCode ?? 0, body: await text(response) }),
    );
    request.on('error', (error: NodeJS.ErrnoException) => resolve({ code: error.code ?? error.message }));
    request.end(body);
  });
}

describe('a simulator that never forgives more than the real system', () => {
  let simulator: MrisSimulator;
  const fault = (words: RegExp) => ({ status: 500, body: expect.stringMatching(words) });
  beforeAll(async () => {
    simulator = await startSimulator();
  });

  test('takes nothing without a client certificate', async () => {
    const request = await toSubmitRequest(document, settings());
    expect(await send(simulator, request, { cert: undefined, key: undefined })).toHaveProperty('code');
    expect(simulator.holdings()).toEqual([]);
  });

  test.each([
    ['/sst/stlmt/SubmitMeterData', 404],
    ['/SubmitMeterData_STLMTv1_AP', 404],
    ['/sst/stlmt/SubmitMeterData_STLMTv1_AP?x', 404],
  ])('knows no address %s', async (target, status) => {
    expect(
      await send(simulator, { ...(await toSubmitRequest(document, settings())), path: target }),
    ).toMatchObject({
      status,
    });
  });

  test('takes only POST, with a SOAPAction', async () => {
    const request = await toSubmitRequest(document, settings());
    expect(await send(simulator, { ...request, method: 'PUT' })).toMatchObject({ status: 405 });
    const { soapaction: _, ...headers } = request.headers;
    expect(await send(simulator, { ...request, headers })).toEqual(fault(/SOAPAction is missing/));
  });

  test.each<[string, (body: string) => string, RegExp]>([
    ['a changed attachment', (body) => body.replace('H4sI', 'H4sJ'), /hash validation failed/],
    ['a cut multipart body', (body) => body.slice(0, -60), /last boundary is missing/],
    [
      'a third part',
      (body) => body.replace(/--(=_Part_\w+)--/, '--$1\r\nA: b\r\n\r\nc\r\n--$1--'),
      /one attachment/,
    ],
    [
      'an envelope without its signature',
      (body) => body.replace(/<ds:Signature .*<\/ds:Signature>/s, ''),
      /Signature validation status: false/,
    ],
    [
      'an envelope of 20 MB',
      (body) => body.replace('<h:Nonce>', `<h:Nonce>${'A'.repeat(20_000_000)}`),
      /too large/,
    ],
  ])('refuses %s', async (_, change, words) => {
    const request = await toSubmitRequest(document, settings());
    const body = change(String(request.body));
    expect(body).not.toBe(String(request.body));
    expect(await send(simulator, { ...request, body })).toEqual(fault(words));
    expect(simulator.holdings()).toEqual([]);
  });

  test('refuses a document without its hash, without how it is packed, and one in the wrong variant', async () => {
    const plain = await toSubmitRequest(document, settings());
    const inside = await toSubmitRequest(document, settings('doc-attach'));
    const empty = toReadRequest('status', '<ISOAttachment/>', settings());
    expect(await send(simulator, { ...inside, path: plain.path })).toEqual(
      fault(/The attachment is missing/),
    );
    expect(await send(simulator, { ...plain, path: inside.path })).toEqual(fault(/ISOAttachment is missing/));
    expect(await send(simulator, { ...empty, path: inside.path })).toEqual(
      fault(/standardAttachmentInfor is missing/),
    );
  });

  test.each(['plain', 'doc-attach'] as const)('counts 15 MB after unpacking, %s', async (attachments) => {
    const large = Buffer.alloc(15_000_001, ' ');
    expect(await send(simulator, await toSubmitRequest(large, settings(attachments)))).toEqual(
      fault(/larger than 15 MB/),
    );
    const bomb = Buffer.alloc(60_000_000, ' ');
    expect(await send(simulator, await toSubmitRequest(bomb, settings(attachments)))).toEqual(
      fault(/larger than 15 MB/),
    );
  });

  test('cuts a header and a body that are too large', async () => {
    const request = await toSubmitRequest(document, settings());
    const long = { ...request, headers: { ...request.headers, 'x-long': 'a'.repeat(2_000_000) } };
    const outcome = await send(simulator, long);
    expect([431, 'ECONNRESET', 'EPIPE']).toContain('status' in outcome ? outcome.status : outcome.code);
    expect(await send(simulator, { ...request, body: Buffer.alloc(40_000_000) })).toHaveProperty('code');
    expect(simulator.holdings()).toEqual([]);
  });

  test.each([
    [
      'no element',
      '<MeterData xmlns="http://www.caiso.com/soa/MeterData_v1.xsd#"><MessagePayload/></MeterData>',
      /^File is empty/,
    ],
    ['no XML', 'RESOURCE_ID,VALUE', /^File is empty or cannot be parsed/],
    [
      'another namespace',
      String(document).replace('MeterData_v1', 'MeterData_v2'),
      /^File is empty.*namespace/,
    ],
    [
      'another order',
      String(document).replace(/(<unit>.*?<\/unit>)(<Meas.*?)(<\/Measurements>)/, '$2$1$3'),
      /^File is empty.*unit may not stand here/,
    ],
    [
      'an unknown element',
      String(document).replace('<unit>', '<x/><unit>'),
      /^File is empty.*x may not stand here/,
    ],
    ['words between elements', String(document).replace('<unit>', 'MWH<unit>'), /text between/],
    ['entities', `<!DOCTYPE x [<!ENTITY a "b">]>${document}`, /a document type/],
    ['kWh', String(document).replace('MWH', 'KWH'), /^Invalid measurement type or unit/],
    [
      'another kind',
      String(document).replaceAll('RegisteredGenerator', 'RegisteredLoad'),
      /^Invalid measurement type or unit/,
    ],
    ['30 minutes', String(document).replace('>15<', '>30<'), /^Invalid interval length/],
    [
      'a minute more',
      String(document).replace('08:15:00', '08:16:00'),
      /^Interval end not on interval boundary/,
    ],
    ['the future', String(document).replaceAll('2020-', '2090-'), /^Interval is in the future/],
    ['a negative value', String(document).replace('<value>', '<value>-'), /^Value not numeric/],
  ])('finds in a batch: %s', async (_, content, message) => {
    const own = await startSimulator();
    const client = await makeClient(own.url);
    expect(await client.submitMeterData(Buffer.from(content), laterAt)).toMatchObject({ kind: 'received' });
    const outcome = await client.batchStatus('123456789');
    expect(outcome.kind).toBe('error');
    expect(outcome).toMatchObject({ errors: [{}, { message: expect.stringMatching(message) }] });
  });

  test('knows only the resources it was told of', async () => {
    const own = await startSimulator({ resources: ['EXAMPL_1_UNIT1'] });
    const client = await makeClient(own.url);
    await client.submitMeterData(toDocument([...toRows(1), ...toRows(1, { resourceId: 'OTHER' })]), laterAt);
    expect(await client.batchStatus('123456789')).toMatchObject({
      errors: [{}, { message: 'Unknown resource identifier', resourceId: 'OTHER' }],
    });
  });

  test('a request that does not fit its schema is a fault', async () => {
    const request = toReadRequest('status', '<Other xmlns="urn:x"/>', settings());
    expect(await send(simulator, request)).toEqual(fault(/Other is in namespace/));
  });
});

describe('what it holds', () => {
  const folder = makeTemporaryFolder();
  const day = { resourceIds: 'ALL', startAt: dayStartAt, endAt: dayStartAt + dayMs } as const;

  test('survives a restart, and a line that was cut goes', async () => {
    const stateFile = path.join(folder, 'state');
    const first = await startSimulator({ stateFile });
    const client = await makeClient(first.url);
    for (let at = 0; at < 2; at++) await client.submitMeterData(document, laterAt);
    const held = first.holdings();
    await first.close();
    const whole = readFileSync(stateFile, 'utf8');
    appendFileSync(stateFile, '{"batchId":"123456791","own');

    const clock = createTestClock();
    const second = await startSimulator({ stateFile, clock });
    expect(second.holdings()).toEqual(held);
    expect(held).toMatchObject([{ times: 2 }, { times: 2 }]);
    expect(readFileSync(stateFile, 'utf8')).toBe(whole);
    const again = await makeClient(second.url, { clock });
    expect(await again.submitMeterData(document, laterAt)).toMatchObject({ batchId: '123456791' });
    expect(await again.retrieveMeterData(day)).toMatchObject({ kind: 'rate-limited', isSent: true });
    clock.pass(31_000);
    expect(await again.retrieveMeterData(day)).toMatchObject({ readings: { length: 2 } });
  });

  test('a file that is no state is refused', () => {
    const stateFile = path.join(folder, 'other');
    writeFileSync(stateFile, '{"files":[]}\n');
    expect(() =>
      createMrisSimulator({
        certificatePem: '',
        keyPem: '',
        clientAuthorityPem: '',
        clock: systemClock,
        mapping,
        validationMs: 0,
        stateFile,
      }),
    ).toThrow(/other is no state of it/);
  });

  test('of an interval the value that came last, once its batch is through', async () => {
    const clock = createTestClock();
    const simulator = await startSimulator({ clock, validationMs: 1_000 });
    const client = await makeClient(simulator.url, { clock });
    await client.submitMeterData(toDocument(toRows(1)), laterAt);
    clock.pass(1_000);
    await client.submitMeterData(toDocument(toRows(1, { value: '7.5' })), laterAt);
    expect(await client.retrieveMeterData(day)).toMatchObject({ readings: [{ value: '0.250' }] });
    clock.pass(31_000);
    expect(await client.retrieveMeterData(day)).toMatchObject({ readings: [{ value: '7.5' }] });
  });
});

describe('the menu and the control listener', () => {
  test.each([
    ['fault', { fault: 'fire', kind: 'status', times: 1 }],
    ['kind', { fault: 'slow', kind: 'upload', times: 1 }],
    ['kind', { fault: 'wrong-certificate', kind: 'submit', times: 1 }],
    ['kind', { fault: 'slow', kind: 'connection', times: 1 }],
    ['code', { fault: 'validation-error', kind: 'submit', times: 1, code: 13 }],
  ])('refuse a wrong %s: %j', (at, fault) => {
    expect(() => createMrisFaultMenu([fault as never])).toThrow(
      expect.objectContaining({ code: 'invalid-request', faults: [expect.objectContaining({ at })] }),
    );
  });

  test('set a fault over HTTP and show what is held', async () => {
    const simulator = await startSimulator({ policyAnswer: 'fault' });
    const fault = { fault: 'forbidden', kind: 'submit', times: 1 };
    const set = await fetch(`${simulator.controlUrl}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });
    expect([set.status, await set.json()]).toEqual([200, [{ ...fault, after: 0, delayMs: 0, code: 3 }]]);
    const client = await makeClient(simulator.url);
    expect(await client.submitMeterData(document, laterAt)).toMatchObject({ kind: 'denied' });
    await client.submitMeterData(document, laterAt);
    const held = await (await fetch(`${simulator.controlUrl}/holdings`)).json();
    expect(held).toEqual(simulator.holdings());
    expect(held).toHaveLength(1);
  });
});
