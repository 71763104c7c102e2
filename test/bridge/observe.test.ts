import { expect, test } from 'vitest';
import { observeBridge } from '../../bridge/observe.ts';
import { createCertificateWatch } from '../../bridge/watch-certificates.ts';
import { dayMs } from '../../storage/model/time.ts';
import type { ClockState } from '../../storage/ports/clock-watch.ts';
import { setUpForwardings } from '../storage/forwardings/forwarding-setup.ts';
import { atEnd } from '../support/cleanup.ts';
import { createTestClock } from '../support/store.ts';

const file = '/etc/mdma/one.p12';

test('health and metrics of the bridge tell of the clock, of certificates and of what stands still', async () => {
  const { store, forwardings, keep } = await setUpForwardings();
  const { clock } = store;
  const validToAt = clock.now() + 40 * dayMs;
  let state: ClockState = { kind: 'good', offsetMs: 10, measuredAt: 1, words: 'right' };
  const certificates = [{ account: 'sc-one', file, validToAt }];
  const notServed: { account: string; words: string }[] = [];
  const clockWatch = { state: () => state };
  const observer = await observeBridge(
    { host: '127.0.0.1', port: 0 },
    { forwardings, certificates, notServed, clock, clockWatch },
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
  notServed.push({ account: 'sc-two', words: 'a wrong key' });
  expect((await ready())[1]).toMatchObject({ reasons: ['account sc-two is not served: a wrong key'] });
  notServed.pop();
  clock.advance(30 * dayMs);
  state = { ...state, kind: 'off', words: 'an hour ahead' };
  const page = { account: 'sc-one', kind: 'status', fingerprint: 'f', why: 'no table' } as const;
  await forwardings.keepPage({ ...page, file: await keep('<html>') });
  expect(await ready()).toEqual([
    503,
    {
      ready: false,
      reasons: [
        'nothing is submitted: an hour ahead',
        expect.stringContaining('has expired'),
        'status work of account sc-one stands still: a page was not recognised',
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
