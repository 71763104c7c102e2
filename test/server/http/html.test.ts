import { expect, test } from 'vitest';
import { html } from '../../../server/http/html.ts';

test('escapes text, in attributes too, and leaves HTML alone', () => {
  const evil = `<script>"&'`;
  expect(html`<a href="${evil}">${evil}</a>`.text).toBe(
    '<a href="&lt;script&gt;&quot;&amp;&#39;">&lt;script&gt;&quot;&amp;&#39;</a>',
  );
  expect(html`<p>${html`<b>${1}</b>`}${[html`<i>`, html`</i>`]}</p>`.text).toBe('<p><b>1</b><i></i></p>');
});

test('nothing stands for null, undefined and false; zero for zero', () => {
  expect(html`${null}${undefined}${false}${0}`.text).toBe('0');
});
