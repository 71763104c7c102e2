import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AskIsoDeps, askIso } from '../../bridge/ask-iso.ts';
import { bridgeConfigSchema, toBridgeSettings } from '../../bridge/config.ts';
import type { HeldQuestion } from '../../bridge/forwarding/step-context.ts';
import { storeBytes } from '../../bridge/forwarding/steps/keep-page.ts';
import { isoConfigSchema } from '../../bridge/iso-config.ts';
import { openAccounts } from '../../bridge/open-accounts.ts';
import { toIsoText } from '../../storage/model/time.ts';
import { toDayStart } from '../../storage/model/trade-day.ts';
import type { IsoInterval } from '../../storage/reconciliation/iso-interval.ts';
import { getTestCertificates } from '../support/certificates.ts';
import { atEnd } from '../support/cleanup.ts';
import { createTestClock, createTestStore } from '../support/store.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { laterAt, makeClient, startSimulator, toDocument, toRows, user } from './mris/mris-setup.ts';

const folder = makeTemporaryFolder();
const place = (name: string) => path.join(folder, name);
writeFileSync(place('user.crt'), user.certificatePem);
writeFileSync(place('user.key'), user.keyPem);
const config = bridgeConfigSchema.parse({});
const scope = { from: '2020-03-01', to: '2020-03-01', updatedSinceAt: undefined };

/** Two accounts of one user at a simulator that takes a retrieve each 30 seconds; time passes by waiting only. */
async function setUp() {
  const clock = createTestClock(Date.now());
  const store = await createTestStore(clock);
  const simulator = await startSimulator({ clock });
  const client = await makeClient(simulator.url, { clock });
  await client.submitMeterData(toDocument(toRows(8)), laterAt);
  const { authority } = await getTestCertificates();
  const { accounts } = isoConfigSchema.parse({
    accounts: ['sc-one', 'sc-two'].map((name) => ({
      ...{ name, scId: name, environment: 'simulator', way: 'mris', url: simulator.url },
      certificate: { certificateFile: place('user.crt'), keyFile: place('user.key') },
      authorityFile: authority.certificatePath,
    })),
  });
  const told: string[] = [];
  const log: AskIsoDeps['log'] = {
    info: () => undefined,
    warn: () => undefined,
    error: (_fields, words) => told.push(words),
  };
  const { forwardings, instances, accountPauses, retrievePaces } = store.catalogue;
  const { accounts: served } = await openAccounts({ accounts }, config, { clock, log, paces: retrievePaces });
  atEnd(() => Promise.all(served.map(({ iso }) => iso.close())));
  const waits: number[] = [];
  const deps: AskIsoDeps = {
    ...{ forwardings, instances, accountPauses, clock, log, files: store.files, newId: () => store.newId() },
    settings: toBridgeSettings(config),
    signal: new AbortController().signal,
    async wait(ms, signal) {
      // A lease is renewed in real time only: nothing here holds one for long.
      if (ms === toBridgeSettings(config).leaseMs / 3)
        return new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => resolve(), { once: true }),
        );
      waits.push(ms);
      clock.advance(ms);
    },
  };
  const ask = async (at: number, resourceIds: readonly string[], over: Partial<AskIsoDeps> = {}) => {
    const taken: IsoInterval[] = [];
    const account = served[at];
    if (account === undefined) throw new Error('no such account');
    await askIso(
      { ...deps, ...over },
      account,
      { ...scope, resourceIds },
      { take: (interval) => taken.push(interval), onProgress: () => undefined },
    );
    return taken;
  };
  /** Asks these questions in place of those of a scope. */
  const askAccount = async (at: number, questions: readonly HeldQuestion[], over: Partial<AskIsoDeps>) => {
    const account = served[at];
    if (account === undefined) throw new Error('no such account');
    const iso = { ...account.iso, toQuestions: () => questions };
    await askIso(
      { ...deps, ...over },
      { ...account, iso },
      { ...scope, resourceIds: [] },
      { take: () => undefined, onProgress: () => undefined },
    );
  };
  return { store, simulator, clock, ask, askAccount, waits, told, deps };
}

