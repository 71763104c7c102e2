import { z } from 'zod';
import { postableFormats } from '../../storage/formats/format.ts';
import { MdmaError } from '../../storage/model/errors.ts';
import { reasonCodeNames } from '../../storage/model/reason-code.ts';
import type { MappingAccount } from '../../storage/model/resource.ts';
import type { Mailboxes } from '../../storage/ports/mailboxes.ts';
import type { Participant } from '../../storage/ports/participants.ts';
import type { PassThroughAccount, PostRequest } from '../../storage/post-file.ts';
import { mailboxField, transactionField } from '../http/fields.ts';

/** An account at the ISO that files may be passed through to. */
export type IsoAccount = MappingAccount & PassThroughAccount;

const flag = z.enum(['true', 'false'], 'true or false').transform((text) => text === 'true');

/** Without control characters: it is shown and logged. */
const line = (most: number) =>
  z.string().regex(new RegExp(`^\\P{Cc}{0,${most}}$`, 'u'), `at most ${most} characters on one line`);

const anyName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, '1 to 64 letters, digits, dots, dashes and underscores');

/** What is said about a file beside its bytes: the query of a raw post, the fields of a form. */
export const parametersSchema = z
  .strictObject({
    mailbox: z
      .preprocess(
        (given) => (typeof given === 'string' ? [given] : given),
        z.array(mailboxField).max(500, 'at most 500 mailboxes').default([]),
      )
      .meta({
        type: 'array',
        items: { type: 'string' },
        description: 'Into which mailbox; may be repeated',
        example: ['esp-one'],
      }),
    account: anyName
      .optional()
      .meta({ description: "Pass the ISO's own formats (OMAR CSV, MDEF) through to this ISO account" }),
    'archive-only': flag.optional().meta({
      type: 'string',
      enum: ['true', 'false'],
      description: 'Keep it, show it to nobody: needed when neither mailbox nor account is named',
    }),
    format: z.enum(postableFormats).optional().meta({
      description: 'Found out from the content when left out; the content must agree, whatever the name says',
    }),
    profile: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._:=-]{0,199}$/, 'the name of a profile, and settings after colons')
      .optional()
      .meta({
        description: "Dialect to read it in, and settings after colons; the mailbox's own when left out",
        example: 'nisc-dcsi:local-stamps',
      }),
    name: line(255).default('').meta({ description: 'Name that the file came with' }),
    corrects: transactionField.optional().meta({ description: 'The transaction that this one corrects' }),
    reason: z.enum(reasonCodeNames).optional().meta({ description: 'Why; goes with corrects' }),
    note: line(1_000).default('').meta({ description: 'In your words' }),
    complete: flag.default(true).meta({
      type: 'string',
      enum: ['true', 'false'],
      default: 'true',
      description: 'Whether it holds complete billing periods',
    }),
  })
  .refine((all) => (all.corrects === undefined) === (all.reason === undefined), {
    path: ['reason'],
    message: 'corrects and reason together, or neither',
  })
  .refine((all) => (all['archive-only'] === true) !== (all.mailbox.length > 0 || all.account !== undefined), {
    path: ['mailbox'],
    message: 'at least one mailbox or an account, or else archive-only=true',
  });

export type Parameters = z.output<typeof parametersSchema>;

/** Printable ASCII, as the draft standard's quoted strings and everybody's UUIDs are. */
const idempotencyKeyField = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, '1 to 255 printable ASCII characters')
  .meta({
    description: 'The same key again answers with the first result and posts nothing',
    example: '0f3a99c0-1b2d-4e5f-8a76-54321fedcba9',
  });

/** The header alone, so that its faults name it. */
export const idempotencyKeySchema = z.strictObject({ 'Idempotency-Key': idempotencyKeyField.optional() });

interface Deps {
  readonly mailboxes: Pick<Mailboxes, 'getMailboxes'>;
  readonly isoAccounts: readonly IsoAccount[];
}

/**
 * What the parameters ask for, looked up.
 *
 * @throws `not-found` when a mailbox, `invalid-request` when an account is not there
 */
export async function toPostRequest(
  deps: Deps,
  postedBy: Participant,
  parameters: Parameters,
  key: string | undefined,
): Promise<PostRequest> {
  const { name, format, profile, corrects, reason, note, complete, account } = parameters;
  const names = [...new Set(parameters.mailbox)].sort();
  return {
    postedBy,
    mailboxes: await deps.mailboxes.getMailboxes(names),
    originalName: name,
    format,
    profile,
    isComplete: complete,
    corrects: corrects ?? null,
    reasonCode: reason ?? null,
    note,
    isoAccount: account === undefined ? null : getIsoAccount(deps.isoAccounts, account),
    idempotency:
      key === undefined ? null : { key, parametersText: toParametersText({ ...parameters, mailbox: names }) },
  };
}

function getIsoAccount(accounts: readonly IsoAccount[], name: string): IsoAccount {
  const account = accounts.find((each) => each.name === name);
  if (account !== undefined) return account;
  const known = accounts.map((each) => each.name).join(', ') || 'none is configured';
  throw new MdmaError('invalid-request', `Cannot post: there is no ISO account ${JSON.stringify(name)}`, {
    faults: [{ at: 'account', value: name, expected: `a configured ISO account: ${known}` }],
  });
}

/** The same for the same request, in whatever order it was written. */
function toParametersText(parameters: Parameters): string {
  return JSON.stringify(Object.entries(parameters).sort(([one], [other]) => (one < other ? -1 : 1)));
}
