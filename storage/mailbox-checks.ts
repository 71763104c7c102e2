import { toStrictest } from './formats/checks/check-levels.ts';
import type { ScanOptions } from './formats/format.ts';
import type { Mailbox } from './ports/mailboxes.ts';

/**
 * How strictly a file is checked that goes to these mailboxes at once: of each code the strictest level that any of
 * them chose, and only receivers known to every one of them that names receivers. So no mailbox gets, by company, what
 * it would have refused alone.
 */
export function toMailboxChecks(
  mailboxes: readonly Pick<Mailbox, 'levels' | 'receivers'>[],
): Pick<ScanOptions, 'levels' | 'receivers'> {
  const levels = toStrictest(mailboxes.map((mailbox) => mailbox.levels));
  const lists = mailboxes.map(({ receivers }) => receivers).filter(({ length }) => length > 0);
  const [first, ...rest] = lists;
  if (first === undefined) return { levels };
  return { levels, receivers: first.filter((receiver) => rest.every((list) => list.includes(receiver))) };
}
