import { once } from 'node:events';
import { expect, test } from 'vitest';
import { toAccountLease, toTurnLease } from '../../bridge/account-lease.ts';
import { createOmarWay } from '../../bridge/forwarding/omar/create-omar-way.ts';
import type { IsoWay } from '../../bridge/forwarding/step-context.ts';
import { serveAccount } from '../../bridge/loop.ts';
import type { OmarClient } from '../../bridge/omar/outcomes.ts';
import type { Catalogue } from '../../storage/ports/catalogue.ts';
import { account, type ForwardingSetup, setUpForwardings } from '../storage/forwardings/forwarding-setup.ts';
import { settings } from './forwarding/step-setup.ts';
import { laterAt, makeClient, startServer, toCsv } from './omar/omar-setup.ts';

/** An OMAR-Online that wants to be left alone, at an address or at all of them. */
async function startBusy(status: number, from = '/'): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const url = await startServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    request.resume();
    if (path.startsWith(from)) response.writeHead(status, { 'retry-after': '3600' }).end('<html>busy</html>');
    else response.writeHead(200, { 'set-cookie': 'JSESSIONID=1' }).end('<html></html>');
  });
  return { url, asked };
}

test.each([429, 503])('OMAR-Online says how long to wait by HTTP %i, whatever is asked', async (status) => {
  const wanted = { why: `HTTP ${status}`, waitMs: 3_600_000 };
  const all = await makeClient((await startBusy(status)).url);
  const bytes = toCsv(1);
  expect(await all.upload('a0000.csv', bytes, laterAt)).toEqual({ kind: 'unavailable', ...wanted });
  expect(await all.walk()).toEqual({ kind: 'unavailable', ...wanted });
  const upload = await makeClient((await startBusy(status, '/uploadProcess.jsp')).url);
  expect(await upload.upload('a0000.csv', bytes, laterAt)).toEqual({ kind: 'unknown', ...wanted });
  const list = await makeClient((await startBusy(status, '/viewSubmittedDataDetails.jsp')).url);
  expect(await list.status('1')).toEqual({ kind: 'unavailable', ...wanted });
});

/** A forwarding with one part, which is to be sent now, or in a while. */
async function postPrepared(
  { store, post, prepare, forwardings }: ForwardingSetup,
  dueInMs = 0,
): Promise<void> {
  await post({ format: 'omar-csv', isoAccount: account });
  const { forwarding } = await prepare();
  const dueAt = store.clock.now() + dueInMs;
  await forwardings.moveForwarding(forwarding.id, { state: 'prepared', reason: '', dueAt });
}

/** Serves the account until it first waits, and gives how long it wanted to. */
async function serve(
  { store }: ForwardingSetup,
  iso: IsoWay,
  { catalogue = store.catalogue, told = [] }: { catalogue?: Catalogue; told?: string[] } = {},
): Promise<number[]> {
  const stop = new AbortController();
  const waits: number[] = [];
  const { forwardings, postings, resources, reconciliation, instances, accountPauses } = catalogue;
  const tell = (_fields: object, words: string) => void told.push(words);
  const deps = {
    ...{ forwardings, postings, resources, reconciliation, instances, accountPauses },
    ...{ files: store.files, clock: store.clock, settings, pollMs: 1_000 },
    monotonicMs: () => store.clock.now(),
    random: () => 0,
    newId: () => store.newId(),
    log: { info: () => undefined, warn: tell, error: tell },
    // Leases are renewed when a step has ended, that is never.
    async wait(ms: number, signal: AbortSignal) {
      if (signal !== stop.signal) return void (await once(signal, 'abort'));
      waits.push(ms);
      stop.abort();
    },
  };
  await serveAccount(deps, { name: account, way: 'omar', iso }, stop.signal);
  return waits;
}

test('the ISO is left alone for as long as it said, also by a bridge that starts anew', async () => {
  const { url, asked } = await startBusy(503);
  const setup = await setUpForwardings();
  const { store } = setup;
  const iso = createOmarWay(await makeClient(url, { clock: store.clock }));
  await postPrepared(setup);
  expect(await serve(setup, iso)).toEqual([settings.backoff.firstMs]);
  expect(asked).toEqual(['/fr_top.jsp']);
  await postPrepared(setup);
  store.clock.advance(600_000);
  const { catalogue } = await store.openAgain('bridge');
  expect(await serve(setup, iso, { catalogue })).toEqual([3_000_000]);
  expect(asked).toHaveLength(1);
  store.clock.advance(3_000_000);
  await serve(setup, iso, { catalogue });
  expect(asked).toHaveLength(2);
  await store.expectSound();
});

