import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { atEnd } from '../../support/cleanup.ts';
import { laterAt, makeClient, startServer, startSimulator, toCsv } from './omar-setup.ts';

const success = (name: string) =>
  `<table><td>${name} Meter file uploaded and Saved As 1_${name}<td>File Size : 3<td>File Id: 1</table></html>`;

/** A site that gives a session and does `onUpload` with every file. */
async function startSite(onUpload: (response: ServerResponse, body: string) => void): Promise<{
  url: string;
  uploads: string[];
}> {
  const uploads: string[] = [];
  const listener: RequestListener = async (request, response) => {
    if (request.url === '/fr_top.jsp') return response.setHeader('set-cookie', 's=1').end('top');
    const body = await text(request);
    uploads.push(body);
    onUpload(response, body);
  };
  return { url: await startServer(listener), uploads };
}

describe('upload() is sure that nothing was accepted', () => {
  test('when nobody listens, and when there is no such host', async () => {
    const nobody = await makeClient('https://127.0.0.1:1');
    expect(await nobody.upload('a.csv', toCsv(1), laterAt)).toMatchObject({
      kind: 'unavailable',
      why: expect.stringContaining('ECONNREFUSED'),
    });
    const nowhere = await makeClient('https://omar.invalid');
    expect(await nowhere.upload('a.csv', toCsv(1), laterAt)).toMatchObject({ kind: 'unavailable' });
  });

  test.each([
    ['a server error', (response: ServerResponse) => response.writeHead(503).end('busy')],
    ['maintenance', (response: ServerResponse) => response.end('<h1>Down for maintenance</h1>')],
    ['a cut connection', (response: ServerResponse) => response.destroy()],
    ['a log-in page', (response: ServerResponse) => response.end('<h1>Log in</h1>')],
    ['401', (response: ServerResponse) => response.writeHead(401).end()],
  ])('when the session is answered with %s', async (_, answer) => {
    const paths: unknown[] = [];
    const url = await startServer((request, response) => {
      paths.push(request.url);
      answer(response);
    });
    const client = await makeClient(url);
    expect(await client.upload('a.csv', toCsv(1), laterAt)).toMatchObject({ kind: 'unavailable' });
    expect(paths).toEqual(['/fr_top.jsp']);
  });

  test('when there is no session cookie: a page to keep', async () => {
    const client = await makeClient(await startServer((_, response) => response.end('hello')));
    expect(await client.upload('a.csv', toCsv(1), laterAt)).toMatchObject({
      kind: 'unrecognised',
      page: { pageKind: 'session', why: 'no session cookie' },
    });
  });

  test('when the ISO says "Error in File Processing"', async () => {
    const site = await startSite((response) =>
      response.end('<td>ERROR in File Processing</td><td>Too late</td>'),
    );
    const client = await makeClient(site.url);
    expect(await client.upload('a.csv', toCsv(1), laterAt)).toEqual({
      kind: 'refused',
      words: 'ERROR in File Processing Too late',
    });
  });

  test.each([
    ['401', (response: ServerResponse) => response.writeHead(401).end()],
    ['the log-in page', (response: ServerResponse) => response.end('<title>Session expired</title>')],
  ])('when asked to log in by %s: once more, then session-ended', async (_, answer) => {
    const dead = await startSite(answer);
    const client = await makeClient(dead.url);
    expect(await client.upload('a.csv', toCsv(1), laterAt)).toMatchObject({ kind: 'session-ended' });
    expect(dead.uploads.length).toBe(2);
  });

  test.each(['page', 'unauthorized'] as const)(
    'when the session died in between (%s): the second try arrives, once',
    async (withoutSession) => {
      const simulator = await startSimulator({ withoutSession });
      simulator.faults.arm({ fault: 'session-death', kind: 'upload', times: 1 });
      const client = await makeClient(simulator.url);
      expect(await client.upload('a.csv', toCsv(1), laterAt)).toMatchObject({ kind: 'received' });
      expect(simulator.holdings().length).toBe(1);
    },
  );
});

