import type { Way } from '../storage/model/forwarding.ts';
import type { Instant } from '../storage/model/time.ts';
import type { AttentionCounts } from '../storage/ports/forwardings.ts';

/** Whether the ISO has announced that an account may find it down now: nobody is alarmed. */
export type IsMaintenance = (account: string, way: Way) => boolean;

/** When what is most overdue should have been taken up; later than any instant when nothing is due. */
export function findOldestDueAt(
  { oldestDue }: Pick<AttentionCounts, 'oldestDue'>,
  isMaintenance: IsMaintenance,
): Instant {
  const expected = oldestDue.filter(({ account, way }) => !isMaintenance(account, way));
  return Math.min(...expected.map(({ dueAt }) => dueAt));
}
