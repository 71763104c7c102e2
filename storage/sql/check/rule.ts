import type { RawBuilder } from 'kysely';
import type { Finding } from '../../ports/catalogue.ts';
import type { Queries } from '../queries.ts';

/** Rows listed for one kind of contradiction; more would not help to mend it. */
const maxListed = 100;

/** Something that must never be so. */
export interface Rule {
  readonly invariant: string;
  readonly found: string;
  /** Gives the subjects that break the rule, as text. */
  readonly broken: RawBuilder<{ subject: string }>;
}

export async function findBroken(queries: Queries, { invariant, found, broken }: Rule): Promise<Finding[]> {
  const { rows } = await broken.execute(queries);
  return rows.slice(0, maxListed).map(({ subject }) => ({ invariant, subject, found }));
}