test('an answer that only the end of the connection ends is whole if the page says so', async () => {
  const site = await startSite((response) => {
    response.useChunkedEncodingByDefault = false;
    response.shouldKeepAlive = false;
    response.end(success('a.csv'));
  });
  const client = await makeClient(site.url);
  expect(await client.upload('a.csv', toCsv(1), laterAt)).toMatchObject({ kind: 'received', bytes: 3 });
});

describe('upload() does not know, and does not send again', () => {
  test('when the connection is cut before or after the file was taken', async () => {
    const simulator = await startSimulator();
    const client = await makeClient(simulator.url);
    simulator.faults.arm({ fault: 'cut-before-accept', kind: 'upload', times: 1 });
    expect(await client.upload('a.csv', toCsv(1), laterAt)).toMatchObject({ kind: 'unknown' });
    expect(simulator.holdings()).toEqual([]);
    simulator.faults.arm({ fault: 'cut-after-accept', kind: 'upload', times: 1 });
    expect(await client.upload('b.csv', toCsv(2), laterAt)).toMatchObject({ kind: 'unknown' });
    expect(simulator.holdings()).toMatchObject([{ name: 'b.csv', times: 1 }]);
  });

  test('when the file is taken only after the deadline', async () => {
    const simulator = await startSimulator();
    simulator.faults.arm({ fault: 'late-accept', kind: 'upload', times: 1, delayMs: 600 });
    const client = await makeClient(simulator.url, { uploadTimeoutMs: 300 });
    expect(await client.upload('a.csv', toCsv(1), laterAt)).toMatchObject({ kind: 'unknown' });
    expect(simulator.holdings()).toEqual([]);
    await expect.poll(() => simulator.holdings().length).toBe(1);
  });

  test('when no answer comes: at its deadline', async () => {
    const simulator = await startSimulator();
    simulator.faults.arm({ fault: 'lost-answer', kind: 'upload', times: 1 });
    const client = await makeClient(simulator.url, { uploadTimeoutMs: 500 });
    expect(await client.upload('a.csv', toCsv(1), laterAt)).toMatchObject({ kind: 'unknown' });
    expect(simulator.holdings()).toMatchObject([{ times: 1 }]);
  });

  test.each([
    ['503', (response: ServerResponse) => response.writeHead(503).end('busy')],
    [
      'a redirect to the root',
      (response: ServerResponse) => response.writeHead(302, { location: '/' }).end(),
    ],
    [
      'a redirect to log in, whatever is written on it',
      (response: ServerResponse) =>
        response.writeHead(303, { location: 'https://x/login.jsp' }).end('<title>Log in</title>'),
    ],
    ['a maintenance page', (response: ServerResponse) => response.end('<h1>Down for maintenance</h1>')],
    [
      'half an answer',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write(success('a.csv'), () => response.destroy());
      },
    ],
    [
      'an answer that may have been cut',
      (response: ServerResponse) => {
        response.useChunkedEncodingByDefault = false;
        response.shouldKeepAlive = false;
        response.end(success('a.csv').replace('</html>', ''));
      },
    ],
    [
      'an answer without end',
      (response: ServerResponse) => {
        response.writeHead(200);
        const more = () =>
          void (response.destroyed || response.write('x'.repeat(65_536), () => setImmediate(more)));
        more();
      },
    ],
  ])('when the answer is %s', async (_, answer) => {
    const site = await startSite(answer);
    const client = await makeClient(site.url);
    expect(await client.upload('a.csv', toCsv(1), laterAt)).toMatchObject({ kind: 'unknown' });
    expect(site.uploads.length).toBe(1);
  });

  test.each([
    ['an empty page', 200, ''],
    ['a redirect elsewhere', 302, ''],
    ['a redirect elsewhere with log-in words', 302, '<title>Log in</title>'],
    ['404', 404, 'Not here'],
    ['the success page of another file', 200, success('b.csv')],
    ['the success page under another status', 404, success('a.csv')],
    ['success and error in one', 200, `${success('a.csv')} Error in File Processing`],
    ['half a success and an error', 200, 'a.csv Meter file uploaded and Saved As. Error in File Processing'],
    ['log-in words on a page about the file', 200, '<title>Login</title> a.csv Meter file uploaded'],
  ])('when the answer is %s: the page is kept', async (_, status, html) => {
    const site = await startSite((response) =>
      response.writeHead(status, { location: '/result.jsp' }).end(html),
    );
    const client = await makeClient(site.url);
    const outcome = await client.upload('a.csv', toCsv(1), laterAt);
    expect(outcome).toMatchObject({ kind: 'unrecognised', page: { pageKind: 'upload', httpStatus: status } });
    expect(site.uploads.length).toBe(1);
  });
});

