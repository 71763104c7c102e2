import type Router from '@koa/router';
import { z } from 'zod';
import { MdmaError } from '../../storage/model/errors.ts';
import type { Mailboxes } from '../../storage/ports/mailboxes.ts';
import type { Retrievals } from '../../storage/ports/retrievals.ts';
import { getReader, type ServerState } from '../http/context.ts';
import { addEndpoint, type Endpoint } from '../http/endpoint.ts';
import { fileNameField, mailboxField, nothing, sha256Field } from '../http/fields.ts';
import { toNotFound } from '../http/not-found.ts';
import type { Pace } from '../http/read-body.ts';
import { readForm } from '../http/read-form.ts';

const receiptSchema = z.strictObject({ sha256: sha256Field }).meta({
  id: 'Receipt',
  description: 'The SHA-256 of the file as it arrived, after any content coding was taken off',
});

export const receiptEndpoint = {
  method: 'put',
  path: '/mailboxes/{mailbox}/{name}/receipt',
  summary: 'acknowledge file',
  roles: ['participant', 'staff', 'program'],
  params: z.strictObject({ mailbox: mailboxField, name: fileNameField }),
  query: nothing,
  body: {
    description: 'What arrived',
    content: {
      'application/json': {
        schema: receiptSchema,
        example: { sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9' },
      },
    },
  },
  answers: {
    200: {
      description: 'Acknowledged: your retrievals of the file are on record as received whole',
      content: {
        'application/json': {
          schema: z
            .strictObject({ name: z.string(), state: z.literal('acknowledged') })
            .meta({ id: 'Acknowledged' }),
          example: { name: '202611210905.dat', state: 'acknowledged' },
        },
      },
    },
  },
  problems: ['invalid-request', 'not-found', 'conflict', 'too-large', 'unknown-format', 'digest-mismatch'],
} as const satisfies Endpoint;

interface Deps {
  readonly mailboxes: Pick<Mailboxes, 'findMailbox' | 'findFile'>;
  readonly retrievals: Pick<Retrievals, 'acknowledge'>;
  readonly pace: Pace;
}

/** `PUT …/receipt`: the client's own word that the file arrived; a wrong digest is put on record too, and refused. */
export function addReceipt(router: Router<ServerState>, deps: Deps): void {
  addEndpoint(router, receiptEndpoint, async (ctx, { params }) => {
    const reader = getReader(ctx);
    const mailbox = await deps.mailboxes.findMailbox(reader, params.mailbox);
    const file = mailbox && (await deps.mailboxes.findFile(mailbox.id, params.name));
    if (mailbox === undefined || file === undefined) throw toNotFound();
    const action = `Cannot acknowledge "${file.name}"`;
    const { sha256 } = await readForm(ctx, receiptSchema, { action, pace: deps.pace });
    if (!(await deps.retrievals.acknowledge(reader, mailbox.id, file.name, sha256))) {
      throw new MdmaError('digest-mismatch', `${action}: its SHA-256 is another one; retrieve it again`);
    }
    ctx.body = { name: file.name, state: 'acknowledged' };
  });
}
