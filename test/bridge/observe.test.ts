import { expect, test, vi } from 'vitest';
import { observeBridge } from '../../bridge/observe.ts';
import type { AccountFault } from '../../bridge/open-accounts.ts';
import { createCertificateWatch } from '../../bridge/watch-certificates.ts';
import { dayMs } from '../../storage/model/time.ts';
import type { ClockState } from '../../storage/ports/clock-watch.ts';
import { account, setUpForwardings } from '../storage/forwardings/forwarding-setup.ts';
import { atEnd } from '../support/cleanup.ts';
import { createTestClock } from '../support/store.ts';
import { takePort } from '../support/taken-port.ts';

const file = '/etc/mdma/one.p12';

test('health and metrics of the bridge tell of the clock, of certificates and of what stands still', async () => {
  const { store, forwardings, keep } = await setUpForwardings();
  const { clock } = store;
  const validToAt = clock.now() + 40 * dayMs;
  let state: ClockState = { kind: 'good', offsetMs: 10, measuredAt: 1, words: 'right' };
  const certificates = [{ account: 'sc-one', file, validToAt }];
  const notServed: AccountFault[] = [];
  const clockWatch = { state: () => state };
  const observer = await observeBridge(
    { host: '127.0.0.1', port: 0 },
    {
      forwardings,
      certificates,
      notServed,
      isMaintenance: () => false,
      attentionMs: dayMs,
      clock,
      clockWatch,
    },
  );
  atEnd(() => observer.stop());
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${observer.port}${path}`);
    return { status: response.status, text: await response.text() };
  };
  const ready = async () => {
    const { status, text } = await get('/health/ready');
    return [status, JSON.parse(text)];
  };
  expect(await ready()).toEqual([200, { ready: true, reasons: [], warnings: [] }]);
  clock.advance(11 * dayMs);
  expect(await ready()).toEqual([
    200,
    {
      ready: true,
      reasons: [],
      warnings: [expect.stringMatching(/expires soon.*sc-one, \/etc\/mdma\/one\.p12, 2026-/)],
    },
  ]);
  notServed.push({ account: 'sc-two', way: 'omar', words: 'a wrong key' });
  expect((await ready())[1]).toMatchObject({
    reasons: ['an account is not served: sc-two: a wrong key (ops/runbooks/account-not-served.md)'],
  });
  notServed.pop();
  clock.advance(30 * dayMs);
  state = { ...state, kind: 'off', words: 'an hour ahead' };
  const page = { account: 'sc-one', kind: 'status', fingerprint: 'f', why: 'no table' } as const;
  await forwardings.keepPage({
    ...page,
    head: { httpStatus: 200, contentType: 'text/html' },
    file: await keep('<html>'),
  });
  expect(await ready()).toEqual([
    503,
    {
      ready: false,
      reasons: [
        'nothing is submitted: an hour ahead (ops/runbooks/clock-off.md)',
        expect.stringContaining('has expired'),
        'work stands still, a page was not recognised: status of account sc-one (ops/runbooks/stopped-account.md)',
      ],
      warnings: [],
    },
  ]);
  const { text } = await get('/metrics');
  expect(text).toContain(`mdma_iso_certificate_end_seconds{account="sc-one"} ${validToAt / 1000}`);
  expect(text).toContain('mdma_bridge_stops{account="sc-one",kind="status"} 1');
  expect(text).toContain('mdma_bridge_forwardings_for_a_person 0');
  expect(text).toContain('mdma_clock_state{state="off"} 1');
  expect((await get('/health/live')).status).toBe(200);
  expect((await get('/')).status).toBe(404);
});

test('health and metrics of the bridge tell of what needs a person', async () => {
  const { store, forwardings, post, claim } = await setUpForwardings();
  const { clock } = store;
  let maintained = '';
  const isMaintenance = (name: string) => name === maintained;
  const clockWatch = { state: () => ({ kind: 'good', offsetMs: 0, measuredAt: 1, words: '' }) as const };
  const countAttention = vi.fn(() => forwardings.countAttention());
  const observer = await observeBridge(
    { host: '127.0.0.1', port: 0 },
    {
      forwardings: { listStops: forwardings.listStops, countAttention },
      ...{ certificates: [], notServed: [], isMaintenance, attentionMs: dayMs, clock, clockWatch },
    },
  );
  atEnd(() => observer.stop());
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${observer.port}${path}`)).text();
  const warnings = async () => JSON.parse(await get('/health/ready')).warnings;

  const dueAt = clock.now();
  for (const move of [
    { state: 'person', dueAt: null },
    { state: 'prepared', dueAt: dueAt + 1, attention: 'stuck', stuckSinceAt: dueAt },
    { state: 'following', dueAt: dueAt + 1, attention: 'overdue' },
  ] as const) {
    await post({ format: 'omar-csv', isoAccount: account });
    const { id } = await claim();
    await forwardings.moveForwarding(id, { reason: '', ...move });
  }
  const counted = [
    'forwardings wait for a person: 1 (ops/runbooks/unknown-forwarding.md)',
    'forwardings make no progress: 1 (ops/runbooks/overdue-forwarding.md)',
    'forwardings are overdue at the ISO: 1 (ops/runbooks/overdue-forwarding.md)',
  ];
  expect(await warnings()).toEqual(counted);
  clock.advance(dayMs + 2);
  const since = new Date(dueAt + 1).toISOString();
  const neglected = `nobody takes up a forwarding that is due: since ${since} (ops/runbooks/nobody-takes-up.md)`;
  expect(await warnings()).toEqual([...counted, neglected]);
  countAttention.mockClear();
  const text = await get('/metrics');
  expect(countAttention).toHaveBeenCalledTimes(1);
  expect(text).toContain('mdma_bridge_forwardings_for_a_person 1');
  expect(text).toContain('mdma_bridge_forwardings_asking_for_attention{attention="overdue"} 1');
  expect(text).toContain('mdma_bridge_forwardings_asking_for_attention{attention="stuck"} 1');
  expect(text).toContain('mdma_bridge_oldest_due_seconds 86400.001');

  // Nobody is to take it up while the ISO is down as announced.
  maintained = account;
  expect(await warnings()).toEqual(counted);
  expect(await get('/metrics')).toContain('mdma_bridge_oldest_due_seconds 0');
  maintained = 'sc-two';
  expect(await warnings()).toEqual([...counted, neglected]);

  // What is worked on has been taken up, for as long as that bridge lives.
  const { id } = await claim();
  await claim();
  expect(await warnings()).toEqual(counted);
  clock.advance(60_000);
  expect(await warnings()).toEqual([...counted, neglected]);

  // And the account is to be left alone until a pause that the ISO asked for is over: it is counted from its end.
  await store.catalogue.accountPauses.pauseAccount(account, 'omar', clock.now() + 5_000);
  expect(await warnings()).toEqual(counted);
  clock.advance(5_000 + dayMs);
  expect(await warnings()).toEqual(counted);
  clock.advance(1);
  const paused = neglected.replace(since, new Date(clock.now() - dayMs - 1).toISOString());
  expect(await warnings()).toEqual([...counted, paused]);
  await forwardings.setHold(id, true, 'staff', 'in dispute');
  expect(await warnings()).toContain(paused);
});

