import { access, constants, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { postableFormats } from '../../../storage/formats/format.ts';
import { parseProfile, profileNames } from '../../../storage/formats/scanners.ts';
import { reasonCodeNames } from '../../../storage/model/reason-code.ts';
import { parseTransaction, type Transaction } from '../../../storage/model/transaction.ts';
import type { ClientConfig } from '../../client/client-config.ts';
import { createHttpsCaller, type HttpsCaller } from '../../client/https-caller.ts';
import { type Posted, sendPosting } from '../../client/send-posting.ts';
import { getSection } from '../../config.ts';
import type { Context } from '../../context.ts';
import { asOption, collect } from '../../parse-option.ts';
import { jsonOption, print } from '../../print.ts';
import { createProgress } from '../../progress.ts';
import { loadNamedConfig } from '../../with-store.ts';
import { toUnreadable } from '../formats/source.ts';

const profiles = [...new Set(postableFormats.flatMap(profileNames))].join(', ');

interface Options {
  readonly mailbox?: readonly string[];
  readonly account?: string;
  readonly archiveOnly?: boolean;
  readonly format?: string;
  readonly profile?: string;
  readonly corrects?: Transaction;
  readonly reason?: string;
  readonly note?: string;
  readonly incomplete?: boolean;
  readonly idempotencyKey?: string;
  readonly url?: string;
  readonly authority?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly json?: boolean;
}

/** `post FILE`: posts over HTTPS, as staff with their certificate, so that it is on record who did. */
export function addPostCommand(program: Command, context: Context): void {
  program
    .command('post')
    .description('post a file to the running server, over HTTPS with a client certificate')
    .argument('<file>', 'the file')
    .option('--mailbox <name>', 'mailbox it goes to; may be given several times', collect)
    .option('--account <name>', "pass the ISO's own formats (OMAR CSV, MDEF) through to this ISO account")
    .option('--archive-only', 'keep it, show it to nobody')
    .addOption(
      new Option(
        '--format <name>',
        'what it is, whatever its name says; found out from the content when left out',
      ).choices(postableFormats),
    )
    .option(
      '--profile <name>',
      `dialect to read it in (${profiles}), settings after colons; for CMEP the mailbox's own when left out`,
      asOption((text) => parseProfile(text, postableFormats)),
    )
    .option('--corrects <transaction>', 'the posting that this one corrects', asOption(parseTransaction))
    .addOption(new Option('--reason <code>', 'why it is corrected').choices(reasonCodeNames))
    .option('--note <text>', 'in your words')
    .option('--incomplete', 'it does not hold complete billing periods')
    .option(
      '--idempotency-key <key>',
      'of an earlier attempt, to try again safely; made and shown when left out',
    )
    .optionsGroup('How to reach the server (what is left out comes from "client:" of the configuration):')
    .option('--url <address>', 'such as https://mdma.example.com:8443')
    .option('--authority <file>', "authority that the server's certificate is from (PEM)")
    .option('--certificate <file>', 'your client certificate (PEM)')
    .option('--key <file>', 'its key (PEM)')
    .optionsGroup('Options:')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  mdma post 20261120.dat --mailbox esp-one --mailbox udc-one
  mdma post fixed.dat --mailbox esp-one --corrects 1042 --reason estimate-replaced`,
    )
    .action((file: string, options: Options, command: Command) => post(file, options, context, command));
}

async function post(name: string, options: Options, context: Context, command: Command): Promise<void> {
  const file = path.resolve(context.cwd, name);
  // Before anything is said of an attempt that could be repeated.
  await access(file, constants.R_OK).catch((cause: unknown) => {
    throw toUnreadable(name, cause);
  });
  const caller = await openCaller(options, context, command);
  const key = options.idempotencyKey ?? context.random(16).toString('hex');
  context.stderr.write(
    `Idempotency key ${key}: the same command with --idempotency-key ${key} posts once only.\n`,
  );
  const progress = createProgress(context, 'bytes posted');
  try {
    const query = toQuery(file, options);
    const posted = await sendPosting(caller, {
      file,
      query,
      idempotencyKey: key,
      onProgress: progress.update,
    });
    progress.stop();
    print(context, options, posted, toText(posted));
  } finally {
    progress.stop();
    await caller.close();
  }
}

async function openCaller(options: Options, context: Context, command: Command): Promise<HttpsCaller> {
  const { url, certificate, key, authority } = options;
  const isComplete = url !== undefined && certificate !== undefined && key !== undefined;
  const configured: Partial<ClientConfig> = isComplete
    ? {}
    : getSection(await loadNamedConfig(context, command), 'client');
  const read = async (option: string | undefined, setting: string | undefined) => {
    const file = option === undefined ? setting : path.resolve(context.cwd, option);
    return file === undefined ? undefined : await readFile(file, 'utf8');
  };
  return createHttpsCaller({
    url: url ?? configured.url ?? '',
    authorityPem: await read(authority, configured.authorityFile),
    certificatePem: (await read(certificate, configured.certificateFile)) ?? '',
    keyPem: (await read(key, configured.keyFile)) ?? '',
  });
}

function toQuery(file: string, options: Options): URLSearchParams {
  const { mailbox = [], account, format, profile, corrects, reason, note } = options;
  const query = new URLSearchParams({ name: path.basename(file) });
  for (const name of mailbox) query.append('mailbox', name);
  if (options.archiveOnly === true) query.append('archive-only', 'true');
  if (options.incomplete === true) query.append('complete', 'false');
  for (const [name, value] of Object.entries({ account, format, profile, corrects, reason, note })) {
    if (value !== undefined) query.append(name, String(value));
  }
  return query;
}

function toText(posted: Posted & { isReplay: boolean }): string {
  const lines = [
    `${posted.isReplay ? 'Was posted already' : 'Posted'} as transaction ${posted.transaction}: ${posted.bytes} bytes.`,
    `SHA-256 ${posted.sha256}`,
    ...posted.files.map(({ mailbox, name }) => `  ${mailbox}/${name}`),
    ...posted.forwardings.map(({ id, account, state }) => `  forwarding ${id} to ${account}: ${state}`),
  ];
  return `${lines.join('\n')}\n`;
}