test('an ISO that cuts uploads gets no other one before the back-off', async () => {
  const uploads: string[] = [];
  const url = await startServer((request, response) => {
    if (request.url !== '/uploadProcess.jsp') {
      request.resume();
      return response.writeHead(200, { 'set-cookie': 'JSESSIONID=1' }).end('<html></html>');
    }
    uploads.push(request.url);
    request.on('data', () => request.socket.destroy());
  });
  const setup = await setUpForwardings();
  for (let n = 0; n < 2; n += 1) await postPrepared(setup, 1);
  setup.store.clock.advance(1);
  const iso = createOmarWay(await makeClient(url, { clock: setup.store.clock }));
  expect(await serve(setup, iso)).toEqual([settings.backoff.firstMs]);
  expect(uploads).toHaveLength(1);
  const [first] = (await setup.forwardings.findForwarding(1))?.parts ?? [];
  expect(first?.submissions).toMatchObject([{ state: 'unknown' }]);
  await setup.store.expectSound();
});

/** An OMAR-Online that receives every file, and is told of each. */
function toReceiving(onUpload: () => Promise<void>): IsoWay {
  const upload: OmarClient['upload'] = async (name, { length: bytes }) => {
    await onUpload();
    return { kind: 'received', fileId: '1', savedAs: name, bytes };
  };
  return createOmarWay({ upload } as OmarClient);
}

test('who waits for the account gets it after the running step, however much is due', async () => {
  const setup = await setUpForwardings();
  const { store } = setup;
  for (let n = 0; n < 3; n += 1) await postPrepared(setup, 1);
  store.clock.advance(1);
  const { instances } = (await store.openAgain('ops')).catalogue;
  const lease = toAccountLease({ name: account, way: 'omar' });
  const taken: boolean[] = [];
  const iso = toReceiving(async () => {
    taken.push(await instances.takeLease(lease, store.clock.now() + 1_000));
    await instances.takeLease(toTurnLease(lease), store.clock.now() + 1_000);
  });
  expect(await serve(setup, iso)).toEqual([1_000]);
  expect(taken).toEqual([false]);
  expect(await instances.takeLease(lease, store.clock.now() + 1)).toBe(true);
  await instances.releaseLease(toTurnLease(lease));
  await instances.releaseLease(lease);
  await serve(setup, iso);
  expect(taken).toEqual([false, false]);
  await store.expectSound();
});

test('a pause that comes while the account is another’s is kept to', async () => {
  const setup = await setUpForwardings();
  const { store } = setup;
  await postPrepared(setup);
  const { instances, accountPauses } = store.catalogue;
  const iso = toReceiving(async () => Promise.reject(new Error('nothing may be sent')));
  const catalogue: Catalogue = {
    ...store.catalogue,
    instances: {
      ...instances,
      async takeLease(name, untilAt) {
        await accountPauses.pauseAccount(account, 'omar', store.clock.now() + 60_000);
        return instances.takeLease(name, untilAt);
      },
    },
  };
  expect(await serve(setup, iso, { catalogue })).toEqual([60_000]);
  const other = await store.openAgain('bridge');
  const lease = toAccountLease({ name: account, way: 'omar' });
  expect(await other.catalogue.instances.takeLease(lease, store.clock.now() + 1)).toBe(true);
});

test('a lease that cannot be given back does not keep the bridge from stopping', async () => {
  const setup = await setUpForwardings();
  const { store } = setup;
  await postPrepared(setup);
  const releaseLease = () => Promise.reject(new Error('the disk is gone'));
  const catalogue = { ...store.catalogue, instances: { ...store.catalogue.instances, releaseLease } };
  const iso = createOmarWay(await makeClient((await startBusy(503)).url, { clock: store.clock }));
  const told: string[] = [];
  expect(await serve(setup, iso, { catalogue, told })).toEqual([settings.backoff.firstMs]);
  expect(told).toEqual(['a lease was not given back; it ends by itself']);
});
