import { once } from 'node:events';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { toCmepFile } from '../bench/cmep-data.ts';
import { readBytes, readToEnd } from '../support/https.ts';
import { createServerWorld } from '../support/server-world.ts';

/** More than the buffers between the server and a client that does not read. */
const body = toCmepFile(12_000_000, 1);

/** A server with one client that began to retrieve the file and one whose connection is idle. */
async function startBusy(stopTimeoutMs: number) {
  const world = await createServerWorld({ stopTimeoutMs });
  const [file] = (await world.keep(body)).files;
  const server = await world.start();
  const socket = await server.begin(`/mailboxes/esp-one/${file?.name}`);
  const begun = await readBytes(socket, 100_000);
  const idle = await server.begin('/mailboxes/');
  await readBytes(idle, 100);
  const idleClosed = once(idle.resume(), 'close');
  const stopped = server.kill('SIGTERM');
  await idleClosed;
  return { world, server, socket, begun, stopped };
}

test('a server that is stopped ends its downloads whole, takes no more connections, and says so', async () => {
  const { world, server, socket, begun, stopped } = await startBusy(20_000);
  await expect(server.call('esp-one', 'GET', '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  const headEnds = begun.indexOf('\r\n\r\n') + 4;
  const rest = await readBytes(socket, headEnds + body.length - begun.length);
  expect(Buffer.concat([begun.subarray(headEnds), rest]).equals(body)).toBe(true);
  expect(await stopped).toEqual({ code: 0, signal: null });
  expect(await world.listRetrievals()).toMatchObject([{ state: 'sent', bytesSent: body.length }]);
  expect(await world.expectSound()).toBe(0);
  socket.destroy();
});

test('a reader that stalls is cut after the time to stop, and on record as interrupted', async () => {
  const { world, socket, begun, stopped } = await startBusy(300);
  expect(await stopped).toEqual({ code: 0, signal: null });
  expect(begun.length + (await readToEnd(socket)).length).toBeLessThan(body.length);
  const [retrieval] = await world.listRetrievals();
  expect(retrieval?.state).toBe('interrupted');
  expect(retrieval?.bytesSent).toBeLessThan(body.length);
  expect(await world.expectSound()).toBe(0);
  socket.destroy();
});

test('a posting that is under way when the server is stopped is answered', async () => {
  const world = await createServerWorld();
  const server = await world.start();
  const goOn = Promise.withResolvers<void>();
  const half = Math.floor(body.length / 2);
  async function* send() {
    yield body.subarray(0, half);
    await goOn.promise;
    yield body.subarray(half);
  }
  const answer = server.post(Readable.from(send()));
  await world.waitForPartial();
  const stopped = server.kill('SIGTERM');
  await server.waitForRecord(({ signal }) => signal === 'SIGTERM');
  goOn.resolve();
  expect((await answer).status).toBe(201);
  expect(await stopped).toEqual({ code: 0, signal: null });
  expect(await world.expectSound()).toBe(0);
});
