import { createHash } from 'node:crypto';
import https from 'node:https';
import { expect, test, vi } from 'vitest';
import { toCmepFile } from '../bench/cmep-data.ts';
import { getTestCertificates } from '../support/certificates.ts';
import { atEnd } from '../support/cleanup.ts';
import { readBytes } from '../support/https.ts';
import { createServerWorld } from '../support/server-world.ts';

const each = 30;
const toBody = (number: number) => toCmepFile(6_000, number * 1_000);
const toSha256 = (body: Buffer) => createHash('sha256').update(body).digest('hex');

test('two servers on one store post to one mailbox at once: nothing lost, names in the order of posting', async () => {
  const world = await createServerWorld();
  const servers = await Promise.all([world.start(), world.start()]);
  const bodies = Array.from({ length: each * 2 }, (_, number) => toBody(number + 1));
  const answers = await Promise.all(bodies.map((body, number) => servers[number % 2]?.post(body)));
  expect(answers.map((answer) => answer?.status)).toEqual(bodies.map(() => 201));

  const posted = answers.map((answer) => answer?.json());
  const names = posted
    .toSorted((one, other) => one.transaction - other.transaction)
    .map(({ files }) => files[0].name as string);
  expect(new Set(names).size).toBe(bodies.length);
  expect(names).toEqual(names.toSorted());
  expect(posted.map(({ sha256 }) => sha256)).toEqual(bodies.map(toSha256));
  for (const server of servers) expect((await server.list()).map(({ name }) => name)).toEqual(names);
  for (const [number, { files }] of posted.entries()) {
    const { body } = (await servers[(number + 1) % 2]?.call('esp-one', 'GET', files[0].href)) ?? {};
    expect(bodies[number]?.equals(body ?? Buffer.alloc(0))).toBe(true);
  }
  for (const server of servers) expect((await server.kill('SIGTERM')).code).toBe(0);
  expect(await world.expectSound()).toBe(0);
});

test('one Idempotency-Key at both servers at once posts once', async () => {
  const world = await createServerWorld();
  const servers = await Promise.all([world.start(), world.start()]);
  for (let number = 1; number <= 10; number += 1) {
    const answers = await Promise.all(
      [...servers, ...servers].map((server) => server.post(toBody(number), `key-${number}`)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    expect(new Set(answers.map((answer) => answer.json().transaction)).size).toBe(1);
  }
  expect(await servers[0]?.list()).toHaveLength(10);
  expect(await world.expectSound()).toBe(0);
});

test('a certificate that the command line revokes opens nothing from the next request on, at neither', async () => {
  const world = await createServerWorld();
  const servers = await Promise.all([world.start(), world.start()]);
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
  atEnd(() => agent.destroy());
  const ask = () =>
    Promise.all(servers.map((server) => server.call('esp-one', 'GET', '/mailboxes/', { agent })));
  expect((await ask()).map(({ status }) => status)).toEqual([200, 200]);
  const { 'esp-one': certificate } = await getTestCertificates();
  await world.runCommand('certificate', 'revoke', certificate.fingerprint);
  expect((await ask()).map(({ status }) => status)).toEqual([401, 401]);
  expect(await world.expectSound()).toBe(0);
});

test('a server that starts or dies leaves the transfers of the other alone', async () => {
  const world = await createServerWorld();
  const body = toCmepFile(12_000_000, 1);
  const [file] = (await world.keep(body)).files;
  const href = `/mailboxes/esp-one/${file?.name}`;
  const first = await world.start();
  const socket = await first.begin(href);
  const begun = await readBytes(socket, 100_000);
  // This one lived a minute ago: what it leaves open is swept by the next that starts.
  const struck = await world.startStruck('before read 2');
  const cut = await struck.begin(href);
  await struck.exited;
  cut.destroy();
  await world.start();
  expect((await world.listRetrievals()).map(({ state }) => state)).toEqual(['interrupted', 'open']);
  const headEnds = begun.indexOf('\r\n\r\n') + 4;
  const rest = await readBytes(socket, headEnds + body.length - begun.length);
  expect(Buffer.concat([begun.subarray(headEnds), rest]).equals(body)).toBe(true);
  socket.end();
  const expectEnded = async () =>
    expect((await world.listRetrievals()).map(({ state }) => state)).toEqual(['interrupted', 'sent']);
  await vi.waitFor(expectEnded, 10_000);
  expect(await world.expectSound()).toBe(0);
});
