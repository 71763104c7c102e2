import { expect, test } from 'vitest';
import { createMrisWay } from '../../../bridge/forwarding/mris/create-mris-way.ts';
import { toRetry } from '../../../bridge/forwarding/steps/move.ts';
import type { MrisEnvironment } from '../../../bridge/mris/environments.ts';
import type { MrisClient } from '../../../bridge/mris/outcomes.ts';
import type { Attention } from '../../../storage/model/forwarding.ts';
import { mapping } from '../mris/mris-setup.ts';
import { settings } from './step-setup.ts';

const deps = {
  client: {} as MrisClient,
  format: mapping.meterData,
  scId: 'SC1',
  validationMs: 0,
  clockMarginMs: 0,
};

/** What makes no progress since the day before, tried at an instant. */
function retryAt(
  now: number,
  environment: MrisEnvironment,
  { waitMs, attention = null }: { waitMs?: number; attention?: Attention | null } = {},
) {
  const iso = createMrisWay({ ...deps, environment });
  const context = { clock: { now: () => now }, settings, failures: 0, random: () => 0, iso };
  const trouble = waitMs === undefined ? { why: 'HTTP 503' } : { why: 'HTTP 503', waitMs };
  return toRetry(context, { state: 'prepared', stuckSinceAt: now - 86_400_000, attention }, trouble);
}

/** A Wednesday, 12:00 and 17:00 in California: MAP Stage may be down from 16:00 on. */
const noonAt = Date.UTC(2026, 10, 18, 20);
const eveningAt = Date.UTC(2026, 10, 19, 1);

test.each([
  ['map-stage', noonAt, true],
  ['map-stage', eveningAt, false],
  ['production', eveningAt, true],
] as const)('%s at %i: a person is asked to look: %s', (environment, at, isTold) => {
  expect(retryAt(at, environment).reason.startsWith('a person should look')).toBe(isTold);
});

test('an announced outage begins no call for a person, and ends none', () => {
  for (const attention of ['stuck', 'overdue', null] as const) {
    expect(retryAt(eveningAt, 'map-stage', { attention })).toMatchObject({
      attention,
      stuckSinceAt: eveningAt - 86_400_000,
    });
  }
});

test('nothing is tried before the ISO said, nor before the back-off', () => {
  expect(retryAt(noonAt, 'production', { waitMs: 120_000 }).dueAt).toBe(noonAt + 120_000);
  expect(retryAt(noonAt, 'production', { waitMs: 1 }).dueAt).toBe(noonAt + settings.backoff.firstMs);
});
