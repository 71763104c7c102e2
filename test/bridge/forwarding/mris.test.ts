import { describe, expect, test } from 'vitest';
import { createMrisWay } from '../../../bridge/forwarding/mris/create-mris-way.ts';
import type { MrisFaultInput } from '../../../bridge/simulator/mris/faults.ts';
import { toCmepFile } from '../../bench/cmep-data.ts';
import { type BridgeWorld, createMrisWorld, mrisAccount, toOmarCsvFile } from '../../support/bridge-world.ts';
import { bringToEnd } from '../../support/bring-to-end.ts';
import { getTestCertificates } from '../../support/certificates.ts';
import { toCorrectedFile } from '../../support/corrected-file.ts';
import { makeClient, mapping, toDocument, toPem, toRows } from '../mris/mris-setup.ts';
import { settings } from './step-setup.ts';

const meter = 'MTR000000001';
/** One meter of one day: one part. */
const file = () => toCmepFile(3_000, 1);
/** The day of `file` ends then. */
const dayEndAt = Date.UTC(2025, 10, 20, 8);

async function setUp(faults: readonly MrisFaultInput[] = []) {
  const world = await createMrisWorld(faults);
  await world.map([meter]);
  return world;
}

async function getOnly({ listForwardings }: BridgeWorld) {
  const [only, ...others] = await listForwardings();
  if (only === undefined || others.length > 0)
    throw new Error(`${others.length + 1} forwardings, expected one`);
  return only;
}

describe('prepare', () => {
  test('the same posting gives the same batches; a correction goes as the complete day', async () => {
    const documents: string[][] = [];
    for (let run = 1; run <= 2; run += 1) {
      const world = await setUp();
      await world.runBridge();
      const { transaction } = await world.post(file());
      await bringToEnd(world);
      await world.post(toCorrectedFile(), { corrects: transaction });
      await bringToEnd(world);
      expect(world.mris.holdings().map(({ records }) => records)).toEqual([96, 96]);
      documents.push(world.mris.holdings().map(({ sha256 }) => sha256));
      await world.expectOnceEach();
    }
    expect(documents[1]).toEqual(documents[0]);
    expect(new Set(documents[0]).size).toBe(2);
  });

  test('a file in CSV does not go to MRI-S: refused when it is posted, and one taken before is for a person', async () => {
    const world = await setUp();
    await expect(world.post(toOmarCsvFile(1), { passThrough: true })).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringMatching(/is at MRI-S, which takes no omar-csv; post the readings/),
    });
    expect(await world.listForwardings()).toEqual([]);
    const client = await makeClient(world.mris.url);
    const deps = { client, format: mapping.meterData, scId: 'SC1', validationMs: 0, clockMarginMs: 0 };
    const way = createMrisWay({ ...deps, environment: 'simulator' });
    const file = { format: 'omar-csv', profile: 'gmt', bytes: 1 } as const;
    expect(way.findPassThroughFault({ settings }, file)).toMatch(
      /^MRI-S takes no file in omar-csv as it is: post the readings/,
    );
    await world.expectOnceEach();
  });

  test('a day that no batch can hold, and what the tables do not have, are for a person', async () => {
    const world = await createMrisWorld();
    await world.map([meter, { meter: 'MTR000000002', measurementType: 'INTERTIE' }]);
    await world.post(file());
    const end = await world.runBridge({ mris: { maxPartBytes: 1_000 } });
    await world.waitUntilAll(({ state }) => state === 'person');
    expect((await getOnly(world)).reason).toMatch(
      /^resource R_MTR000000001 on 2025-11-19: \d+ bytes of one day, the ISO takes 1000$/,
    );
    await end();
    await world.post(toCmepFile(3_000, 2));
    await world.runBridge();
    await world.waitUntilAll(({ state }) => state === 'person');
    const [latest] = await world.listForwardings();
    expect(latest?.reason).toMatch(
      /^meter MTR000000002, unit KWH, line 1: Cannot write .* intervalMinutes is "15"/,
    );
  });
});

describe('follow', () => {
  test('a rejection is explained by resource, interval and the meter that was posted', async () => {
    const world = await setUp([{ fault: 'validation-error', kind: 'submit', times: 1, code: 12 }]);
    await world.post(file());
    await world.runBridge();
    await bringToEnd(world);
    const { id, state, reason } = await getOnly(world);
    expect({ state, reason }).toEqual({
      state: 'rejected',
      reason:
        'part 1: ERROR: Batch rejected: one or more records failed validation. (1); Interval is in the future (1)',
    });
    const errors = await world.store.catalogue.forwardings.listErrors(id);
    expect(errors.at(-1)).toMatchObject({
      words: 'Interval is in the future',
      resourceId: `R_${meter}`,
      meter,
      unit: 'KWH',
      intervalEndAt: dayEndAt - 95 * 900_000,
      line: 1,
    });
  });
});

