import type { Command } from 'commander';
import { toInvalid } from '../../../storage/model/errors.ts';
import { parseMailboxName, parseParticipantName } from '../../../storage/model/mailbox.ts';
import { defaultOnLineDays } from '../../../storage/model/retention.ts';
import { isZone } from '../../../storage/model/time.ts';
import type { Mailbox } from '../../../storage/ports/mailboxes.ts';
import type { Context } from '../../context.ts';
import { jsonOption, print } from '../../print.ts';
import { toTable } from '../../table.ts';
import { operator, withStore } from '../../with-store.ts';
import {
  type MailboxOptions,
  parseMailboxChange,
  toLevelsText,
  toSettingsText,
  withMailboxOptions,
} from './mailbox-options.ts';

interface AddOptions extends MailboxOptions {
  readonly owner: string;
  readonly zone: string;
}

/** `mailbox add|set|list`. */
export function addMailboxCommand(program: Command, context: Context): void {
  const mailbox = program.command('mailbox').description('mailboxes: add, set, list');
  addAdd(mailbox, context);
  addSet(mailbox, context);
  addList(mailbox, context);
}

function addAdd(mailbox: Command, context: Context): void {
  const add = mailbox
    .command('add')
    .description("add a participant's mailbox")
    .argument('<name>', 'its name, as it stands in paths')
    .requiredOption('--owner <participant>', 'whose mailbox it is')
    .option('--zone <zone>', 'time zone of its file names; never changes', 'America/Los_Angeles');
  withMailboxOptions(add, ` (default: ${usual.profile})`, ` (default: ${defaultOnLineDays})`)
    .option('--allow-raw', 'raw (not validated) and missing values may be posted to it, by agreement')
    .option('--demand-mapping', 'refuse files with readings for the ISO whose meter is not mapped')
    .addHelpText('after', '\nExample:\n  mdma mailbox add esp-one --owner esp-one --on-line-days 10')
    .action((name: string, options: AddOptions, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        const added = await catalogue.mailboxes.addMailbox(parseAddition(name, options));
        print(context, options, added, `Added mailbox ${added.name} of ${added.owner}.\n`);
      }),
    );
}

function addSet(mailbox: Command, context: Context): void {
  const set = mailbox
    .command('set')
    .description('change a mailbox, for files posted from now on; on record')
    .argument('<name>', 'the mailbox');
  withMailboxOptions(set)
    .option('--allow-raw', 'raw (not validated) and missing values may be posted to it, by agreement')
    .option('--no-allow-raw', 'raw and missing values are refused')
    .option('--any-receiver', 'its files may name any receiver')
    .addHelpText(
      'after',
      '\nExamples:\n  mdma mailbox set esp-one --level C_GAP=error --level C_SPACING=off\n  mdma mailbox set esp-one --level C_GAP=default --receiver 123456789',
    )
    .action((text: string, options: MailboxOptions, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        const name = parseMailboxName(text);
        const [before] = await catalogue.mailboxes.getMailboxes([name]);
        const change = parseMailboxChange(options, before?.levels);
        const after = await catalogue.mailboxes.changeMailbox(name, change);
        print(context, options, after, `Mailbox ${after.name}: ${toSettingsText(after)}.\n`);
      }),
    );
}

function addList(mailbox: Command, context: Context): void {
  mailbox
    .command('list')
    .description('list all mailboxes')
    .addOption(jsonOption())
    .action((options: { json?: boolean }, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        const { mailboxes: found } = await catalogue.mailboxes.listMailboxes(operator);
        const table = toTable(
          found,
          [
            { heading: 'NAME', cell: ({ name }) => name },
            { heading: 'OWNER', cell: ({ owner }) => owner },
            { heading: 'ZONE', cell: ({ zone }) => zone },
            { heading: 'PROFILE', cell: ({ profile }) => profile },
            { heading: 'DAYS ON LINE', cell: ({ onLineDays }) => onLineDays, isNumber: true },
            { heading: 'RAW DATA', cell: ({ allowsRaw }) => (allowsRaw ? 'allowed' : 'refused') },
            { heading: 'UNMAPPED', cell: ({ demandsMapping }) => (demandsMapping ? 'refused' : 'counted') },
            { heading: 'LEVELS', cell: ({ levels }) => toLevelsText(levels) },
            { heading: 'RECEIVERS', cell: ({ receivers }) => receivers.join(' ') },
          ],
          'There are no mailboxes yet.',
        );
        print(context, options, found, table);
      }),
    );
}

const usual = {
  profile: 'strict',
  onLineDays: defaultOnLineDays,
  allowsRaw: false,
  demandsMapping: false,
  levels: {},
  receivers: [],
};

function parseAddition(name: string, options: AddOptions): Omit<Mailbox, 'id'> {
  const { owner, zone } = options;
  if (!isZone(zone)) {
    throw toInvalid('Cannot add mailbox', {
      at: '--zone',
      value: zone,
      expected: 'a time zone such as America/Los_Angeles',
    });
  }
  return {
    ...usual,
    name: parseMailboxName(name),
    owner: parseParticipantName(owner),
    zone,
    ...parseMailboxChange(options),
  };
}
