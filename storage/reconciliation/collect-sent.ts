import { unsentStates } from '../model/forwarding.ts';
import { type TradeDay, toDayEnd, toDayStart, toTradeDay } from '../model/trade-day.ts';
import type { Transaction } from '../model/transaction.ts';
import type { ListedForwarding, Part } from '../ports/forwardings.ts';
import type { IsoSide } from './iso-side.ts';
import { listForwardings, listTransactions } from './list-pages.ts';
import { findPartFault, readPart } from './read-part.ts';
import type { ReconcileDeps } from './row.ts';

/**
 * Adds what was sent of some trade days through some accounts: the intervals of every part that may be at the ISO. Of a
 * part that cannot be read it adds that what it brought is not known; the report itself tells of it.
 *
 * @returns the resources that are named in it, by account
 */
export async function collectSent(
  deps: ReconcileDeps,
  side: Pick<IsoSide, 'addSent' | 'addUnreadable'>,
  {
    accounts,
    from,
    to,
  }: { readonly accounts: ReadonlySet<string>; readonly from: TradeDay; readonly to: TradeDay },
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const resources = new Map([...accounts].map((account) => [account, new Set<string>()]));
  const time = { fromAt: toDayStart(from), toAt: toDayEnd(to) };
  for await (const transaction of listTransactions(deps, time)) {
    for (const forwarding of await listForwardings(deps, transaction)) {
      const named = resources.get(forwarding.account);
      if (named === undefined) continue;
      for (const part of forwarding.parts.filter(isMaybeSent)) {
        const found = await readSent(deps, forwarding, part);
        if (found === undefined) {
          side.addUnreadable({ forwarding, part }, (await findDays(deps, transaction)) ?? time);
          continue;
        }
        for (const [series, reading] of found) {
          named.add(series.resourceId);
          side.addSent({ forwarding, part }, series, reading);
        }
      }
    }
  }
  return resources;
}

function isMaybeSent({ submissions }: Part): boolean {
  const state = submissions.at(-1)?.state;
  return state !== undefined && !unsentStates.includes(state);
}

type Found = Parameters<Parameters<typeof readPart>[3]>;

/** Undefined when the part cannot be read: what was read of it until then may be wrong. */
async function readSent(
  deps: ReconcileDeps,
  forwarding: ListedForwarding,
  part: Part,
): Promise<readonly Found[] | undefined> {
  const found: Found[] = [];
  try {
    await readPart(deps, forwarding, part, (...each) => found.push(each));
  } catch (error) {
    if (findPartFault(error) === undefined) throw error;
    return undefined;
  }
  return found;
}

/** The trade days of a posting, which are what a correction brings. */
async function findDays(
  { catalogue }: ReconcileDeps,
  transaction: Transaction,
): Promise<{ fromAt: number; toAt: number } | undefined> {
  const span = await catalogue.reconciliation.findSpan(transaction);
  return (
    span && {
      fromAt: toDayStart(toTradeDay(span.startAt + 1)),
      toAt: toDayEnd(toTradeDay(span.endAt)),
    }
  );
}
