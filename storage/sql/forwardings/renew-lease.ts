import type { Instant } from '../../model/time.ts';
import type { Context } from '../context.ts';
import { getHeldForwarding } from './held-forwarding.ts';

export function renewLease(context: Context, id: number, leaseUntilAt: Instant): Promise<void> {
  return context.database.write(async (queries) => {
    await getHeldForwarding(queries, context, id);
    await queries
      .updateTable('forwarding')
      .set({ lease_until_at: leaseUntilAt })
      .where('id', '=', id)
      .execute();
  });
}
