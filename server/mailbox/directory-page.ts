import { reasonCodes } from '../../storage/model/reason-code.ts';
import { type Instant, toIsoText } from '../../storage/model/time.ts';
import type { Mailbox, MailboxFile } from '../../storage/ports/mailboxes.ts';
import { html } from '../http/html.ts';
import { type SupportContact, toPageEnd, toPageStart } from '../http/page.ts';

/**
 * The directory as a page that is also an index: its only links below the directory are the daily files, so that a
 * mirroring program fetches these and nothing else (ruling 8).
 */
export function toIndexStart(mailbox: Mailbox): string {
  return `${toPageStart(`Mailbox ${mailbox.name}`)}<table>
<caption>Daily files on line, oldest first; times in UTC</caption>
<thead><tr><th scope="col">Name</th><th scope="col">Bytes</th><th scope="col">Posted</th><th scope="col">Records</th><th scope="col">Transaction</th><th scope="col">Correction</th><th scope="col">Retrieved</th><th scope="col">Acknowledged</th><th scope="col">Leaves on</th><th scope="col">SHA-256</th></tr></thead>
<tbody>
`;
}

export function toIndexRows(files: readonly MailboxFile[]): string {
  let rows = '';
  for (const file of files) {
    const { name, bytes, records, transaction, sha256 } = file;
    const link = file.archivedAt === null ? html`<a href="${name}">${name}</a>` : html`${name} (archived)`;
    rows +=
      html`<tr><td>${link}</td><td class="number">${bytes}</td><td>${toMinute(file.postedAt)}</td><td class="number">${records}</td><td class="number">${transaction}</td><td>${toCorrection(file)}</td><td>${toMinute(file.firstRetrievedAt)}</td><td>${toMinute(file.acknowledgedAt)}</td><td>${toMinute(file.leavesAt)}</td><td class="digest"><code>${sha256}</code></td></tr>
`.text;
  }
  return rows;
}

/** @param next address of what did not fit, if anything */
export function toIndexEnd(next: string | undefined, support: readonly SupportContact[]): string {
  const link = next === undefined ? html`` : html`<p><a href="${next}" rel="next">More files</a></p>\n`;
  return `</tbody>\n</table>\n${link.text}${toPageEnd(support)}`;
}

function toCorrection({ corrects, reasonCode }: MailboxFile): string {
  return corrects === null || reasonCode === null ? '' : `of ${corrects}: ${reasonCodes[reasonCode]}`;
}

function toMinute(at: Instant | null): string {
  return at === null ? '' : toIsoText(at).slice(0, 16).replace('T', ' ');
}
