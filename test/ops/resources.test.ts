import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { addParties, type Parties, toReadingSet } from '../support/parties.ts';
import { createTestClock, createTestStore, type TestStore } from '../support/store.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { runMdma } from './run-mdma.ts';

const clock = createTestClock();
const cwd = makeTemporaryFolder();
const mdma = (...args: string[]) => runMdma(args, { cwd, clock });
const map = (meter: string, resource: string, from: string, ...more: string[]) =>
  mdma(
    ...['resource', 'map', meter, 'KWH', resource, '--account', 'sc-one'],
    ...['--measurement-type', 'LOAD', '--from', from, ...more],
  );
let store: TestStore;
let parties: Parties;

beforeAll(async () => {
  store = await createTestStore(clock);
  parties = await addParties(store);
  const certificate = { certificateFile: '/c.crt', keyFile: '/c.key' };
  const account = { scId: 'SC1', environment: 'staging', way: 'omar', certificate };
  const atMris = { ...account, way: 'mris', environment: 'map-stage' };
  const accounts = [
    { ...account, name: 'sc-one' },
    { ...account, name: 'sc-two', resources: ['SITE_2*'] },
    { ...atMris, name: 'mris-one' },
    { ...atMris, name: 'mris-two', mappingFile: path.join(cwd, 'mris.yaml') },
    { ...atMris, name: 'mris-three', mappingFile: path.join(cwd, 'nowhere.yaml') },
  ];
  const shipped = readFileSync(
    new URL('../../bridge/mris/messages/default-mapping.yaml', import.meta.url),
    'utf8',
  );
  writeFileSync(
    path.join(cwd, 'mris.yaml'),
    shipped.replace(
      '    LOAD: { resource: RegisteredLoad, unit: MWH',
      '    LOAD: { resource: RegisteredLoad, unit: KVARH',
    ),
  );
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ storage: store.config, iso: { accounts } }));
});

test('map, change, end and list, with who and why on record', async () => {
  expect(await map('M1', 'SITE_1', '2026-01-01')).toMatchObject({
    code: 0,
    stdout: 'Mapped M1 KWH to SITE_1 through sc-one (omar) from 2026-01-01 on: mapping 1.\n',
  });
  expect(await map('M1', 'SITE_3', '2026-06-01')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('it is mapped to SITE_1 from 2026-01-01 on (mapping 1)'),
  });
  expect(await map('M1', 'SITE_3', '2026-02-30')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('ccyy-mm-dd'),
  });
  const change = ['resource', 'change', '1', '--account', 'sc-two', '--reason', 'another SC'];
  expect(await mdma(...change)).toMatchObject({ code: 2, stderr: expect.stringContaining('SITE_2*') });
  const later = [...change, '--resource', 'SITE_2_A', '--from', '2026-06-01'];
  expect(await mdma(...later)).toMatchObject({
    stdout: 'Mapping 2: M1 KWH to SITE_2_A through sc-two (omar).\n',
  });
  expect((await mdma('resource', 'list')).stdout).toMatch(
    /SITE_1 .* sc-one {3}omar {2}2026-01-01 {2}2026-06-01\n.*SITE_2_A .* sc-two {3}omar {2}2026-06-01 {2}-\n/,
  );
  expect((await mdma('resource', 'end', '2', '--on', '2026-09-01', '--reason', 'removed')).code).toBe(0);
  expect((await mdma('resource', 'list', '--account', 'sc-two', '--json')).json()).toMatchObject([
    { id: 2, effectiveTo: '2026-09-01' },
  ]);
  expect(await store.catalogue.resources.listVersions(2)).toMatchObject([
    { kind: 'mapped', by: 'operator tester', reason: 'another SC' },
    { kind: 'ended', by: 'operator tester', reason: 'removed' },
  ]);
  expect(await mdma('resource', 'end', '9', '--on', '2026-09-01', '--reason', 'x')).toMatchObject({
    code: 1,
  });
});

test('what the configuration does not know is refused', async () => {
  const args = ['resource', 'map', 'M2', 'KWH', 'SITE_1', '--from', '2026-01-01'];
  expect(await mdma(...args, '--account', 'sc-nine', '--measurement-type', 'LOAD')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('expected a configured ISO account: sc-one, sc-two'),
  });
  expect(await mdma(...args, '--account', 'sc-one', '--measurement-type', 'LOADS')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('expected one of GEN, LOAD'),
  });
});

test('what the mapping file of an account at MRI-S does not carry is refused, when mapping and when changing', async () => {
  const mapTo = (meter: string, unit: string, account: string, ...more: string[]) =>
    mdma(
      ...['resource', 'map', meter, unit, 'R_1', '--account', account, '--measurement-type', 'LOAD'],
      ...['--from', '2026-01-01', ...more],
    );
  expect(await mapTo('M8', 'KVARH', 'mris-one')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      'ISO unit is "KVARH", expected one of MWH, KWH, which account mris-one (mris) carries as LOAD',
    ),
  });
  expect(await mapTo('M8', 'KWH', 'mris-two')).toMatchObject({ code: 2 });
  expect(await mapTo('M8', 'KWH', 'mris-three')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/one that can be used: Cannot use mapping file .*nowhere\.yaml/),
  });
  const { id } = (await mapTo('M8', 'KVARH', 'mris-two', '--json')).json() as { id: number };
  expect(
    await mdma('resource', 'change', String(id), '--account', 'mris-one', '--reason', 'another way'),
  ).toMatchObject({ code: 2, stderr: expect.stringContaining('ISO unit is "KVARH"') });
});

test('backfill lists, and creates only when told', async () => {
  const { posting } = await parties.post({ sets: [toReadingSet({ meter: 'M7' })] });
  expect((await mdma('resource', 'backfill')).stdout).toBe(
    'Nothing that was posted became mappable later.\n',
  );
  await map('M7', 'SITE_7', '2020-01-01', '--channel', toReadingSet().channel);
  expect((await mdma('resource', 'backfill', '--dry-run', '--json')).json()).toMatchObject([
    { transaction: posting.transaction, account: 'sc-one', meters: 1 },
  ]);
  const list = async () =>
    (await store.catalogue.postings.findPosting(parties.staff, posting.transaction))?.forwardings;
  expect(await list()).toEqual([]);
  expect(await mdma('resource', 'backfill', '--create')).toMatchObject({ code: 2 });
  expect(await mdma('resource', 'backfill', '--create', '--dry-run', '--reason', 'x')).toMatchObject({
    code: 2,
  });
  expect((await mdma('resource', 'backfill', '--create', '--reason', 'mapped late')).stdout).toMatch(
    /^Created 1 forwardings: \d+\.\n$/,
  );
  expect(await list()).toMatchObject([{ account: 'sc-one', state: 'due' }]);
  await store.expectSound();
});
