import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import type { OmarFaultInput } from '../../bridge/simulator/omar/faults.ts';
import { check } from '../../storage/check.ts';
import { systemClock } from '../../storage/ports/clock.ts';
import { toCmepFile } from '../bench/cmep-data.ts';
import { createBridgeWorld, toOmarCsvFile } from '../support/bridge-world.ts';
import { bringToEnd } from '../support/bring-to-end.ts';
import { emptyJournal, Filler } from '../support/filler.ts';
import { serveWorld } from '../support/serve-world.ts';
import { mountSmallDisk } from '../support/small-disk.ts';

test('a file with a name that the ISO does not take is sent by one of ours, and keeps its own on record', {
  timeout: 60_000,
}, async () => {
  const contrary = 'november.dat';
  const names = [
    `${'meter-data-of-november-'.repeat(4)}.csv`,
    `${'n'.repeat(37)}.csv`,
    'november.txt',
    contrary,
    'november',
    'Zähler November 2025.csv',
    '../../november.csv',
  ];
  const world = await createBridgeWorld();
  const ask = await serveWorld(world);
  const read = async (href: string) => JSON.parse((await ask('GET', href)).body.toString());
  for (const [index, name] of names.entries()) {
    const query = new URLSearchParams({ account: world.accounts[0] ?? '', name });
    const body = Buffer.from(toOmarCsvFile(index + 1));
    const post = async () => (await ask('POST', `/postings?${query}`, { body })).status;
    if (name === contrary) {
      // An extension that contradicts the content needs a word that the content is right.
      expect(await post()).toBe(415);
      query.set('format', 'omar-csv');
    }
    expect(await post(), name).toBe(201);
  }
  await world.runBridge();
  await world.waitUntilAll(({ state }) => state === 'accepted');

  const sent: string[] = [];
  for (const { id, transaction } of (await world.listForwardings()).toReversed()) {
    expect((await read(`/postings/${transaction}`)).originalName).toBe(names[sent.length]);
    const { parts } = await read(`/submissions/${id}`);
    const { isoName } = parts[0].submissions[0];
    expect(isoName).toMatch(new RegExp(`^${transaction.toString(36)}-1-1-[0-9a-z]{3}\\.csv$`));
    sent.push(isoName);
  }
  expect(world.simulator.holdings().map(({ name }) => name)).toEqual(sent);
  await world.expectOnceEach();
});

const mebibyte = 2 ** 20;

/** Where the bridge is when the disk becomes full, whether a part is then on record, and whether it is at the ISO. */
const moments = [
  { at: 'after claimForwarding', parts: 0, held: 0 },
  { at: 'before recordParts', parts: 0, held: 0 },
  { at: 'before recordIntent', parts: 3, held: 0 },
  { at: 'before keepPage', parts: 3, held: 1 },
  { at: 'before recordOutcome', parts: 3, held: 1 },
] as const;

test.for(moments)(
  'on a disk that becomes full $at nothing is half recorded, and with room again all goes on',
  { timeout: 60_000 },
  async ({ at, parts, held }, { skip }) => {
    const folder = mountSmallDisk(16 * mebibyte);
    if (folder === undefined) return skip();
    const page: OmarFaultInput = { fault: 'unknown-page', kind: 'upload', times: 1 };
    const world = await createBridgeWorld(at === 'before keepPage' ? [page] : [], { folder });
    const filler = new Filler(folder);
    await world.map(['MTR000000001', 'MTR000000002', 'MTR000000003']);
    await world.post(toCmepFile(7_000, 1));
    const bridge = world.startBridge({
      settings: { maxPartBytes: 8_000 },
      strike: { at, nth: 1, signal: 'SIGSTOP' },
    });
    await bridge.waitForRecord(({ name }) => name === at);
    emptyJournal(world.storage.databaseFile);
    filler.fill(0);
    const toErrors = () => bridge.stdout.filter((line) => line.includes('"level":"error"'));
    // Twice, so that it was tried again. It may stop itself only after it was told to go on: so it is told more than once.
    await vi.waitFor(
      () => {
        bridge.child.kill('SIGCONT');
        expect(toErrors().length).toBeGreaterThan(1);
      },
      { timeout: 30_000, interval: 50 },
    );
    expect(toErrors()[0]).toMatch(/no room|full/i);

    const [forwarding] = await world.listForwardings();
    expect(forwarding?.parts).toHaveLength(parts);
    expect(forwarding?.state).toBe(held === 1 ? 'submitting' : parts === 0 ? 'due' : 'prepared');
    expect(world.simulator.holdings()).toHaveLength(held);
    expect(await check({ ...world.store, clock: systemClock }, { graceMs: 0, isQuick: false })).toEqual([]);
    const files = readdirSync(world.storage.filesFolder, { recursive: true, withFileTypes: true });
    expect(files.filter((entry) => entry.isFile()).map(({ name }) => path.extname(name))).toHaveLength(
      1 + parts,
    );

    filler.remove();
    await bringToEnd(world);
    expect((await world.listForwardings()).map(({ state }) => state)).toContain('accepted');
    await world.expectOnceEach();
    await bridge.kill('SIGTERM');
    await world.close();
  },
);
