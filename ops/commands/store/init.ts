import type { Command } from 'commander';
import { createStore } from '../../../storage/open.ts';
import type { Context } from '../../context.ts';
import { jsonOption, print } from '../../print.ts';
import { loadNamedConfig } from '../../with-store.ts';

/** `init`: the only command that makes a store; it also brings one of an older program up to date. */
export function addInitCommand(program: Command, context: Context): void {
  program
    .command('init')
    .description('make the store that the configuration names, or bring an older one up to date')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nStop the programs and make a backup before an older store is brought up to date.',
    )
    .action(async (options: { json?: boolean }, command: Command) => {
      const { storage } = await loadNamedConfig(context, command);
      const made = await createStore(storage, context.clock);
      print(context, options, { ...made, ...storage }, `${toSentence(made)} (${storage.databaseFile})\n`);
    });
}

function toSentence({ isNew, migrations }: { isNew: boolean; migrations: readonly string[] }): string {
  if (isNew) return 'Made a new store.';
  if (migrations.length === 0) return 'The store is there and up to date; nothing was changed.';
  return `Brought the store up to date: ${migrations.join(', ')}.`;
}
