import type { Instant } from '../model/time.ts';
import { createTradeDayFinder, type TradeDay, toDayEnd, toDayStart } from '../model/trade-day.ts';
import type { IsoSide } from './iso-side.ts';
import { listTransactions } from './list-pages.ts';
import { reconcilePosting } from './reconcile-posting.ts';
import { noInterval, type ReconcileDeps, type ReconciliationRow, toLeft } from './row.ts';

export interface ReconcileFilter {
  /** Trade days, the last one included; all when left out. */
  readonly from?: TradeDay | undefined;
  readonly to?: TradeDay | undefined;
  /** Only what is mapped to this account, and what is mapped to none. */
  readonly account?: string | undefined;
}

/** Whether the trade day of an interval is one of those that are asked for. */
export function createDayFilter({
  from,
  to,
}: Pick<ReconcileFilter, 'from' | 'to'>): (endAt: Instant) => boolean {
  const toDay = createTradeDayFinder();
  return (endAt) => (from === undefined || toDay(endAt) >= from) && (to === undefined || toDay(endAt) <= to);
}

const pageSize = 200;

/**
 * Every interval that was posted for the ISO, with the part, the file or batch at the ISO and the last status that it
 * has, and what is left over on either side: as far as the ISO's list was walked, files that are not ours, too. One
 * posting is held in memory at a time.
 *
 * @param isoSide what the ISO says that it holds, of accounts and days that the filter lets pass
 */
export async function* reconcile(
  deps: ReconcileDeps,
  filter: ReconcileFilter,
  isoSide?: IsoSide,
): AsyncIterable<ReconciliationRow> {
  const fromAt = filter.from === undefined ? undefined : toDayStart(filter.from);
  const toAt = filter.to === undefined ? undefined : toDayEnd(filter.to);
  const isWanted = createDayFilter(filter);
  for await (const transaction of listTransactions(deps, { fromAt, toAt })) {
    yield* reconcilePosting(deps, transaction, { account: filter.account, isWanted, isoSide });
  }
  if (isoSide !== undefined) yield* isoSide.listRest();
  yield* listStrangers(deps, filter.account);
}

async function* listStrangers(
  { catalogue }: ReconcileDeps,
  account: string | undefined,
): AsyncIterable<ReconciliationRow> {
  const { reconciliation } = catalogue;
  let page = await reconciliation.listStrangers({ account, after: undefined, limit: pageSize });
  while (page.length > 0) {
    for (const { fileId, name, status, records, received, ...stranger } of page) {
      yield {
        ...noInterval,
        ...toLeft('not-ours'),
        account: stranger.account,
        isoName: name,
        isoFileId: fileId,
        isoStatus: status,
        words: `received ${received || 'at a time that is not told'}, ${records ?? 'unknown'} records`,
      };
    }
    page = await reconciliation.listStrangers({ account, after: page.at(-1), limit: pageSize });
  }
}