test('a port that is taken is named', async () => {
  const { store, forwardings } = await setUpForwardings();
  const clockWatch = { state: () => ({ kind: 'good', offsetMs: 0, measuredAt: 1, words: '' }) as const };
  const port = await takePort();
  const observing = observeBridge(
    { host: '127.0.0.1', port },
    {
      ...{ forwardings, certificates: [], notServed: [], attentionMs: dayMs, clock: store.clock, clockWatch },
      isMaintenance: () => false,
    },
  );
  await expect(observing).rejects.toMatchObject({
    code: 'unavailable',
    message: `Cannot listen on bridge.observe 127.0.0.1:${port}: it is in use`,
  });
});

test('the log tells of a certificate once a day, from 30 days before its end on', () => {
  const clock = createTestClock();
  const told: string[] = [];
  const tell = (level: string) => (fields: object) => told.push(`${level} ${JSON.stringify(fields)}`);
  const log = { info: tell('info'), warn: tell('warn'), error: tell('error') };
  const until = clock.now() + 32 * dayMs;
  const watch = createCertificateWatch([{ account: 'sc-one', file, validToAt: until }], { clock, log });
  for (let day = 1; day <= 4; day += 1) {
    clock.advance(dayMs);
    watch();
    watch();
  }
  expect(told).toEqual([expect.stringMatching(/^warn .*one\.p12/), expect.stringMatching(/^warn/)]);
  clock.advance(30 * dayMs);
  watch();
  expect(told[2]).toMatch(/^error .*"until":"2026-12/);
});
