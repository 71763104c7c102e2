import https from 'node:https';
import { beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer, toSample } from '../server/test-server.ts';
import { atEnd } from '../support/cleanup.ts';
import type { Answer } from '../support/https.ts';

let server: TestServer;
let foreign: string;

beforeAll(async () => {
  server = await startTestServer();
  const posted = await server.post(toSample(1), 'mailbox=esp-two');
  foreign = posted.files[0].name;
});

/** What is equal only after masking: the date and the request's id (ruling 18). */
function mask({ status, headers, body }: Answer): object {
  const text = body.toString('utf8').replaceAll(/[0-9a-f]{12}-[0-9a-z]+/g, 'REQUEST');
  return { status, headers: { ...headers, date: 'DATE' }, length: body.length, text };
}

describe('another participant’s mailbox answers exactly as one that does not exist', () => {
  const absent = '202001010000.dat';
  test.each([
    ['GET', (mailbox: string) => `/mailboxes/${mailbox}/`],
    ['HEAD', (mailbox: string) => `/mailboxes/${mailbox}/`],
    ['GET', (mailbox: string) => `/mailboxes/${mailbox}/?limit=1`],
    ['GET', (mailbox: string) => `/mailboxes/${mailbox}/${mailbox === 'esp-two' ? foreign : absent}`],
    ['HEAD', (mailbox: string) => `/mailboxes/${mailbox}/${mailbox === 'esp-two' ? foreign : absent}`],
    ['GET', (mailbox: string) => `/mailboxes/${mailbox}/retrievals`],
    ['PUT', (mailbox: string) => `/mailboxes/${mailbox}/${mailbox === 'esp-two' ? foreign : absent}/receipt`],
    ['DELETE', (mailbox: string) => `/mailboxes/${mailbox}/`],
    ['GET', (mailbox: string) => `/mailboxes/${mailbox}`],
  ])('%s %s', async (method, toPath) => {
    for (const accept of ['application/json', 'text/html', '*/*']) {
      const options = {
        headers: { accept, 'content-type': 'application/json' },
        ...(method === 'PUT' && { body: JSON.stringify({ sha256: 'f'.repeat(64) }) }),
      };
      const theirs = mask(await server.call('esp-one', method, toPath('esp-two'), options));
      const nobodys = mask(await server.call('esp-one', method, toPath('esp-xyz'), options));
      const same = JSON.stringify(nobodys).replaceAll('esp-xyz', 'esp-two').replaceAll(absent, foreign);
      expect(JSON.stringify(theirs)).toBe(same);
    }
  });

  test('and a file that is not there as one of a mailbox that is not', async () => {
    const own = mask(await server.call('esp-one', 'GET', `/mailboxes/esp-one/${absent}`));
    expect(own).toEqual(mask(await server.call('esp-one', 'GET', `/mailboxes/esp-xyz/${absent}`)));
  });

  test('posting tells staff what is not there, and a participant nothing', async () => {
    const post = (who: 'staff' | 'esp-one', mailbox: string) =>
      server.callJson(who, 'POST', `/postings?mailbox=${mailbox}`, { body: toSample(2) });
    expect((await post('staff', 'esp-xyz')).json.faults[0].value).toBe('esp-xyz');
    const refused = [await post('esp-one', 'esp-two'), await post('esp-one', 'esp-xyz')];
    expect(refused.map(({ status }) => status)).toEqual([403, 403]);
    expect(mask(refused[0] as Answer)).toEqual(mask(refused[1] as Answer));
  });
});

/** Requests of each kind in a round, and how often a round may be disturbed by what else the machine does. */
const requests = 1_000;
const rounds = 3;

test.each([
  ['a file', 'GET', () => [`/mailboxes/esp-two/${foreign}`, '/mailboxes/esp-xyz/202001010000.dat']],
  ['a directory', 'GET', () => ['/mailboxes/esp-two/', '/mailboxes/esp-xyz/']],
  [
    'a receipt',
    'PUT',
    () => [`/mailboxes/esp-two/${foreign}/receipt`, '/mailboxes/esp-xyz/202001010000.dat/receipt'],
  ],
])(
  '%s in the same time: medians of interleaved requests within 10 %',
  { timeout: 120_000 },
  async (_what, method, toPaths) => {
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
    atEnd(() => agent.destroy());
    const options = {
      agent,
      ...(method === 'PUT' && {
        body: JSON.stringify({ sha256: 'f'.repeat(64) }),
        headers: { 'content-type': 'application/json' },
      }),
    };
    const measure = async (path: string) => {
      const startedNs = process.hrtime.bigint();
      const { status } = await server.call('esp-one', method, path, options);
      const took = Number(process.hrtime.bigint() - startedNs);
      expect(status).toBe(404);
      return took;
    };
    const paths = toPaths();
    const ratios: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const times: [number[], number[]] = [[], []];
      for (let at = 0; at < requests; at++) {
        for (const which of at % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
          times[which].push(await measure(paths[which] ?? ''));
        }
      }
      const [theirs = 0, nobodys = 1] = times.map((each) => each.sort((a, b) => a - b)[requests / 2]);
      ratios.push(theirs / nobodys);
      if (Math.abs(theirs / nobodys - 1) <= 0.1) return;
    }
    expect(ratios.map((ratio) => ratio.toFixed(3))).toEqual('one of them between 0.9 and 1.1');
  },
);
