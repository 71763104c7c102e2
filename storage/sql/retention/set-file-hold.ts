import { MdmaError } from '../../model/errors.ts';
import type { Transaction } from '../../model/transaction.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';

export function setFileHold(
  context: Context,
  transaction: Transaction,
  isHeld: boolean,
  by: string,
  reason: string,
): Promise<void> {
  return context.database.write(async (queries) => {
    const [file] = await queries
      .selectFrom('posting')
      .innerJoin('source', 'source.id', 'posting.source_id')
      .innerJoin('file', 'file.id', 'source.file_id')
      .select(['file.id', 'file.deleted_at'])
      .where('posting.transaction_number', '=', transaction)
      .execute();
    const verb = isHeld ? 'hold' : 'release';
    if (file === undefined) {
      throw new MdmaError('not-found', `Cannot ${verb} transaction ${transaction}: there is none`);
    }
    if (file.deleted_at !== null) {
      throw new MdmaError('conflict', `Cannot ${verb} transaction ${transaction}: its bytes were deleted`);
    }
    await queries
      .updateTable('file')
      .set({ is_held: isHeld ? 1 : 0 })
      .where('id', '=', file.id)
      .execute();
    await appendEvent(queries, context, {
      subject: 'file',
      subjectId: file.id,
      kind: isHeld ? 'held' : 'released',
      body: { by, reason, transaction },
    });
  });
}
