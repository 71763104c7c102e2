import type { SubmissionState } from '../model/forwarding.ts';
import { type TradeDay, toDayStart, toNextDay } from '../model/trade-day.ts';
import type { Transaction } from '../model/transaction.ts';
import type { IsoSide } from './iso-side.ts';
import { readPart } from './read-part.ts';
import type { ReconcileDeps } from './row.ts';

const pageSize = 200;

/** Nothing of these is at the ISO. */
const notSent: readonly (SubmissionState | undefined)[] = [undefined, 'absent', 'refused'];

/**
 * Adds what was sent of some trade days through some accounts: the intervals of every part that may be at the ISO. A part
 * that cannot be read is left out; the report itself tells of it.
 *
 * @returns the resources that are named in it, by account
 */
export async function collectSent(
  deps: ReconcileDeps,
  side: Pick<IsoSide, 'addSent'>,
  {
    accounts,
    from,
    to,
  }: { readonly accounts: ReadonlySet<string>; readonly from: TradeDay; readonly to: TradeDay },
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { reconciliation, forwardings } = deps.catalogue;
  const resources = new Map([...accounts].map((account) => [account, new Set<string>()]));
  const time = { fromAt: toDayStart(from), toAt: toDayStart(toNextDay(to)) };
  for (let after = 0; ; ) {
    const transactions = await reconciliation.listTransactions({ ...time, after, limit: pageSize });
    for (const transaction of transactions) {
      const filter = { state: undefined, transaction, before: undefined, limit: 1_000 };
      for (const forwarding of (await forwardings.listForwardings(filter)).forwardings) {
        const named = resources.get(forwarding.account);
        if (named === undefined) continue;
        for (const part of forwarding.parts) {
          if (notSent.includes(part.submissions.at(-1)?.state)) continue;
          const origin = { forwarding, part };
          const found: Parameters<IsoSide['addSent']>[] = [];
          const isRead = await readPart(deps, forwarding, part, (series, reading) =>
            found.push([origin, series, reading]),
          )
            .then(() => true)
            .catch(() => false);
          if (!isRead) continue;
          for (const each of found) {
            named.add(each[1].resourceId);
            side.addSent(...each);
          }
        }
      }
    }
    after = transactions.at(-1) ?? (0 as Transaction);
    if (transactions.length < pageSize) return resources;
  }
}
