import type { z } from 'zod';
import { type Instant, toIsoText } from '../../storage/model/time.ts';
import type { Mailbox, MailboxFile } from '../../storage/ports/mailboxes.ts';
import type { fileSchema, mailboxSchema } from './directory-endpoint.ts';

/** A daily file as programs see it. */
export function toFileEntry(href: string, file: MailboxFile): z.output<typeof fileSchema> {
  return {
    name: file.name,
    href: href + file.name,
    bytes: file.bytes,
    sha256: file.sha256,
    records: file.records,
    postedAt: toIsoText(file.postedAt),
    changedAt: toIsoText(file.changedAt),
    leavesAt: toIsoText(file.leavesAt),
    transaction: file.transaction,
    corrects: file.corrects,
    reasonCode: file.reasonCode,
    firstRetrievedAt: toIsoTextOrNull(file.firstRetrievedAt),
    acknowledgedAt: toIsoTextOrNull(file.acknowledgedAt),
    archivedAt: toIsoTextOrNull(file.archivedAt),
  };
}

export function toMailboxEntry(mailbox: Mailbox): z.output<typeof mailboxSchema> {
  const { name, owner, zone, onLineDays } = mailbox;
  return { name, href: toMailboxHref(mailbox), owner, zone, onLineDays };
}

export function toMailboxHref({ name }: Pick<Mailbox, 'name'>): string {
  return `/mailboxes/${name}/`;
}

function toIsoTextOrNull(at: Instant | null): string | null {
  return at === null ? null : toIsoText(at);
}
