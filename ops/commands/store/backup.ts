import path from 'node:path';
import type { Command } from 'commander';
import { makeBackup } from '../../backup/make-backup.ts';
import type { Context } from '../../context.ts';
import { jsonOption, print } from '../../print.ts';
import { createProgress } from '../../progress.ts';
import { exitCodes } from '../../report-failure.ts';
import { withStore } from '../../with-store.ts';

/** `backup FOLDER`. */
export function addBackupCommand(program: Command, context: Context): void {
  program
    .command('backup')
    .description('back the store up into a new folder, while the programs run')
    .argument('<folder>', 'where to; must not exist')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Files are hard-linked where the folder is on the store's own disk: such a backup saves from mistakes, not from the
loss of the disk, until it is copied elsewhere. The configuration and the certificates are not in it.

Example:
  mdma backup /backup/mdma-2026-11-21`,
    )
    .action((name: string, options: { json?: boolean }, command: Command) =>
      withStore(context, command, async (store, { storage }) => {
        const folder = path.resolve(context.cwd, name);
        const progress = createProgress(context, 'files backed up');
        const backup = await makeBackup(store, {
          storage,
          folder,
          clock: context.clock,
          onProgress: progress.update,
        }).finally(progress.stop);
        const damaged = backup.damaged.map(
          ({ root, key, damage }) => `  damaged: ${root} ${key}: ${damage}\n`,
        );
        const text = `Backed up ${backup.files} files (${backup.bytes} bytes) and the catalogue to ${folder}.\n`;
        print(context, options, backup, text + damaged.join(''));
        if (damaged.length > 0) context.setExitCode(exitCodes.failed);
      }),
    );
}
