import { describe, expect, test } from 'vitest';
import { openStore, type Store } from '../../../storage/open.ts';
import { account, type ForwardingSetup, setUpForwardings } from './forwarding-setup.ts';

const move = { state: 'prepared', reason: 'moved by a test', dueAt: 5 } as const;

describe('claimForwarding', () => {
  test('gives what is most overdue of the account, each to one holder only', async () => {
    const { store, forwardings, post } = await setUpForwardings();
    for (const name of ['sc-two', account, account]) {
      store.clock.advance(10);
      await post({ format: 'mdef', isoAccount: name });
    }
    const other = await store.openAgain('bridge');
    const until = store.clock.now() + 1_000;
    const claims = [
      await forwardings.claimForwarding(account, 'omar', until),
      await other.catalogue.forwardings.claimForwarding(account, 'omar', until),
      await forwardings.claimForwarding(account, 'omar', until),
    ];
    expect(claims.map((claim) => claim?.transaction)).toEqual([2, 3, undefined]);
  });

  test('gives nothing before it is due, nor while it is held', async () => {
    const { store, forwardings, post, claim } = await setUpForwardings();
    await post({ format: 'mdef', isoAccount: account });
    const { id } = await claim();
    const dueAt = store.clock.now() + 100;
    await forwardings.moveForwarding(id, { ...move, dueAt });
    expect(await forwardings.findNextDueAt(account, 'omar')).toBe(dueAt);
    await expect(claim()).rejects.toThrow(/nothing is due/);
    await forwardings.setHold(id, true, 'staff', 'a test');
    store.clock.advance(100);
    expect(await forwardings.findNextDueAt(account, 'omar')).toBeUndefined();
    expect(await forwardings.listDueAccounts()).toEqual([]);
    await expect(claim()).rejects.toThrow(/nothing is due/);
    await forwardings.setHold(id, false, 'staff', 'a test');
    expect(await claim()).toMatchObject({ id });
  });

  test('gives what a closed instance left at once, and what a dead one left when its lease is over', async () => {
    const { store, forwardings, post } = await setUpForwardings();
    await post({ format: 'mdef', isoAccount: account });
    const until = store.clock.now() + 1_000;
    const gone = await openStore(store.config, { program: 'bridge', clock: store.clock });
    await gone.catalogue.forwardings.claimForwarding(account, 'omar', until);
    expect(await forwardings.claimForwarding(account, 'omar', until)).toBeUndefined();
    await gone.close();
    const again = await forwardings.claimForwarding(account, 'omar', until);
    expect(again).toBeDefined();
    store.clock.set(until);
    const another = await store.openAgain('bridge');
    expect(await another.catalogue.forwardings.claimForwarding(account, 'omar', until + 1)).toEqual(again);
  });
});

describe('the fence', () => {
  /** Every move that only the holder may make, on the one forwarding, part and submission of the setup. */
  function toMoves({ forwardings }: Store['catalogue'], id: number, partId: number, submission: number) {
    const intent = { partId, attempt: 2, isoName: 'n-1-2.csv', deadlineAt: 1, leaseUntilAt: 2 };
    return {
      renewLease: () => forwardings.renewLease(id, Number.MAX_SAFE_INTEGER),
      moveForwarding: () => forwardings.moveForwarding(id, move),
      recordParts: () => forwardings.recordParts(id, [], {}, move),
      recordIntent: () => forwardings.recordIntent(id, intent),
      recordOutcome: () => forwardings.recordOutcome(id, submission, { state: 'sent', words: '' }, move),
    };
  }

  async function setUpSent(setup: ForwardingSetup) {
    await setup.post({ format: 'mdef', isoAccount: account });
    const { forwarding, part } = await setup.prepare();
    const leaseUntilAt = setup.store.clock.now() + 1_000;
    const intent = { partId: part.id, attempt: 1, isoName: 'n-1-1.csv', deadlineAt: 1, leaseUntilAt };
    const { id } = await setup.forwardings.recordIntent(forwarding.id, intent);
    return { id: forwarding.id, partId: part.id, submission: id };
  }

  test('every move of a lease that is over is a conflict and changes nothing', async () => {
    const setup = await setUpForwardings();
    const { id, partId, submission } = await setUpSent(setup);
    setup.store.clock.advance(1_000);
    const before = await setup.forwardings.findForwarding(id);
    for (const attempt of Object.values(toMoves(setup.store.catalogue, id, partId, submission))) {
      await expect(attempt()).rejects.toMatchObject({ code: 'conflict' });
    }
    expect(await setup.forwardings.findForwarding(id)).toEqual(before);
  });

  test('so is every move of a lease that another holds, also when ours would not be over yet', async () => {
    const setup = await setUpForwardings();
    const { id, partId, submission } = await setUpSent(setup);
    setup.store.clock.advance(1_000);
    const other = await setup.store.openAgain('bridge');
    const until = setup.store.clock.now() + 1_000;
    expect(await other.catalogue.forwardings.claimForwarding(account, 'omar', until)).toMatchObject({ id });
    for (const attempt of Object.values(toMoves(setup.store.catalogue, id, partId, submission))) {
      await expect(attempt()).rejects.toMatchObject({ code: 'conflict' });
    }
    await toMoves(other.catalogue, id, partId, submission).recordOutcome();
    await setup.store.expectSound();
  });

  test('the holder moves, and has given the lease back then', async () => {
    const setup = await setUpForwardings();
    const { id, partId, submission } = await setUpSent(setup);
    const moves = toMoves(setup.store.catalogue, id, partId, submission);
    await moves.renewLease();
    await moves.recordOutcome();
    await expect(moves.moveForwarding()).rejects.toMatchObject({ code: 'conflict' });
    expect(await setup.forwardings.findForwarding(id)).toMatchObject({ state: 'prepared', dueAt: 5 });
  });
});
