import { createHash } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { toCmepFile } from '../bench/cmep-data.ts';
import { createServerWorld } from '../support/server-world.ts';
import type { WorldServer } from '../support/world-server.ts';

/** Enough records that they are handed to the catalogue on the way, and bytes that are written more than once. */
const small = toCmepFile(4_000, 1);
const large = toCmepFile(3_400_000, 1);
const earlier = toCmepFile(4_000, 9_000_000);
const key = '0f3a99c0-1b2d-4e5f-8a76-54321fedcba9';

/** Every point that a posting of these bytes comes by when nothing happens, in their order. */
async function listPoints(body: Buffer): Promise<string[]> {
  const server = await (await createServerWorld()).startStruck(undefined);
  expect((await server.post(body, key)).status).toBe(201);
  await server.kill('SIGTERM');
  return server.stdout.flatMap((line) => (JSON.parse(line) as { name?: string }).name ?? []);
}

const smallPoints = await listPoints(small);
const largePoints = await listPoints(large);
const spilled = largePoints.filter((name) =>
  /openSource|addReadingSets|commitPosting| writev [12]$/.test(name),
);
const runs = [
  ...smallPoints.map((at) => ({ at, size: 'small', body: small, points: smallPoints })),
  ...spilled.map((at) => ({ at, size: 'large', body: large, points: largePoints })),
];
const killed: string[] = [];
let swept = 0;

afterAll(() => {
  const places = killed.join(', ');
  console.info(
    `a server was killed in ${killed.length} postings: ${places}; ${swept} left-over files were swept`,
  );
});

test('the points are those of a whole posting', () => {
  const toOrder = (points: string[], names: RegExp) => points.filter((name) => names.test(name));
  expect(toOrder(smallPoints, /^before (writev|link|commit|end)/)).toEqual([
    'before writev 1',
    'before link 1',
    'before commitPosting 1',
    'before end 1',
  ]);
  expect(spilled).toContain('before openSource 1');
  expect(spilled).toContain('after addReadingSets 2');
});

async function expectHeld(server: WorldServer, bodies: readonly Buffer[]): Promise<void> {
  const files = await server.list();
  expect(files.map(({ sha256 }) => sha256)).toEqual(
    bodies.map((body) => createHash('sha256').update(body).digest('hex')),
  );
  for (const [index, { href }] of files.entries()) {
    const { status, body } = await server.call('esp-one', 'GET', href);
    expect([status, bodies[index]?.equals(body)]).toEqual([200, true]);
  }
  const { postings } = (await server.call('staff', 'GET', '/postings')).json();
  expect(postings).toHaveLength(bodies.length);
}

test.concurrent.for(runs)(
  'killed $at of a $size posting: it is there whole or nowhere, and a retry makes no second',
  { timeout: 60_000 },
  async ({ at, size, body, points }, { expect }) => {
    const world = await createServerWorld();
    await world.keep(earlier);
    const struck = await world.startStruck(at);
    // Undefined when the connection broke: the poster was told nothing.
    const answer = await struck.post(body, key).catch(() => undefined);
    await struck.waitForRecord(({ name }) => name === at);
    expect(await struck.exited).toEqual({ code: null, signal: 'SIGKILL' });
    killed.push(`${at} (${size})`);
    const isAfter = (name: string) => points.indexOf(at) >= points.indexOf(name);
    const isThere = isAfter('after commitPosting 1');
    expect(answer?.status).toBe(isAfter('after end 1') ? 201 : undefined);

    const server = await world.start();
    await expectHeld(server, isThere ? [earlier, body] : [earlier]);
    swept += await world.expectSound();

    const retried = await server.post(body, key);
    expect(retried.status).toBe(isThere ? 200 : 201);
    if (answer !== undefined) expect(retried.json()).toMatchObject(pick(answer.json()));
    const again = await server.post(body, key);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, 'true']);
    expect(again.json()).toMatchObject(pick(retried.json()));
    await expectHeld(server, [earlier, body]);
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await world.expectSound()).toBe(0);
  },
);

/** What of a posting is the poster's to keep. */
function pick({ transaction, files, sha256 }: { transaction: number; files: unknown; sha256: string }) {
  return { transaction, files, sha256 };
}
