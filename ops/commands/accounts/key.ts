import { createHash } from 'node:crypto';
import type { Command } from 'commander';
import { parseParticipantName } from '../../../storage/model/mailbox.ts';
import { parseSha256 } from '../../../storage/model/sha256.ts';
import { dayMs } from '../../../storage/model/time.ts';
import type { ApiKeyEntry } from '../../../storage/ports/participants.ts';
import type { Context } from '../../context.ts';
import { parseCount } from '../../parse-option.ts';
import { jsonOption, print } from '../../print.ts';
import { type Column, toTable, toTimeText } from '../../table.ts';
import { withStore } from '../../with-store.ts';

interface IssueOptions {
  readonly participant: string;
  readonly label: string;
  readonly days?: number;
  readonly json?: boolean;
}

/** `key issue|revoke|list`: API keys, for programs that cannot carry a certificate. */
export function addKeyCommand(program: Command, context: Context): void {
  const key = program.command('key').description('API keys: issue, revoke, list');
  key
    .command('issue')
    .description('issue an API key; it is shown once and kept only as a digest')
    .requiredOption('--participant <name>', 'whom it lets in')
    .requiredOption('--label <text>', 'what it is for')
    .option('--days <number>', 'how long it is good; without it until it is revoked', parseCount)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExample:\n  mdma key issue --participant esp-one --label "nightly fetch" --days 365',
    )
    .action((options: IssueOptions, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        const participant = parseParticipantName(options.participant);
        const id = context.random(8).toString('hex');
        const secret = context.random(32).toString('base64url');
        const secretSha256 = parseSha256(createHash('sha256').update(secret).digest('hex'));
        const expiresAt = options.days === undefined ? null : context.clock.now() + options.days * dayMs;
        await catalogue.participants.issueKey({
          participant,
          id,
          secretSha256,
          label: options.label,
          expiresAt,
        });
        if (options.json !== true)
          context.stderr.write('This key is not shown again. It goes into a header:\n');
        const header = `Authorization: Bearer ${id}.${secret}\n`;
        print(context, options, { id, key: `${id}.${secret}`, participant, expiresAt }, header);
      }),
    );
  key
    .command('revoke')
    .description('shut a key out, from the next request on')
    .argument('<id>', 'the part of the key before the dot')
    .addOption(jsonOption())
    .action((id: string, options: { json?: boolean }, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        await catalogue.participants.revokeKey(id);
        print(context, options, { id }, `Revoked ${id}.\n`);
      }),
    );
  key
    .command('list')
    .description('list all keys; secrets are not known here')
    .addOption(jsonOption())
    .action((options: { json?: boolean }, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        const found = await catalogue.participants.listKeys();
        print(
          context,
          options,
          found,
          toTable(found, toColumns(context.clock.now()), 'There are no keys yet.'),
        );
      }),
    );
}

function toColumns(now: number): Column<ApiKeyEntry>[] {
  const toState = ({ revokedAt, expiresAt }: ApiKeyEntry) => {
    if (revokedAt !== null) return 'revoked';
    return expiresAt !== null && expiresAt <= now ? 'ended' : 'good';
  };
  return [
    { heading: 'ID', cell: ({ id }) => id },
    { heading: 'PARTICIPANT', cell: ({ participant }) => participant },
    { heading: 'STATE', cell: toState },
    { heading: 'ENDS', cell: ({ expiresAt }) => toTimeText(expiresAt) },
    { heading: 'LABEL', cell: ({ label }) => label },
  ];
}
