import { type Command, Option } from 'commander';
import { parseParticipantName, type Role, roles } from '../../../storage/model/mailbox.ts';
import type { Context } from '../../context.ts';
import { jsonOption, print } from '../../print.ts';
import { toTable } from '../../table.ts';
import { withStore } from '../../with-store.ts';

/** `participant add|list`: who may log in. */
export function addParticipantCommand(program: Command, context: Context): void {
  const participant = program.command('participant').description('who may log in: add, list');
  participant
    .command('add')
    .description('add a participant, a member of staff or a program of theirs')
    .argument('<name>', 'short name, as it stands in paths and records')
    .requiredOption('--title <text>', 'full name, for people')
    .addOption(
      new Option(
        '--role <role>',
        'what it may do: participants read their own mailboxes, staff post and see all',
      )
        .choices(roles)
        .default('participant'),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExample:\n  mdma participant add esp-one --title "First Energy Services" --role participant',
    )
    .action((name: string, options: { title: string; role: Role; json?: boolean }, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        const input = { name: parseParticipantName(name), title: options.title, role: options.role };
        const added = await catalogue.participants.addParticipant(input);
        print(context, options, added, `Added ${added.role} ${added.name}.\n`);
      }),
    );
  participant
    .command('list')
    .description('list all participants with their mailboxes')
    .addOption(jsonOption())
    .action((options: { json?: boolean }, command: Command) =>
      withStore(context, command, async ({ catalogue }) => {
        const found = await catalogue.participants.listParticipants();
        const table = toTable(
          found,
          [
            { heading: 'NAME', cell: ({ name }) => name },
            { heading: 'ROLE', cell: ({ role }) => role },
            { heading: 'TITLE', cell: ({ title }) => title },
            { heading: 'MAILBOXES', cell: ({ mailboxes }) => mailboxes.join(' ') },
          ],
          'There are no participants yet.',
        );
        print(context, options, found, table);
      }),
    );
}
