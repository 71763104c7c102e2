import { reasonCodes } from '../../storage/model/reason-code.ts';
import { type Instant, toIsoText } from '../../storage/model/time.ts';
import type { Mailbox, MailboxFile } from '../../storage/ports/mailboxes.ts';
import { type Html, html } from '../http/html.ts';
import {
  type Column,
  type SupportContact,
  tableEnd,
  toPageEnd,
  toPageStart,
  toTableStart,
  toTime,
} from '../http/page.ts';

const columns: readonly Column[] = [
  'Name',
  { number: 'Bytes' },
  'Posted',
  { number: 'Records' },
  { number: 'Transaction' },
  'Correction',
  'Retrieved',
  'Acknowledged',
  'Leaves on',
  'SHA-256',
];

/**
 * The directory as a page that is also an index: its only links below the directory are the daily files, so that a
 * mirroring program fetches these and nothing else (ruling 8).
 */
export function toIndexStart(mailbox: Mailbox): string {
  const caption = `Daily files on line, oldest first; names are times in ${mailbox.zone}, all others in UTC`;
  return toPageStart(`Mailbox ${mailbox.name}`, { hasWayBack: false }) + toTableStart(caption, columns).text;
}

export function toIndexRows(files: readonly MailboxFile[]): string {
  let rows = '';
  for (const file of files) {
    const { name, bytes, records, transaction, sha256 } = file;
    const link = file.archivedAt === null ? html`<a href="${name}">${name}</a>` : html`${name} (archived)`;
    rows +=
      html`<tr><td>${link}</td><td class="number">${bytes}</td><td>${toCell(file.postedAt)}</td><td class="number">${records}</td><td class="number">${transaction}</td><td>${toCorrection(file)}</td><td>${toCell(file.firstRetrievedAt)}</td><td>${toCell(file.acknowledgedAt)}</td><td>${toCell(file.leavesAt)}</td><td class="digest"><code>${sha256}</code></td></tr>
`.text;
  }
  return rows;
}

/** @param next address of what did not fit, if anything */
export function toIndexEnd(next: string | undefined, support: readonly SupportContact[]): string {
  const link = next === undefined ? html`` : html`<p><a href="${next}" rel="next">More files</a></p>\n`;
  return tableEnd + link.text + toPageEnd(support);
}

function toCorrection({ corrects, reasonCode }: MailboxFile): string {
  return corrects === null || reasonCode === null ? '' : `of ${corrects}: ${reasonCodes[reasonCode]}`;
}

function toCell(at: Instant | null): Html {
  return toTime(at === null ? null : toIsoText(at));
}
