import type { ServerResponse } from 'node:http';
import { beforeAll, describe, expect, test } from 'vitest';
import type { OmarClient } from '../../../../bridge/omar/outcomes.ts';
import { makeClient, startServer } from '../omar-setup.ts';
import { expectKept } from './page-setup.ts';
import { type RenderedPages, renderPages } from './rendered-pages.ts';
import { variations } from './variations.ts';

/** As the simulator sets them: the first is the session. */
const cookies = ['JSESSIONID=a-1; Version=1; Path=/; Secure', 'TRACKER=b-2; Version=1; Path=/'];

let rendered: RenderedPages;
let client: OmarClient;
let answerFirst: (response: ServerResponse) => void;
let seen: unknown[];
beforeAll(async () => {
  rendered = await renderPages();
  const url = await startServer((request, response) => {
    if (request.url === '/fr_top.jsp') return answerFirst(response);
    seen.push(request.headers.cookie);
    response.end(rendered.absent);
  });
  client = await makeClient(url);
});

/** What comes of a question when the first page is this one. */
async function askAfter(html: string, setCookie: readonly string[]): Promise<{ readonly kind: string }> {
  seen = [];
  answerFirst = (response) => {
    if (setCookie.length > 0) response.setHeader('set-cookie', setCookie);
    response.end(html);
  };
  return client.walk();
}

const all: typeof variations = { 'as it is': (html) => html, ...variations };

describe('the first page', () => {
  test.each(Object.entries(all))(
    'opens a session by its first cookie, whatever it says: %s',
    async (_, vary) => {
      for (const page of [rendered.first, rendered.logIn, rendered.maintenance]) {
        expect(await askAfter(vary(page), cookies)).toEqual({ kind: 'listed', files: [] });
        expect(seen).toEqual(['JSESSIONID=a-1']);
      }
    },
  );

  test.each([
    ['without its cookies', []],
    ['without the name of the first', ['=a-1; Version=1', 'TRACKER=b-2']],
    ['without the pair of the first', ['Version; Path=/', 'TRACKER=b-2']],
  ])('not recognised %s', async (_, setCookie) => {
    const outcome = await askAfter(rendered.first, setCookie);
    expectKept(outcome, 'session', rendered.first);
    expect(seen).toEqual([]);
  });
});

describe('without a cookie', () => {
  test.each(Object.entries(all))(
    'a page that asks to log in, or is about maintenance, says: not now; %s',
    async (_, vary) => {
      expect(await askAfter(vary(rendered.logIn), [])).toEqual({
        kind: 'unavailable',
        why: 'no session is given to this certificate',
      });
      expect(await askAfter(vary(rendered.maintenance), [])).toEqual({
        kind: 'unavailable',
        why: 'a maintenance page',
      });
    },
  );

  test.each([
    ['the log-in page without its heading', ({ logIn }: RenderedPages) => logIn.replace(/<h1>.*<\/h1>/, '')],
    ['the log-in page without "Log In"', ({ logIn }: RenderedPages) => logIn.replace('Log In', '')],
    [
      'the maintenance page without "maintenance"',
      ({ maintenance }: RenderedPages) => maintenance.replace('maintenance', ''),
    ],
    ['an error', ({ refusals }: RenderedPages) => refusals['File is too large']],
    ['a list', ({ list }: RenderedPages) => list[0]],
  ])('not recognised: %s', async (_, toHtml) => {
    const html = toHtml(rendered);
    expectKept(await askAfter(html, []), 'session', html);
    expect(seen).toEqual([]);
  });
});
