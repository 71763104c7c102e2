import type { Context } from './context.ts';
import { prepared } from './prepared.ts';
import type { Queries } from './queries.ts';

/** What an event may be about; `subject_id` is that thing's number. */
export type Subject =
  | 'participant'
  | 'mailbox'
  | 'posting'
  | 'refusal'
  | 'retrieval'
  | 'mailbox-file'
  | 'file'
  | 'forwarding'
  | 'resource'
  | 'kept-page'
  | 'store';

const insertEvent = prepared(
  (
    queries,
    event: { at: number; instance: string; subject: string; subject_id: number; kind: string; body: string },
  ) =>
    queries.insertInto('event').values({
      at: event.at,
      instance: event.instance,
      subject: event.subject,
      subject_id: event.subject_id,
      kind: event.kind,
      body: event.body,
    }),
);

/** Appends one event, inside the transaction of the change it tells of (invariant 7). */
export async function appendEvent(
  queries: Queries,
  context: Pick<Context, 'clock' | 'instance'>,
  event: { subject: Subject; subjectId: number; kind: string; body: Record<string, unknown>; at?: number },
): Promise<void> {
  await insertEvent(queries, {
    at: event.at ?? context.clock.now(),
    instance: context.instance,
    subject: event.subject,
    subject_id: event.subjectId,
    kind: event.kind,
    body: toCanonicalJson(event.body),
  });
}

/** JSON with the keys in order, so that the same event always has the same bytes (ruling 12). */
export function toCanonicalJson(value: unknown): string {
  return JSON.stringify(toOrdered(value));
}

function toOrdered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toOrdered);
  if (value === null || typeof value !== 'object') return value;
  const ordered: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort())
    ordered[key] = toOrdered((value as Record<string, unknown>)[key]);
  return ordered;
}
