import { beforeAll, expect, test } from 'vitest';
import type { PageKind } from '../../../../bridge/omar/outcomes.ts';
import { readKeptPage } from '../../../../bridge/omar/pages/read-kept-page.ts';
import { type RenderedPages, renderPages } from './rendered-pages.ts';

let rendered: RenderedPages;
beforeAll(async () => {
  rendered = await renderPages();
});

const read = (kind: PageKind, html: string) => readKeptPage(kind, Buffer.from(html));

/** The page without each of its tags, each of its texts and each pair of neighbours of both, in turn. */
function* withoutPieces(html: string): Generator<[piece: string, left: string]> {
  const pieces = html.match(/<[^<>]*>|[^<>]+/g) ?? [];
  for (const count of [1, 2]) {
    for (let at = 0; at + count <= pieces.length; at += 1) {
      const left = [...pieces.slice(0, at), ...pieces.slice(at + count)].join('');
      yield [pieces.slice(at, at + count).join(''), left];
    }
  }
}

const cases: Readonly<Record<string, [PageKind, (rendered: RenderedPages) => string]>> = {
  'the answer to an upload': ['upload', ({ uploaded }) => uploaded],
  'one file that passed': ['status', ({ single }) => single['Validation Passed']],
  'the last page of the list': ['status', ({ list }) => list[1]],
  'the last page of errors': ['errors', ({ errors }) => errors[1]],
};

test.each(Object.entries(cases))(
  '%s, without any of its pieces, reads the same or not at all',
  (_, [kind, pageOf]) => {
    const html = pageOf(rendered);
    const whole = read(kind, html);
    expect(whole).toHaveProperty('found');
    let refused = 0;
    for (const [piece, left] of withoutPieces(html)) {
      const reading = read(kind, left);
      if ('why' in reading) refused += 1;
      else expect(reading, `without ${JSON.stringify(piece)}`).toEqual(whole);
    }
    expect(refused).toBeGreaterThan(5);
  },
);

test.each(Object.entries(cases))('%s, cut anywhere, reads the same or not at all', (_, [kind, pageOf]) => {
  const html = pageOf(rendered);
  const whole = read(kind, html);
  for (let length = 0; length < html.length; length += 1) {
    const reading = read(kind, html.slice(0, length));
    if ('found' in reading) expect(reading, `of ${length} characters`).toEqual(whole);
  }
});

test.each(Object.entries(cases))('%s, with a quotation mark anywhere in its tags', (_, [kind, pageOf]) => {
  const html = pageOf(rendered);
  const whole = read(kind, html);
  for (const { index, 0: tag } of html.matchAll(/<[^<>]*>/g)) {
    const end = index + tag.length - 1;
    const reading = read(kind, `${html.slice(0, end)} class="x ${html.slice(end)}`);
    if ('found' in reading) expect(reading, `in ${tag} at ${index}`).toEqual(whole);
  }
});
