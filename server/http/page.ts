import { createHash } from 'node:crypto';
import type { ServerContext } from './context.ts';
import { Html, html } from './html.ts';

/** Somebody to ask (OPS-5). */
export interface SupportContact {
  readonly name: string;
  /** A telephone number, mail address or the like, as people read it. */
  readonly contact: string;
}

const style = `body{font:1rem/1.5 system-ui,sans-serif;max-width:72rem;margin:0 auto;padding:1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:600;padding:.5rem 0}
th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #ccc;vertical-align:top}
.wide{overflow-x:auto}.number{text-align:right;font-variant-numeric:tabular-nums}time{white-space:nowrap}
td.digest{min-width:17ch;font-size:.75rem}code{overflow-wrap:anywhere}
a{color:#0a4fa3}:focus-visible{outline:3px solid #0a4fa3;outline-offset:2px}
label{display:block;margin:.8rem 0 .2rem}input,select,textarea,button{font:inherit;padding:.3rem .5rem}
footer{margin-top:3rem;border-top:1px solid #ccc}`;

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/**
 * Everything of a page before its content: no scripts, one style, headings in order.
 *
 * @param hasWayBack false on the start page, and on the indexes, where mirroring programs follow every link (ruling 8)
 */
export function toPageStart(title: string, { hasWayBack }: { hasWayBack: boolean }): string {
  const way = hasWayBack && html`<nav aria-label="Site"><a href="/">Start page</a></nav>\n`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html`${title}`.text} - MDMA</title>
<style>${style}</style>
</head>
<body>
${html`${way}`.text}<main>
<h1>${html`${title}`.text}</h1>
`;
}

/** Everything after it: whom to ask, on every page (OPS-5). */
export function toPageEnd(support: readonly SupportContact[]): string {
  const contacts = support.map(({ name, contact }) => html`<li>${name}: ${contact}</li>\n`);
  return `</main>
<footer>
<h2>Technical support</h2>
<ul>
${html`${contacts}`.text}</ul>
</footer>
</body>
</html>
`;
}

/** The headers of every page; what a page holds is the reader's own and is not kept by anyone else. */
export function setPageHeaders(ctx: ServerContext): void {
  ctx.type = 'text/html; charset=utf-8';
  ctx.set('Content-Security-Policy', policy);
  ctx.set('X-Content-Type-Options', 'nosniff');
  // Not "no-referrer": under that, browsers send a form with "Origin: null", which `checkOrigin` refuses.
  ctx.set('Referrer-Policy', 'same-origin');
}

/** Answers with a whole page, with a way back to the start page unless it is one of those without. */
export function sendPage(
  ctx: ServerContext,
  page: { title: string; content: Html; support: readonly SupportContact[]; hasWayBack?: false },
): void {
  setPageHeaders(ctx);
  const { title, content, support, hasWayBack = true } = page;
  ctx.body = toPageStart(title, { hasWayBack }) + content.text + toPageEnd(support);
}

/** The name of a column, which stands over its values: on the right where these are numbers. */
export type Column = string | { readonly number: string };

/** Everything of a table before its rows. It scrolls by itself, by keyboard too, where it is wider than the page. */
export function toTableStart(caption: string, columns: readonly Column[]): Html {
  const heads = columns.map((column) =>
    typeof column === 'string'
      ? html`<th scope="col">${column}</th>`
      : html`<th scope="col" class="number">${column.number}</th>`,
  );
  return html`<div class="wide" role="region" aria-label="${caption}" tabindex="0">
<table>
<caption>${caption}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>
`;
}

export const tableEnd = '</tbody>\n</table>\n</div>\n';

/** A table whose first row names the columns; `caption` says what it holds. */
export function toTable(caption: string, columns: readonly Column[], rows: readonly Html[]): Html {
  const none = rows.length === 0 && html`<tr><td colspan="${columns.length}">None</td></tr>\n`;
  return html`${toTableStart(caption, columns)}${none}${rows}${new Html(tableEnd)}`;
}

/** A time as people read it, in UTC to the second; the exact one for programs. Nothing for none. */
export function toTime(at: string | null): Html {
  if (at === null) return html``;
  return html`<time datetime="${at}">${at.slice(0, 19).replace('T', ' ')}</time>`;
}