describe('reconcile', () => {
  const cutBefore: MrisFaultInput = { fault: 'cut-before-accept', kind: 'submit', times: 1 };
  const cutAfter: MrisFaultInput = { fault: 'cut-after-accept', kind: 'submit', times: 1 };

  test('what the ISO says it holds for another SC id is for a person, not accepted', async () => {
    const world = await createMrisWorld([cutAfter], { scIds: ['OTHER'] });
    await world.map([meter]);
    await world.post(file());
    await world.runBridge();
    await world.waitUntilAll(({ state }) => state === 'person');
    expect((await getOnly(world)).reason).toBe(
      `part 1: the ISO holds intervals of R_${meter} for SC id OTHER, not for SC1`,
    );
    await world.expectOnceEach();
  });

  test('what it says it holds for the account’s own is accepted', async () => {
    const world = await createMrisWorld([cutAfter], { scIds: ['SC1'] });
    await world.map([meter]);
    await world.post(file());
    await world.runBridge();
    await bringToEnd(world);
    expect(await getOnly(world)).toMatchObject({ state: 'accepted' });
  });

  test('found by a retrieve: accepted, with words that say how it is known', async () => {
    const world = await setUp([cutAfter]);
    await world.post(file());
    await world.runBridge();
    await bringToEnd(world);
    expect(await getOnly(world)).toMatchObject({
      state: 'accepted',
      parts: [
        {
          submissions: [
            {
              words: 'found by a retrieve: the ISO holds all 96 intervals as they were sent',
              isoFileId: null,
            },
          ],
        },
      ],
    });
    await world.expectOnceEach();
  });

  test('nothing there: absent after two looks, and sent again', async () => {
    const world = await setUp([cutBefore]);
    await world.post(file());
    await world.runBridge();
    await bringToEnd(world);
    const { state, parts } = await getOnly(world);
    expect(state).toBe('accepted');
    expect(parts[0]?.submissions).toMatchObject([
      { attempt: 1, state: 'absent', words: expect.stringMatching(/two retrieves show nothing/) },
      { attempt: 2, state: 'accepted' },
    ]);
    await world.expectOnceEach();
  });

  test('a batch that is an hour in validation is not sent again while it may be', async () => {
    const world = await setUp([cutAfter, { fault: 'hour-long-validation', kind: 'submit', times: 1 }]);
    await world.post(file());
    await world.runBridge({ mris: { validationSeconds: 7_200, followDelaysSeconds: [0.05] } });
    await world.waitUntilAll(({ reason }) => reason.includes('it may be in validation'));
    expect((await getOnly(world)).state).toBe('unknown');
    await world.expectOnceEach();
  });

  test.each([
    ['with another value', 15],
    ['in another length', 60],
  ])('a part of it is there, %s: a person must tell', async (_, intervalMinutes) => {
    const world = await setUp([cutBefore]);
    const { authority, program } = await getTestCertificates();
    const client = await makeClient(world.mris.url, {
      certificate: toPem(program),
      authority: Buffer.from(authority.certificatePem),
    });
    await world.post(file());
    await world.runBridge({ reconcileMarginSeconds: 2 });
    await world.waitUntilAll(({ state }) => state === 'unknown');
    const row = { resourceId: `R_${meter}`, measurementType: 'LOAD', endAt: dayEndAt, value: '7.000' };
    const document = toDocument(toRows(1, { ...row, intervalMinutes }));
    expect(await client.submitMeterData(document, Date.now() + 5_000)).toMatchObject({ kind: 'received' });
    await world.waitUntilAll(({ state }) => state === 'person');
    expect((await getOnly(world)).reason).toBe(
      'part 1: of 96 intervals the ISO holds 0 as they were sent and 1 otherwise',
    );
    expect(world.mris.holdings()).toHaveLength(1);
  });

  test('what an earlier posting brought is not taken for it: sent again, or a person where times cannot tell', async () => {
    for (const clockMarginSeconds of [0, 60]) {
      const world = await setUp([{ ...cutBefore, after: 1 }]);
      await world.runBridge({ mris: { validationSeconds: 0.3, clockMarginSeconds } });
      await world.post(file());
      await bringToEnd(world);
      await world.post(file());
      await bringToEnd(world);
      const [latest] = await world.listForwardings();
      if (clockMarginSeconds === 0) {
        expect(latest?.state).toBe('accepted');
        expect(world.mris.holdings()).toHaveLength(2);
      } else {
        expect(latest?.state).toBe('person');
        expect(latest?.reason).toMatch(
          /another part that was sent has intervals of R_MTR000000001 in common/,
        );
        expect(world.mris.holdings()).toHaveLength(1);
      }
    }
  });
});

test('a change of way is a change of the mapping and of nothing else (MRI-4)', async () => {
  const world = await createMrisWorld();
  const { resources } = world.store.catalogue;
  await world.map([{ meter, account: 'sc-one', way: 'omar' }]);
  await world.runBridge();
  await world.post(file());
  await bringToEnd(world);
  const [mapping] = await resources.listResources();
  const act = { by: 'staff', reason: 'MRI-S from now on' };
  await resources.changeResource(mapping?.id ?? 0, { account: mrisAccount, way: 'mris' }, undefined, act);
  await world.post(file());
  await bringToEnd(world);
  const ends = (await world.listForwardings()).map(({ way, account, state }) => ({ way, account, state }));
  expect(ends).toEqual([
    { way: 'mris', account: mrisAccount, state: 'accepted' },
    { way: 'omar', account: 'sc-one', state: 'accepted' },
  ]);
  expect(world.simulator.holdings()).toHaveLength(1);
  expect(world.mris.holdings()).toHaveLength(1);
  await world.expectOnceEach();
});
