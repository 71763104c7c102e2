import { writeXml } from '../../../storage/formats/xml/template-writer.ts';
import { type Instant, toIsoText } from '../../../storage/model/time.ts';
import type { MrisMapping } from '../../mris/messages/mapping.ts';
import { toState } from './holdings.ts';
import type { HeldBatch } from './ledger.ts';

/** What BatchValidationStatus says of a batch at `now`. */
export function toStatusDocument(batch: HeldBatch, now: Instant, mapping: MrisMapping): string {
  const state = toState(batch, now);
  const { success, error, template } = mapping.batchStatus;
  const status = { 'in-process': 'IN PROCESS', success, error }[state];
  const toLog = ({ message }: HeldBatch['errors'][number]) => ({
    fields: { message, priority: '1', loggedAt: toIsoText(batch.receivedAt + batch.validationMs) },
    lists: {},
  });
  const shown = state === 'in-process' ? [] : batch.errors;
  return [
    ...writeXml(template, {
      fields: { batchId: batch.batchId, status, createdAt: toIsoText(batch.receivedAt) },
      lists: {
        errors: shown.filter(({ series }) => series === undefined).map(toLog),
        resources: shown.flatMap((each) => {
          if (each.series === undefined) return [];
          const { resourceKind, resourceId, measurementType } = each.series;
          const intervals = each.intervalEndsAt.map((endAt) => ({
            fields: { endAt: toIsoText(endAt) },
            lists: {},
          }));
          return [
            {
              kind: resourceKind,
              fields: { resourceId, measurementType },
              lists: { intervals, errors: [toLog(each)] },
            },
          ];
        }),
      },
    }),
  ].join('');
}
