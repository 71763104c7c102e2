import type { Move, NewPart } from '../../ports/forwardings.ts';
import type { DurableFile } from '../../ports/postings.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import { insertFile } from '../files/insert-file.ts';
import type { Queries } from '../queries.ts';
import { getHeldForwarding, moveHeld } from './held-forwarding.ts';

export function recordParts(
  context: Context,
  id: number,
  parts: readonly NewPart[],
  left: Readonly<Record<string, number>>,
  move: Move,
): Promise<void> {
  return context.database.write(async (queries) => {
    const held = await getHeldForwarding(queries, context, id);
    for (const { number, file, extension, records } of parts) {
      const file_id = await findOrInsertFile(queries, context, id, file);
      await queries
        .insertInto('part')
        .values({ forwarding_id: id, number, file_id, extension, records })
        .execute();
    }
    await queries
      .updateTable('forwarding')
      .set({ unmapped: left.unmapped ?? 0 })
      .where('id', '=', id)
      .execute();
    await appendEvent(queries, context, {
      subject: 'forwarding',
      subjectId: id,
      kind: 'prepared',
      body: {
        left,
        parts: parts.map(({ number, file, records }) => ({
          number,
          sha256: file.sha256,
          bytes: file.bytes,
          records,
        })),
      },
    });
    await moveHeld(queries, context, held, move);
  });
}

/** A file that passes through is the posted one, whose row is there already; a part is deleted with its posting. */
async function findOrInsertFile(
  queries: Queries,
  context: Context,
  forwardingId: number,
  file: DurableFile,
): Promise<number> {
  const [known] = await queries.selectFrom('file').select('id').where('key', '=', file.key).execute();
  if (known !== undefined) return known.id;
  const { delete_at: deleteAt } = await queries
    .selectFrom('forwarding')
    .innerJoin('posting', 'posting.transaction_number', 'forwarding.transaction_number')
    .innerJoin('source', 'source.id', 'posting.source_id')
    .innerJoin('file', 'file.id', 'source.file_id')
    .select('file.delete_at')
    .where('forwarding.id', '=', forwardingId)
    .executeTakeFirstOrThrow();
  return insertFile(queries, file, {
    createdAt: context.clock.now(),
    leavesAt: null,
    deleteAt,
    isServed: false,
  });
}
