import { beforeEach, describe, expect, test } from 'vitest';
import { parseParticipantName } from '../../storage/model/mailbox.ts';
import { dayMs } from '../../storage/model/time.ts';
import type { Store } from '../../storage/open.ts';
import { addParties, type Parties, toSha256 } from '../support/parties.ts';
import type { TestStore } from '../support/store.ts';
import { storeDrivers } from './drivers.ts';

describe.each(storeDrivers)('participants on $name', ({ open }) => {
  let store: TestStore;
  let elsewhere: Store;
  let parties: Parties;
  let now: number;

  beforeEach(async () => {
    store = await open();
    parties = await addParties(store);
    elsewhere = await store.openAgain('ops');
    now = store.clock.now();
    return () => store.expectSound();
  });

  test('one who was added is found by name, here and in another process', async () => {
    for (const { catalogue } of [store, elsewhere]) {
      expect(await catalogue.participants.findParticipant(parties.esp.name)).toEqual(parties.esp);
    }
    expect(parties.esp).toMatchObject({ name: 'esp-one', title: 'Title of esp-one', role: 'participant' });
    expect(
      await store.catalogue.participants.findParticipant(parseParticipantName('nobody')),
    ).toBeUndefined();
  });

  test('a name is given once, also when two ask at the same moment', async () => {
    await expect(parties.addParticipant('esp-one', 'staff')).rejects.toMatchObject({ code: 'conflict' });
    const input = { name: parseParticipantName('esp-two'), title: '', role: 'participant' } as const;
    const ends = await Promise.allSettled(
      [store, elsewhere, store].map(({ catalogue }) => catalogue.participants.addParticipant(input)),
    );
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    for (const end of ends) if (end.status === 'rejected') expect(end.reason.code).toBe('conflict');
    expect(await store.catalogue.participants.findParticipant(parties.esp.name)).toEqual(parties.esp);
  });

  test('lists all by name, each with its mailboxes', async () => {
    await parties.addMailbox('esp-one-b', parties.esp);
    const listed = await store.catalogue.participants.listParticipants();
    expect(listed.map(({ name, mailboxes }) => [name, mailboxes])).toEqual([
      ['esp-one', ['esp-one', 'esp-one-b']],
      ['program', []],
      ['staff', []],
      ['udc-one', ['udc-one']],
    ]);
  });

  describe('certificates', () => {
    const fingerprint = toSha256('certificate');
    const register = (over: object = {}) =>
      store.catalogue.participants.registerCertificate({
        participant: parties.esp.name,
        fingerprint,
        subject: 'CN=esp-one',
        validFromAt: now - dayMs,
        validToAt: now + dayMs,
        ...over,
      });
    const find = (at: number, by: Store = store) =>
      by.catalogue.participants.findByCertificate(fingerprint, at);

    test('names its owner while it is valid, to the millisecond', async () => {
      await register();
      expect(await find(now - dayMs - 1)).toBeUndefined();
      expect(await find(now - dayMs)).toEqual(parties.esp);
      expect(await find(now + dayMs - 1)).toEqual(parties.esp);
      expect(await find(now + dayMs)).toBeUndefined();
    });

    test('a revocation holds from the next request on, in every process, and keeps its first instant', async () => {
      await register();
      expect(await find(now, elsewhere)).toEqual(parties.esp);
      await store.catalogue.participants.revokeCertificate(fingerprint);
      expect(await find(now, elsewhere)).toBeUndefined();
      expect(await find(now)).toBeUndefined();
      store.clock.advance(1_000);
      await elsewhere.catalogue.participants.revokeCertificate(fingerprint);
      const [entry] = await store.catalogue.participants.listCertificates();
      expect(entry).toMatchObject({ fingerprint, registeredAt: now, revokedAt: now });
    });

    test('several at a time: revoking one leaves the other', async () => {
      const next = toSha256('next certificate');
      await register();
      await register({ fingerprint: next });
      await store.catalogue.participants.revokeCertificate(fingerprint);
      expect(await find(now)).toBeUndefined();
      expect(await store.catalogue.participants.findByCertificate(next, now)).toEqual(parties.esp);
      expect(await store.catalogue.participants.listCertificates()).toHaveLength(2);
    });

    test('is registered once, not even for another, and not after it was revoked', async () => {
      await register();
      await expect(register()).rejects.toMatchObject({ code: 'conflict' });
      await store.catalogue.participants.revokeCertificate(fingerprint);
      await expect(register({ participant: parties.udc.name })).rejects.toMatchObject({ code: 'conflict' });
      expect(await find(now)).toBeUndefined();
    });

    test('of nobody, or revoking one that is not registered, is not found', async () => {
      const nobody = parseParticipantName('nobody');
      await expect(register({ participant: nobody })).rejects.toMatchObject({ code: 'not-found' });
      const attempt = store.catalogue.participants.revokeCertificate(fingerprint);
      await expect(attempt).rejects.toMatchObject({ code: 'not-found' });
      expect(await find(now)).toBeUndefined();
      expect(await store.catalogue.participants.listCertificates()).toEqual([]);
    });
  });

  describe('keys', () => {
    const secretSha256 = toSha256('secret');
    const issue = (over: object = {}) =>
      store.catalogue.participants.issueKey({
        participant: parties.program.name,
        id: 'key-one',
        secretSha256,
        label: 'nightly',
        expiresAt: null,
        ...over,
      });
    const find = (at: number, by: Store = store) => by.catalogue.participants.findByKey('key-one', at);

    test('gives its owner and the digest to compare with, for good when it does not expire', async () => {
      await issue();
      expect(await find(now)).toEqual({ participant: parties.program, secretSha256 });
      expect(await find(now + 10_000 * dayMs)).toBeDefined();
      expect(await store.catalogue.participants.findByKey('key-two', now)).toBeUndefined();
    });

    test('expires to the millisecond', async () => {
      await issue({ expiresAt: now + dayMs });
      expect(await find(now + dayMs - 1)).toBeDefined();
      expect(await find(now + dayMs)).toBeUndefined();
    });

    test('a revocation holds from the next request on, in every process, and keeps its first instant', async () => {
      await issue();
      expect(await find(now, elsewhere)).toBeDefined();
      await store.catalogue.participants.revokeKey('key-one');
      expect(await find(now, elsewhere)).toBeUndefined();
      store.clock.advance(1_000);
      await store.catalogue.participants.revokeKey('key-one');
      expect(await store.catalogue.participants.listKeys()).toEqual([
        {
          id: 'key-one',
          participant: 'program',
          label: 'nightly',
          issuedAt: now,
          expiresAt: null,
          revokedAt: now,
        },
      ]);
    });

    test('an id is issued once; of nobody, or revoking none, is not found', async () => {
      await issue();
      await expect(issue({ participant: parties.esp.name })).rejects.toMatchObject({ code: 'conflict' });
      expect(await find(now)).toMatchObject({ participant: parties.program });
      const nobody = parseParticipantName('nobody');
      await expect(issue({ participant: nobody, id: 'x' })).rejects.toMatchObject({ code: 'not-found' });
      const attempt = store.catalogue.participants.revokeKey('key-two');
      await expect(attempt).rejects.toMatchObject({ code: 'not-found' });
    });
  });
});
