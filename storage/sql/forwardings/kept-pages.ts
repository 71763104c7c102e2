import { MdmaError } from '../../model/errors.ts';
import type { WorkKind } from '../../model/forwarding.ts';
import type { Sha256 } from '../../model/sha256.ts';
import { parseFileKey } from '../../ports/file-store.ts';
import type { Forwardings, Stop } from '../../ports/forwardings.ts';
import { appendEvent } from '../append-event.ts';
import type { Context } from '../context.ts';
import { insertFile } from '../files/insert-file.ts';

type Page = Parameters<Forwardings['keepPage']>[0];

export function stopAgain(
  context: Context,
  { account, kind, fingerprint }: Pick<Page, 'account' | 'kind' | 'fingerprint'>,
): Promise<boolean> {
  return context.database.write(async (queries) => {
    const [page] = await queries
      .selectFrom('kept_page')
      .select(['id', 'released_at'])
      .where('account', '=', account)
      .where('kind', '=', kind)
      .where('fingerprint', '=', fingerprint)
      .execute();
    if (page === undefined) return false;
    if (page.released_at === null) return true;
    await queries.updateTable('kept_page').set({ released_at: null }).where('id', '=', page.id).execute();
    const body = { account, kind };
    await appendEvent(queries, context, { subject: 'kept-page', subjectId: page.id, kind: 'stopped', body });
    return true;
  });
}

export function keepPage(
  context: Context,
  { account, kind, fingerprint, why, head, file }: Page,
): Promise<void> {
  return context.database.write(async (queries) => {
    const now = context.clock.now();
    const life = { createdAt: now, leavesAt: null, deleteAt: null, isServed: false };
    const file_id = await insertFile(queries, file, life);
    const { id } = await queries
      .insertInto('kept_page')
      .values({
        ...{ account, kind, fingerprint, why, file_id, kept_at: now, released_at: null },
        http_status: head.httpStatus,
        content_type: head.contentType,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await appendEvent(queries, context, {
      subject: 'kept-page',
      subjectId: id,
      kind: 'stopped',
      at: now,
      body: { account, kind, why, sha256: file.sha256 },
    });
  });
}

export async function listStops(context: Context, account: string | undefined): Promise<Stop[]> {
  const rows = await context.database.read
    .selectFrom('kept_page')
    .innerJoin('file', 'file.id', 'kept_page.file_id')
    .select(['kept_page.id', 'kept_page.account', 'kept_page.kind', 'kept_page.why', 'kept_page.kept_at'])
    .select(['kept_page.http_status', 'kept_page.content_type'])
    .select(['file.key', 'file.sha256', 'file.bytes'])
    .where('kept_page.released_at', 'is', null)
    .$if(account !== undefined, (query) => query.where('kept_page.account', '=', account as string))
    .orderBy('kept_page.id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    account: row.account,
    kind: row.kind as WorkKind,
    why: row.why,
    head:
      row.http_status === null ? null : { httpStatus: row.http_status, contentType: row.content_type ?? '' },
    file: { key: parseFileKey(row.key), sha256: row.sha256 as Sha256, bytes: row.bytes },
    keptAt: row.kept_at,
  }));
}

export function releaseStop(context: Context, id: number, by: string, reason: string): Promise<void> {
  return context.database.write(async (queries) => {
    const now = context.clock.now();
    const released = await queries
      .updateTable('kept_page')
      .set({ released_at: now })
      .where('id', '=', id)
      .where('released_at', 'is', null)
      .returning(['account', 'kind'])
      .execute();
    const [page] = released;
    if (page === undefined) throw new MdmaError('not-found', `Cannot release stop ${id}: there is none`);
    await appendEvent(queries, context, {
      subject: 'kept-page',
      subjectId: id,
      kind: 'released',
      at: now,
      body: { ...page, by, reason },
    });
  });
}
