import { createHash } from 'node:crypto';
import { afterAll, expect, test, vi } from 'vitest';
import { toCmepFile } from '../bench/cmep-data.ts';
import { readBytes } from '../support/https.ts';
import { createServerWorld } from '../support/server-world.ts';
import type { WorldServer } from '../support/world-server.ts';

/** A file that goes out in one piece, and one that is read and sent in many. */
const bodies = { small: toCmepFile(100_000, 1), large: toCmepFile(3_000_000, 1) };

const ends = ['end 1', 'endRetrieval 1'].flatMap((act) => [`before ${act}`, `after ${act}`]);
const openings = ['before openRetrieval 1', 'after openRetrieval 1'];
const reads = ['before read 1', 'after read 1', 'before read 2', 'before read 3'];
const runs = [
  ...[...openings, ...ends].map((at) => ({ at, size: 'small' as const })),
  ...[...openings, ...reads, ...ends].map((at) => ({ at, size: 'large' as const })),
];
const killed: string[] = [];

afterAll(() => {
  console.info(`a server was killed in ${killed.length} retrievals: ${killed.join(', ')}`);
});

/** What of the file arrives before the connection ends or breaks. */
async function retrieve(server: WorldServer, href: string): Promise<Buffer> {
  const socket = await server.begin(href, 'Connection: close\r\n');
  const answer = await readBytes(socket, Number.MAX_SAFE_INTEGER);
  socket.destroy();
  const headEnds = answer.indexOf('\r\n\r\n');
  return headEnds < 0 ? Buffer.alloc(0) : answer.subarray(headEnds + 4);
}

/** Goes on where the first attempt broke off; gives the whole file. */
async function resume(server: WorldServer, href: string, received: Buffer, whole: Buffer): Promise<Buffer> {
  const isPart = received.length > 0 && received.length < whole.length;
  const headers = { range: `bytes=${received.length}-` };
  const answer = await server.call('esp-one', 'GET', href, isPart ? { headers } : {});
  expect(answer.status).toBe(isPart ? 206 : 200);
  return isPart ? Buffer.concat([received, answer.body]) : answer.body;
}

test.concurrent.for(runs)(
  'killed $at of a $size retrieval: the record says no more than is known',
  { timeout: 60_000 },
  async ({ at, size }, { expect }) => {
    const world = await createServerWorld();
    const body = bodies[size];
    const [file] = (await world.keep(body)).files;
    const href = `/mailboxes/esp-one/${file?.name}`;
    const struck = await world.startStruck(at);
    const received = await retrieve(struck, href);
    await struck.waitForRecord(({ name }) => name === at);
    expect(await struck.exited).toEqual({ code: null, signal: 'SIGKILL' });
    killed.push(`${at} (${size})`);

    expect(body.subarray(0, received.length).equals(received)).toBe(true);
    const isReadTwice = size === 'large' && /^before read [23]$/.test(at);
    if (isReadTwice) expect(received.length).toBeGreaterThan(0);
    if (isReadTwice || openings.includes(at)) expect(received.length).toBeLessThan(body.length);
    const isEnded = at === 'after endRetrieval 1';
    if (isEnded) expect(received.length).toBe(body.length);

    const server = await world.start();
    const records = await world.listRetrievals();
    const isOpened = at !== 'before openRetrieval 1';
    expect(records.map(({ state }) => state)).toEqual(isOpened ? [isEnded ? 'sent' : 'interrupted'] : []);
    const [listed] = (await server.call('esp-one', 'GET', '/mailboxes/esp-one/')).json().files;
    expect([listed.firstRetrievedAt === null, listed.acknowledgedAt]).toEqual([!isEnded, null]);

    expect((await resume(server, href, received, body)).equals(body)).toBe(true);
    await vi.waitFor(async () => expect((await world.listRetrievals())[0]?.state).toBe('sent'), 10_000);
    const receipt = { sha256: createHash('sha256').update(body).digest('hex') };
    const acknowledged = await server.call('esp-one', 'PUT', `${href}/receipt`, {
      body: JSON.stringify(receipt),
      headers: { 'content-type': 'application/json' },
    });
    expect(acknowledged.status).toBe(200);
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await world.expectSound()).toBe(0);
  },
);
