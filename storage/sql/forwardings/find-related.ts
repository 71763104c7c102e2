import { type ForwardingState, unsentStates } from '../../model/forwarding.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Forwarding, Part, RelatedForwarding } from '../../ports/forwardings.ts';
import type { Queries } from '../queries.ts';
import { loadParts } from './load-parts.ts';

/** The forwardings to the same account of what a forwarding's posting corrects, and of what corrects it (ISO-10). */
export async function findRelated(
  queries: Queries,
  id: number,
): Promise<Pick<Forwarding, 'replaces' | 'replacedBy'>> {
  const related = queries
    .selectFrom('forwarding as own')
    .innerJoin('posting as own_posting', 'own_posting.transaction_number', 'own.transaction_number')
    .innerJoin('forwarding as other', (join) =>
      join.onRef('other.account', '=', 'own.account').onRef('other.way', '=', 'own.way'),
    )
    .select(['other.id', 'other.transaction_number', 'other.state'])
    .where('own.id', '=', id)
    .orderBy('other.id');
  const replaces = await related.whereRef('other.transaction_number', '=', 'own_posting.corrects').execute();
  const replacedBy = await related
    .innerJoin('posting as other_posting', 'other_posting.transaction_number', 'other.transaction_number')
    .whereRef('other_posting.corrects', '=', 'own.transaction_number')
    .execute();
  const rows = [...replaces, ...replacedBy];
  const parts = await loadParts(
    queries,
    rows.map((row) => row.id),
  );
  const toEntry = (row: (typeof rows)[number]) => toRelated(row, parts.get(row.id) ?? []);
  return { replaces: replaces.map(toEntry), replacedBy: replacedBy.map(toEntry) };
}

function toRelated(
  { id, transaction_number, state }: { id: number; transaction_number: number; state: string },
  parts: readonly Part[],
): RelatedForwarding {
  return {
    id,
    transaction: transaction_number as Transaction,
    state: state as ForwardingState,
    submissions: parts.flatMap(({ number: part, submissions }) =>
      submissions
        .filter((each) => !unsentStates.includes(each.state))
        .map(({ attempt, isoName, state, isoFileId }) => ({ part, attempt, isoName, state, isoFileId })),
    ),
  };
}
