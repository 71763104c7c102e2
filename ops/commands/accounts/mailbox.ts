import { type Command, Option } from 'commander';
import { cmepProfiles } from '../../../storage/formats/cmep/profiles.ts';
import { toInvalid } from '../../../storage/model/errors.ts';
import { parseMailboxName, parseParticipantName } from '../../../storage/model/mailbox.ts';
import { defaultOnLineDays, minOnLineDays } from '../../../storage/model/retention.ts';
import { isZone } from '../../../storage/model/time.ts';
import type { Context } from '../../context.ts';
import { parseCount } from '../../parse-option.ts';
import { jsonOption, print } from '../../print.ts';
import { toTable } from '../../table.ts';
import { operator, withStore } from '../../with-store.ts';

interface AddOptions {
  readonly owner: string;
  readonly zone: string;
  readonly profile: string;
  readonly onLineDays: number;
  readonly allowRaw?: boolean;
  readonly demandMapping?: boolean;
  readonly json?: boolean;
}

/** `mailbox add|list`. */
export function addMailboxCommand(program: Command, context: Context): void {
  const mailbox = program.command('mailbox').description('mailboxes: add, list');
  mailbox
    .command('add')
    .description("add a participant's mailbox")
    .argument('<name>', 'its name, as it stands in paths')
    .requiredOption('--owner <participant>', 'whose mailbox it is')
    .option('--zone <zone>', 'time zone of its file names; never changes', 'America/Los_Angeles')
    .addOption(
      new Option('--profile <name>', 'dialect in which postings to it are read')
        .choices(cmepProfiles.map(({ name }) => name))
        .default('strict'),
    )
    .option(
      '--on-line-days <days>',
      `days that a file stays on line, at least ${minOnLineDays}`,
      parseCount,
      defaultOnLineDays,
    )
    .option('--allow-raw', 'raw (not validated) data may be posted to it, by agreement')
    .option('--demand-mapping', 'refuse files with readings for the ISO whose meter is not mapped')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  mdma mailbox add esp-one --owner esp-one --on-line-days 10')
    .action((name: string, options: AddOptions, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        const added = await catalogue.mailboxes.addMailbox(parseAddition(name, options));
        print(context, options, added, `Added mailbox ${added.name} of ${added.owner}.\n`);
      }),
    );
  mailbox
    .command('list')
    .description('list all mailboxes')
    .addOption(jsonOption())
    .action((options: { json?: boolean }, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        const found = await catalogue.mailboxes.listMailboxes(operator);
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
          ],
          'There are no mailboxes yet.',
        );
        print(context, options, found, table);
      }),
    );
}

function parseAddition(name: string, options: AddOptions) {
  const { owner, zone, profile, onLineDays, allowRaw = false, demandMapping = false } = options;
  if (!isZone(zone)) {
    throw toInvalid('Cannot add mailbox', {
      at: '--zone',
      value: zone,
      expected: 'a time zone such as America/Los_Angeles',
    });
  }
  if (onLineDays < minOnLineDays) {
    const expected = `at least ${minOnLineDays}`;
    throw toInvalid('Cannot add mailbox', { at: '--on-line-days', value: String(onLineDays), expected });
  }
  return {
    name: parseMailboxName(name),
    owner: parseParticipantName(owner),
    zone,
    profile,
    onLineDays,
    allowsRaw: allowRaw,
    demandsMapping: demandMapping,
  };
}
