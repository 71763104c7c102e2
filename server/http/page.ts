import { createHash } from 'node:crypto';
import type { ServerContext } from './context.ts';
import { type Html, html } from './html.ts';

/** Somebody to ask (OPS-5). */
export interface SupportContact {
  readonly name: string;
  /** A telephone number, mail address or the like, as people read it. */
  readonly contact: string;
}

const style = `body{font:1rem/1.5 system-ui,sans-serif;max-width:72rem;margin:0 auto;padding:1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:600;padding:.5rem 0}
th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #ccc;vertical-align:top}
td.number{text-align:right;font-variant-numeric:tabular-nums}td.digest{min-width:17ch;font-size:.75rem}code{overflow-wrap:anywhere}
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

/** Everything of a page before its content: no scripts, one style, headings in order. */
export function toPageStart(title: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html`${title}`.text} - MDMA</title>
<style>${style}</style>
</head>
<body>
<main>
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

/** Answers with a whole page. */
export function sendPage(
  ctx: ServerContext,
  page: { title: string; content: Html; support: readonly SupportContact[] },
): void {
  setPageHeaders(ctx);
  ctx.body = toPageStart(page.title) + page.content.text + toPageEnd(page.support);
}

/** A table whose first row names the columns; `caption` says what it holds. */
export function toTable(caption: string, columns: readonly string[], rows: readonly Html[]): Html {
  const heads = columns.map((column) => html`<th scope="col">${column}</th>`);
  return html`<table>
<caption>${caption}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>
${rows}</tbody>
</table>
`;
}
