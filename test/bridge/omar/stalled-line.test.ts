import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { atEnd } from '../../support/cleanup.ts';
import { laterAt, makeClient, startSimulator } from './omar-setup.ts';

/** More than hand-shake and session take, less than the file. */
const heldAfterBytes = 50_000;

/** A line to `port` that stalls in the middle of the file, until it is told to go on. */
async function startStallingLine(port: number) {
  let relayed = 0;
  let stalled: [Socket, Socket] | undefined;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    near.on('error', () => far.destroy()).on('close', () => far.resume());
    far.on('error', () => near.destroy());
    near.on('data', (chunk) => {
      relayed += chunk.length;
      if (relayed < heldAfterBytes || stalled !== undefined) return;
      near.unpipe(far).pause();
      stalled = [near, far];
    });
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => server.close());
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** @returns how many bytes came through in all, once the connection is gone on both sides */
    async goOn(): Promise<number> {
      if (stalled === undefined) throw new Error('the line has not stalled');
      const [near, far] = stalled;
      const gone = once(far, 'close');
      near.pipe(far);
      await gone;
      return relayed;
    },
  };
}

test('what still waits in the kernel at the deadline of an upload is never sent', async () => {
  const simulator = await startSimulator();
  const line = await startStallingLine(Number(new URL(simulator.url).port));
  const client = await makeClient(line.url, { uploadTimeoutMs: 1_000 });
  const bytes = Buffer.alloc(499_999, '1');
  expect(await client.upload('a.csv', bytes, laterAt)).toMatchObject({ kind: 'unknown' });
  expect(await line.goOn()).toBeLessThan(bytes.length);
  expect(simulator.holdings()).toEqual([]);
});
