import path from 'node:path';
import type { Command } from 'commander';
import type { StorageConfig } from '../../../storage/config.ts';
import { openStore } from '../../../storage/open.ts';
import { type Restored, restoreBackup } from '../../backup/restore-backup.ts';
import { loadConfig } from '../../config.ts';
import type { Context } from '../../context.ts';
import { jsonOption, print } from '../../print.ts';
import { createProgress } from '../../progress.ts';
import { toTimeText } from '../../table.ts';
import { checkStore, toCheckedText } from './check.ts';

/** `restore FOLDER`, followed by a check of what was restored. */
export function addRestoreCommand(program: Command, context: Context): void {
  program
    .command('restore')
    .description('put a backup in place of a store that is lost, then check it; overwrites nothing')
    .argument('<folder>', 'the backup')
    .option(
      '--to <folder>',
      'restore into this new folder instead of the places of the configuration: a rehearsal',
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Both programs must be stopped. What happened after the backup is not in it, so:
- a million transaction numbers are left out, so that no name that may have reached the ISO comes again;
- every forwarding that had not ended is put on hold, since it may have been sent meanwhile: look for it in the ISO's
  list, then close it or let it go on (mdma submissions close|release ID --reason TEXT);
- certificates and keys that were revoked since are good again: revoke them anew before the server starts.
ops/runbooks/restore.md has the whole procedure.

Example:
  mdma restore /backup/mdma-2026-11-21`,
    )
    .action(async (name: string, options: { to?: string; json?: boolean }, command: Command) => {
      const storage = await findPlaces(context, options.to, command);
      const progress = createProgress(context, 'files verified and restored');
      const restored = await restoreBackup({
        folder: path.resolve(context.cwd, name),
        storage,
        clock: context.clock,
        by: context.startedBy,
        onProgress: progress.update,
      }).finally(progress.stop);
      if (options.json !== true) context.stdout.write(toText(restored, storage));
      const store = await openStore(storage, { program: 'ops', clock: context.clock });
      const checked = await checkStore(store, context, {}).finally(() => store.close());
      print(context, options, { ...restored, ...checked }, toCheckedText(checked));
    });
}

async function findPlaces(
  context: Context,
  to: string | undefined,
  command: Command,
): Promise<StorageConfig> {
  if (to === undefined) return (await loadConfig(command.optsWithGlobals().config, context.cwd)).storage;
  const folder = path.resolve(context.cwd, to);
  return {
    databaseFile: path.join(folder, 'catalogue.sqlite'),
    filesFolder: path.join(folder, 'files'),
    archiveFolder: path.join(folder, 'archive'),
    ballastBytes: 0,
  };
}

function toText({ madeAt, files, damaged, skippedTo, held }: Restored, storage: StorageConfig): string {
  const lines = [
    `Restored ${files} files and the catalogue as they were at ${toTimeText(madeAt)}:`,
    `  catalogue ${storage.databaseFile}`,
    `  files     ${storage.filesFolder}, ${storage.archiveFolder}`,
    ...damaged.map(({ root, key, damage }) => `  missing since before the backup: ${root} ${key}: ${damage}`),
    `The next posting has a transaction number above ${skippedTo}.`,
    ...toHoldLines(held),
    'Certificates and keys that were revoked after the backup are good again: revoke them anew.',
  ];
  return `${lines.join('\n')}\n`;
}

function toHoldLines(held: readonly number[]): string[] {
  if (held.length === 0) return ['No forwarding to the ISO was under way.'];
  return [
    `On hold, because they may have been sent since the backup, ${held.length}: forwardings ${held.join(', ')}.`,
    "  Before the bridge starts, compare each with the ISO's list (mdma submissions show ID):",
    '  not listed there, or known here already: mdma submissions release ID --reason TEXT',
    '  listed there and not known here:         mdma submissions close ID --reason TEXT',
    '  What waits for a person may have been retried since: look there before you retry it again.',
  ];
}
