import { expect, test } from 'vitest';
import { account } from '../../storage/forwardings/forwarding-setup.ts';
import { type StepSetup, settings, setUpSteps } from './step-setup.ts';

const busy = { why: 'HTTP 503', waitMs: 3_600_000 };

async function postPrepared({ post, prepare, forwardings, store }: StepSetup): Promise<void> {
  await post({ format: 'omar-csv', isoAccount: account });
  const { forwarding } = await prepare();
  const dueAt = store.clock.now();
  await forwardings.moveForwarding(forwarding.id, { state: 'prepared', reason: '', dueAt });
}

/** What is asked next is answered by "leave me alone for an hour". */
const askedFor: readonly (readonly [name: string, setUp: (setup: StepSetup) => Promise<void>])[] = [
  [
    'an upload, of which nothing was sent',
    async (setup) => {
      await postPrepared(setup);
      setup.answers.upload = async () => ({ kind: 'unavailable', ...busy });
    },
  ],
  [
    'an upload, of which nobody knows what became',
    async (setup) => {
      await postPrepared(setup);
      setup.answers.upload = async () => ({ kind: 'unknown', ...busy });
    },
  ],
  [
    'a status',
    async (setup) => {
      await setup.sendOne();
      setup.store.clock.advance(settings.followDelaysMs[0] ?? 0);
      setup.answers.status = async () => ({ kind: 'unavailable', ...busy });
    },
  ],
  [
    'a walk of the list',
    async (setup) => {
      await postPrepared(setup);
      setup.answers.upload = async () => ({ kind: 'unknown', why: 'the connection was cut' });
      await setup.step();
      setup.store.clock.advance(settings.uploadDeadlineMs + settings.marginMs);
      setup.answers.walk = async () => ({ kind: 'unavailable', ...busy });
    },
  ],
];

test.each(askedFor)('the pause after %s is on record before the move is', async (_, setUpAsked) => {
  const setup = await setUpSteps();
  const { store, forwardings, step } = setup;
  await setUpAsked(setup);
  const died = async () => Promise.reject(new Error('the bridge died here'));
  const over = { ...forwardings, moveForwarding: died, recordOutcome: died };
  await expect(step({ forwardings: over })).rejects.toThrow('the bridge died here');
  const endAt = await store.catalogue.accountPauses.findPauseEnd(account, 'omar');
  expect(endAt).toBe(store.clock.now() + busy.waitMs);
});