describe('the deadline of upload()', () => {
  test('is over before it begins', async () => {
    const site = await startSite((response) => response.end(success('a.csv')));
    const client = await makeClient(site.url, { clock: { now: () => 1_000 } });
    expect(await client.upload('a.csv', toCsv(1), 1_000)).toMatchObject({ kind: 'unavailable' });
    expect(site.uploads).toEqual([]);
  });

  test('passes while the process stands still: what was not sent is not sent any more', async () => {
    let now = 1_000;
    const uploads: unknown[] = [];
    const url = await startServer((request, response) => {
      if (request.url !== '/fr_top.jsp') uploads.push(request.url);
      now = 5_000;
      response.setHeader('set-cookie', 's=1').end('top');
    });
    const client = await makeClient(url, { clock: { now: () => now } });
    expect(await client.upload('a.csv', toCsv(1), 5_000)).toEqual({
      kind: 'unavailable',
      why: 'the deadline was over before the request was sent',
    });
    expect(uploads).toEqual([]);
  });

  test('holds for both tries together', async () => {
    let now = 1_000;
    const site = await startSite((response) => {
      now = 5_000;
      response.writeHead(401).end();
    });
    const client = await makeClient(site.url, { clock: { now: () => now } });
    expect(await client.upload('a.csv', toCsv(1), 5_000)).toMatchObject({ kind: 'unavailable' });
    expect(site.uploads.length).toBe(1);
  });

  test('ends a session that is never given, and a connection that never comes about', async () => {
    const silent = createServer((socket) => socket.on('error', () => socket.destroy()));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    atEnd(() => silent.close());
    const silentUrl = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    for (const url of [await startServer(() => undefined), silentUrl]) {
      const client = await makeClient(url, { uploadTimeoutMs: 60_000 });
      const outcome = await client.upload('a.csv', toCsv(1), Date.now() + 300);
      expect(outcome).toMatchObject({ kind: 'unavailable', why: expect.stringContaining('timeout') });
    }
    const client = await makeClient(silentUrl, { connectTimeoutMs: 200 });
    expect(await client.walk()).toMatchObject({
      kind: 'unavailable',
      why: expect.stringContaining('UND_ERR_CONNECT_TIMEOUT'),
    });
  });
});

test('close() ends what is under way', async () => {
  const simulator = await startSimulator();
  const client = await makeClient(simulator.url);
  simulator.faults.arm({ fault: 'lost-answer', kind: 'upload', times: 1 });
  const uploading = client.upload('a.csv', toCsv(1), laterAt);
  await expect.poll(() => simulator.holdings().length).toBe(1);
  await client.close();
  expect(await uploading).toMatchObject({ kind: 'unknown' });
  expect(await client.walk()).toMatchObject({ kind: 'unavailable' });
});

test('the form has one field, the file byte for byte', async () => {
  const site = await startSite((response) => response.end(success('A1.CSV')));
  const client = await makeClient(site.url);
  await client.upload('A1.CSV', Buffer.from('a,b\r\n--c\r\n\r\n'), laterAt);
  const boundary = /^--(\S+)\r\n/.exec(site.uploads[0] ?? '')?.[1];
  expect(site.uploads).toEqual([
    `--${boundary}\r\nContent-Disposition: form-data; name="datafile"; filename="A1.CSV"\r\n` +
      `Content-Type: text/csv\r\n\r\na,b\r\n--c\r\n\r\n\r\n--${boundary}--\r\n`,
  ]);
});
