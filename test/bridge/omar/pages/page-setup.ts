import { beforeAll, describe, expect, test } from 'vitest';
import type { OmarClient, PageKind } from '../../../../bridge/omar/outcomes.ts';
import { readKeptPage } from '../../../../bridge/omar/pages/read-kept-page.ts';
import { makeClient, startServer } from '../omar-setup.ts';
import { type RenderedPages, renderPages } from './rendered-pages.ts';
import { variations } from './variations.ts';

/** Asks for pages and gives what the client makes of them. */
export type Ask = (client: OmarClient) => Promise<{ readonly kind: string }>;

/** By what is done: what of a page is replaced by what, and in which of the pages, where it is not the first. */
type Changes = Readonly<
  Record<string, readonly [pattern: string | RegExp, replacement: string, at?: number]>
>;

/** One kind of page: what it is asked for by, and what is to be read in it. */
export interface PageCase {
  readonly kind: PageKind;
  /** One page, or those that are shown one after another. */
  readonly pages: (rendered: RenderedPages) => string | readonly string[];
  readonly ask: Ask;
  /** What the client makes of the pages, whatever they look like. */
  readonly outcome: object;
  /** Changes after which nothing may be concluded: an element that is needed is gone. */
  readonly without?: Changes;
  /** Changes that leave a page of this kind, but none that answers what was asked. */
  readonly unfit?: Changes;
}

/** A site that gives a session and then shows what it is told to, page after page; and a client of it. */
export async function openShowing(): Promise<
  (htmls: readonly string[], ask: Ask) => Promise<{ readonly kind: string }>
> {
  let left: string[] = [];
  const url = await startServer((request, response) => {
    request.resume();
    if (request.url === '/fr_top.jsp') return response.setHeader('set-cookie', 's=1').end('<html></html>');
    // After the last page the site has no answer, so that one question too many is seen.
    const html = left.shift();
    return html === undefined ? response.writeHead(500).end() : response.end(html);
  });
  const client = await makeClient(url);
  return async (htmls, ask) => {
    left = [...htmls];
    const outcome = await ask(client);
    return outcome;
  };
}

/** For every case: each variation gives the same outcome, each removal none; what was kept is read again to the same. */
export function describePages(cases: Readonly<Record<string, PageCase>>): void {
  let rendered: RenderedPages;
  let show: Awaited<ReturnType<typeof openShowing>>;
  beforeAll(async () => {
    rendered = await renderPages();
    show = await openShowing();
  });
  const pagesOf = ({ pages }: PageCase) => [pages(rendered)].flat();

  describe.each(Object.entries(cases))('%s', (_, each) => {
    const { kind, ask, outcome, without = {}, unfit = {} } = each;

    test('as the simulator shows it', async () => {
      expect(await show(pagesOf(each), ask)).toEqual(outcome);
    });

    test.each(Object.entries(variations))('%s', async (_name, vary) => {
      const pages = pagesOf(each);
      const varied = pages.map(vary);
      for (const [at, html] of varied.entries()) expect(html).not.toBe(pages[at]);
      expect(await show(varied, ask)).toEqual(outcome);
      for (const html of varied) expect(readKeptPage(kind, Buffer.from(html))).toHaveProperty('found');
    });

    test.each([
      ...Object.entries(without).map((change) => [...change, false] as const),
      ...Object.entries(unfit).map((change) => [...change, true] as const),
    ])('not recognised %s', async (_name, [pattern, replacement, at = 0], isReadable) => {
      const pages = pagesOf(each);
      const html = (pages[at] ?? '').replace(pattern, replacement);
      expect(html).not.toBe(pages[at]);
      expectKept(await show([...pages.slice(0, at), html], ask), kind, html, isReadable);
    });
  });
}

/** Nothing was concluded: the page is handed on to be kept, whole and with its fingerprint, and reads so again. */
export function expectKept(
  outcome: { readonly kind: string },
  pageKind: PageKind,
  html: string,
  isReadable = false,
): void {
  expect(outcome).toEqual({
    kind: 'unrecognised',
    page: {
      pageKind,
      httpStatus: 200,
      contentType: '',
      why: expect.stringMatching(/./),
      bytes: Buffer.from(html),
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  });
  expect(readKeptPage(pageKind, Buffer.from(html))).toHaveProperty(isReadable ? 'found' : 'why');
}
