import type { Transaction } from '../model/transaction.ts';
import type { ListedForwarding } from '../ports/forwardings.ts';
import type { Reconciliation } from '../ports/reconciliation.ts';
import type { ReconcileDeps } from './row.ts';

const pageSize = 200;

/** The transactions whose readings may lie in a time, in order, however many there are. */
export async function* listTransactions(
  { catalogue }: Pick<ReconcileDeps, 'catalogue'>,
  time: Pick<Parameters<Reconciliation['listTransactions']>[0], 'fromAt' | 'toAt'>,
): AsyncIterable<Transaction> {
  for (let after = 0; ; ) {
    const page = await catalogue.reconciliation.listTransactions({ ...time, after, limit: pageSize });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last;
  }
}

/** All forwardings of a posting, the oldest first. */
export async function listForwardings(
  { catalogue }: Pick<ReconcileDeps, 'catalogue'>,
  transaction: Transaction,
): Promise<ListedForwarding[]> {
  const listed: ListedForwarding[] = [];
  for (;;) {
    const before = listed.at(-1)?.id;
    const page = { state: undefined, transaction, before, limit: pageSize };
    const { forwardings, hasMore } = await catalogue.forwardings.listForwardings(page);
    listed.push(...forwardings);
    if (!hasMore) return listed.reverse();
  }
}
