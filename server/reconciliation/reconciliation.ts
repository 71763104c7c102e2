import { Readable } from 'node:stream';
import type Router from '@koa/router';
import { z } from 'zod';
import { isDay } from '../../storage/model/resource.ts';
import { fates } from '../../storage/reconciliation/fates.ts';
import { reconcile } from '../../storage/reconciliation/reconcile.ts';
import type { ReconcileDeps } from '../../storage/reconciliation/row.ts';
import { toJson } from '../../storage/reconciliation/to-json.ts';
import type { ServerState } from '../http/context.ts';
import { addEndpoint, type Endpoint } from '../http/endpoint.ts';
import { countNumber, instantText, nothing } from '../http/fields.ts';
import { negotiate } from '../http/negotiate.ts';

const dayField = z
  .string()
  .refine(isDay, 'a day as ccyy-mm-dd')
  .meta({ type: 'string', format: 'date', description: 'Trade day, ccyy-mm-dd', example: '2026-11-01' });

const rowSchema = z
  .strictObject({
    fate: z.enum(fates),
    isLeftOver: z.boolean(),
    transaction: countNumber
      .nullable()
      .meta({ description: "null for a file of the ISO's that is not ours" }),
    line: countNumber.nullable().meta({ description: 'Line of the record in the posted file' }),
    meter: z.string().nullable(),
    channel: z.string().nullable(),
    unit: z.string().nullable(),
    firstEndAt: instantText.nullable().meta({ description: 'End of the first interval' }),
    lastEndAt: instantText.nullable(),
    intervals: countNumber,
    resourceId: z.string().nullable(),
    account: z.string().nullable(),
    forwarding: countNumber.nullable(),
    part: countNumber.nullable(),
    isoName: z.string().nullable(),
    isoFileId: z.string().nullable().meta({ description: 'File id, or batch id' }),
    isoStatus: z.string().nullable(),
    words: z.string(),
  })
  .meta({ id: 'ReconciliationRow', description: 'Neighbouring intervals with one fate' });

const total = z.strictObject({ rows: countNumber, intervals: countNumber });

export const reconciliationEndpoint = {
  method: 'get',
  path: '/reconciliation',
  summary: 'reconcile with the ISO',
  roles: ['staff'],
  params: nothing,
  query: z.strictObject({
    from: dayField.optional(),
    to: dayField.optional(),
    account: z
      .string()
      .max(32)
      .optional()
      .meta({ description: 'Only this account, and what is mapped to none' }),
  }),
  answers: {
    200: {
      description:
        'What was posted for the ISO and what became of it; then what the ISO has that is not ours',
      content: {
        'application/json': {
          schema: z
            .strictObject({
              rows: z.array(rowSchema),
              totals: z.partialRecord(z.enum(fates), total),
              isLeftOver: z.boolean(),
            })
            .meta({ id: 'ReconciliationReport' }),
          example: { rows: [], totals: {}, isLeftOver: false },
        },
      },
    },
  },
  problems: ['invalid-request', 'not-acceptable'],
} as const satisfies Endpoint;

/** `GET /reconciliation`: the report as it is made; what is not wanted any more is not made. */
export function addReconciliation(router: Router<ServerState>, deps: ReconcileDeps): void {
  addEndpoint(router, reconciliationEndpoint, (ctx, { query }) => {
    negotiate(ctx, 'json');
    ctx.type = 'application/json';
    ctx.body = Readable.from(toJson(reconcile(deps, query)));
  });
}
