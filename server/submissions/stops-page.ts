import { type Html, html } from '../http/html.ts';
import { toTable, toTime } from '../http/page.ts';
import type { StopEntry } from './stops-endpoints.ts';

export function toStopsContent(stops: readonly StopEntry[]): Html {
  const rows = stops.map(
    ({
      id,
      account,
      kind,
      why,
      keptAt,
      page,
    }) => html`<tr><td>${id}</td><td>${account}</td><td>${kind}</td><td>${why}</td><td>${toTime(keptAt)}</td><td class="number">${page.bytes}</td><td>${toForm(id)}</td></tr>
`,
  );
  const columns = [
    ...['Stop', 'Account', 'Stopped work', 'Why', 'Page kept'],
    { number: 'Bytes' },
    'Let it go on',
  ];
  const caption = 'The ISO showed a page that was not recognised; times in UTC';
  return html`${rows.length === 0 ? html`<p>Nothing stands still.</p>\n` : toTable(caption, columns, rows)}<p>Look at a page before you release its stop: <code>mdma stops page ID</code> on the server writes it out.</p>
<p><a href="/submissions">Submissions to the ISO</a></p>
`;
}

function toForm(id: number): Html {
  return html`<form method="post" action="/stops/${id}/release">
<label for="reason-${id}">Reason to release</label>
<input id="reason-${id}" name="reason" required maxlength="500">
<button>Release</button>
</form>
`;
}
