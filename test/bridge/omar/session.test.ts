import { describe, expect, test } from 'vitest';
import { findSessionCookie, isLoginRedirect } from '../../../bridge/omar/session.ts';
import { makeClient, startServer, startSimulator } from './omar-setup.ts';

const toAnswer = (httpStatus: number, headers: Record<string, string | string[]>) => ({
  httpStatus,
  headers,
  bytes: Buffer.alloc(0),
});

describe('findSessionCookie()', () => {
  test.each([
    [['a=1; Version=1; Path=/', 'b=2'], 'a=1', '$Version=1; a=1'],
    [['a=1;VERSION="1"'], 'a=1', '$Version=1; a=1'],
    [['a=1', 'b=2; Version=1'], 'a=1', 'a=1'],
    ['a=x=y; Secure', 'a=x=y', 'a=x=y'],
    ['a=', 'a=', 'a='],
    [['Secure', 'b=2'], undefined, undefined],
    [[], undefined, undefined],
  ])('of %j is %j', (header, plain, rfc2109) => {
    const answer = toAnswer(200, { 'set-cookie': header });
    expect(findSessionCookie(answer, 'plain')).toBe(plain);
    expect(findSessionCookie(answer, 'rfc2109')).toBe(rfc2109);
  });

  test('of an answer without any is undefined', () => {
    expect(findSessionCookie(toAnswer(200, {}), 'plain')).toBeUndefined();
  });
});

test.each([
  [302, '/', true],
  [302, '/fr_top.jsp', true],
  [301, 'https://omar-online.caiso.com/', true],
  [303, '/omar/login.jsp?back=/uploadProcess.jsp', true],
  [302, '/auth/logon', true],
  [200, '/', false],
  [302, '/result.jsp?from=login', false],
  [302, '/catalogin.jsp', false],
  [302, 'http://[', false],
])('isLoginRedirect() of %i to %s is %s', (status, location, expected) => {
  expect(isLoginRedirect(toAnswer(status, { location }))).toBe(expected);
});

test('the first cookie goes with every later request', async () => {
  const seen: unknown[] = [];
  const url = await startServer((request, response) => {
    seen.push([request.url, request.headers.cookie]);
    response.setHeader('Set-Cookie', ['first=1; Version=1', 'second=2']).end('<html></html>');
  });
  for (const cookieStyle of ['plain', 'rfc2109'] as const) {
    await (await makeClient(url, { cookieStyle })).walk();
  }
  expect(seen).toEqual([
    ['/fr_top.jsp', undefined],
    ['/viewSubmittedDataDetails.jsp', 'first=1'],
    ['/fr_top.jsp', undefined],
    ['/viewSubmittedDataDetails.jsp', '$Version=1; first=1'],
  ]);
});

describe('a session that has ended', () => {
  test.each(['page', 'unauthorized', 'redirect'] as const)(
    '(%s) is begun anew for a question, once',
    async (withoutSession) => {
      const simulator = await startSimulator({ withoutSession });
      const client = await makeClient(simulator.url, { cookieStyle: 'rfc2109' });
      expect(await client.status('1')).toEqual({ kind: 'absent' });
      simulator.faults.arm({ fault: 'session-death', kind: 'status', times: 1 });
      expect(await client.status('1')).toEqual({ kind: 'absent' });
      simulator.faults.arm({ fault: 'session-death', kind: 'status', times: 3 });
      expect(await client.status('1')).toMatchObject({
        kind: 'unavailable',
        why: expect.stringContaining('two sessions in a row ended'),
      });
      expect(simulator.faults.armed()).toMatchObject([{ times: 1 }]);
    },
  );

  test('is shared by status questions until then', async () => {
    const paths: unknown[] = [];
    const url = await startServer((request, response) => {
      paths.push(request.url?.split('?')[0]);
      response.setHeader('Set-Cookie', 'a=1').end('<html></html>');
    });
    const client = await makeClient(url);
    await client.status('1');
    await client.status('2');
    expect(paths).toEqual(['/fr_top.jsp', '/viewSubmittedDataDetails.jsp', '/viewSubmittedDataDetails.jsp']);
  });
});

test('a list that shows other files than the one asked for is not recognised', async () => {
  const url = await startServer((_, response) => {
    response.setHeader('Set-Cookie', 'a=1');
    const cells = ['File Id', 'File Format', 'Status', 'File Name', 'Received Date and Time', 'Record Count'];
    const row = ['2', 'CSV', 'Validation Passed', 'b.csv', 'x', '1'];
    response.end(`<table><tr><td>${cells.join('<td>')}<tr><td>${row.join('<td>')}</table>`);
  });
  const unfiltered = await makeClient(url);
  expect(await unfiltered.status('1')).toMatchObject({ kind: 'unrecognised' });
  expect(await unfiltered.status('2')).toMatchObject({ kind: 'listed', file: { name: 'b.csv' } });
});