describe('the ISO is asked', () => {
  test('at its time under the 30-second rule, of accounts with one certificate together', async () => {
    const { ask, waits, simulator } = await setUp();
    const first = await ask(0, ['EXAMPL_1_UNIT1']);
    expect(first).toHaveLength(8);
    expect(first[0]).toMatchObject({
      ...{ resourceId: 'EXAMPL_1_UNIT1', measurementType: 'GEN', isoUnit: 'MWH', value: '0.250' },
      endAt: toDayStart('2020-03-01') + 900_000,
    });
    expect(waits).toEqual([]);
    expect(await ask(1, ['EXAMPL_1_UNIT1', 'OTHER'])).toHaveLength(8);
    expect(await ask(0, ['OTHER'])).toEqual([]);
    expect(waits).toEqual([31_000, 31_000]);
    expect(simulator.faults.armed()).toEqual([]);
  });

  test('in turns with a bridge that works on the account, and not at all when it has no end', async () => {
    const { ask, waits, store, clock, deps } = await setUp();
    const bridge = await store.openAgain('bridge');
    await bridge.catalogue.instances.takeLease('mris:sc-one', clock.now() + 2_500);
    expect(await ask(0, ['EXAMPL_1_UNIT1'])).toHaveLength(8);
    expect(waits).toEqual([1_000, 1_000, 1_000]);
    expect(await bridge.catalogue.instances.takeLease('mris:sc-one', clock.now() + 3_600_000)).toBe(true);
    const wait: AskIsoDeps['wait'] = async (_ms, signal) => deps.wait(60_000, signal);
    await expect(ask(0, ['EXAMPL_1_UNIT1'], { wait })).rejects.toThrow(/a bridge has been at work on it/);
  });

  test('in turns with a bridge for which something is due: it finds the account free between two questions', async () => {
    const { askAccount, store, clock, deps, waits } = await setUp();
    const { instances } = (await store.openAgain('bridge')).catalogue;
    const steps: string[] = [];
    const questions = [1, 2].map((number) => async () => {
      steps.push(`question ${number}`);
      return { kind: 'read' as const, intervals: [] };
    });
    const wait: AskIsoDeps['wait'] = async (ms, signal) => {
      await deps.wait(ms, signal);
      if (ms !== 2 * deps.settings.pollMs) return;
      if (await instances.takeLease('mris:sc-one', clock.now() + 1_000)) steps.push('the bridge');
    };
    const forwardings = { ...deps.forwardings, findNextDueAt: async () => clock.now() };
    await askAccount(0, questions, { wait, forwardings });
    expect(steps).toEqual(['question 1', 'the bridge', 'question 2']);
    waits.length = 0;
    await instances.releaseLease('mris:sc-one');
    const notYet = { ...deps.forwardings, findNextDueAt: async () => clock.now() + 1 };
    await askAccount(0, questions, { forwardings: notYet });
    expect(waits).toEqual([]);
  });

  test('not when the ISO wanted to be left alone, or a page stopped that work, while the account was waited for', async () => {
    const { ask, store, clock, simulator, deps } = await setUp();
    const bridge = await store.openAgain('bridge');
    const { instances, accountPauses, forwardings } = bridge.catalogue;
    const askAfter = async (meanwhile: () => Promise<void>) => {
      await instances.takeLease('mris:sc-one', clock.now() + 3_600_000);
      const wait: AskIsoDeps['wait'] = async (ms, signal) => {
        await deps.wait(ms, signal);
        if (ms !== deps.settings.pollMs) return;
        await meanwhile();
        await instances.releaseLease('mris:sc-one');
      };
      return ask(0, ['EXAMPL_1_UNIT1'], { wait });
    };
    simulator.faults.arm({ fault: 'busy', kind: 'retrieve', times: 1 });
    const pause = () => accountPauses.pauseAccount('sc-one', 'mris', clock.now() + 60_000);
    await expect(askAfter(pause)).rejects.toThrow(/it wants to be left alone until/);
    clock.advance(60_000);
    const page = { account: 'sc-one', kind: 'retrieve', fingerprint: 'f', why: 'no envelope' } as const;
    const stop = async () => {
      const file = await storeBytes({ ...store, clock }, Buffer.from('?'));
      await forwardings.keepPage({ ...page, head: { httpStatus: 200, contentType: 'text/html' }, file });
    };
    await expect(askAfter(stop)).rejects.toThrow(/retrieve work stands still/);
    expect(simulator.faults.armed()).toHaveLength(1);
    expect(await instances.takeLease('mris:sc-one', clock.now() + 1)).toBe(true);
  });

  test('for nothing when the account was taken over meanwhile', async () => {
    const { ask, store, clock, simulator, deps } = await setUp();
    const { leaseMs } = deps.settings;
    const bridge = await store.openAgain('bridge');
    simulator.faults.arm({ fault: 'slow', kind: 'retrieve', times: 1, delayMs: 300 });
    let isTaken = false;
    const wait: AskIsoDeps['wait'] = async (ms, signal) => {
      if (ms !== leaseMs / 3) return deps.wait(ms, signal);
      clock.advance(leaseMs);
      isTaken = await bridge.catalogue.instances.takeLease('mris:sc-one', clock.now() + leaseMs);
    };
    await expect(ask(0, ['EXAMPL_1_UNIT1'], { wait })).rejects.toThrow(
      /Cannot renew mris:sc-one: it was taken/,
    );
    expect(isTaken).toBe(true);
    expect(await store.catalogue.instances.takeLease('mris:sc-one', clock.now() + 1)).toBe(false);
  });

  test('no more once its answer was not recognised, which is kept', async () => {
    const { ask, simulator, store, told } = await setUp();
    simulator.faults.arm({ fault: 'unknown-page', kind: 'retrieve', times: 1 });
    await expect(ask(0, ['EXAMPL_1_UNIT1'])).rejects.toThrow(
      /"sc-one": the answer is not recognised and was kept/,
    );
    expect(told).toHaveLength(1);
    expect(await store.catalogue.forwardings.listStops('sc-one')).toMatchObject([
      { kind: 'retrieve', head: { httpStatus: 200 } },
    ]);
    await expect(ask(0, ['EXAMPL_1_UNIT1'])).rejects.toThrow(/retrieve work stands still/);
    await store.expectSound();
  });

  test.each([
    ['is down', 'busy', /HTTP 503/],
    ['says that it was early', 'policy-429', /acceptable use policy/],
    ['does not let it in', 'forbidden', /does not let this account in/],
  ] as const)('and %s: nothing is concluded', async (_, fault, words) => {
    const { ask, simulator } = await setUp();
    simulator.faults.arm({ fault, kind: 'retrieve', times: 1 });
    await expect(ask(0, ['EXAMPL_1_UNIT1'])).rejects.toThrow(words);
  });

  test('not again while it wants the account left alone, and the bridge keeps to that, too', async () => {
    const { ask, simulator, store, clock } = await setUp();
    simulator.faults.arm({ fault: 'policy-429', kind: 'retrieve', times: 1 });
    await expect(ask(0, ['EXAMPL_1_UNIT1'])).rejects.toThrow(/acceptable use policy/);
    const bridge = await store.openAgain('bridge');
    const untilAt = await bridge.catalogue.accountPauses.findPauseEnd('sc-one', 'mris');
    expect(untilAt).toBeGreaterThan(clock.now());
    await expect(ask(0, ['EXAMPL_1_UNIT1'])).rejects.toThrow(
      `it wants to be left alone until ${toIsoText(untilAt ?? 0)}`,
    );
  });
});
