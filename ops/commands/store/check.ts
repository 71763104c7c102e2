import type { Command } from 'commander';
import { check, graceMs } from '../../../storage/check.ts';
import type { Store } from '../../../storage/open.ts';
import type { Finding } from '../../../storage/ports/catalogue.ts';
import type { Context } from '../../context.ts';
import { jsonOption, print } from '../../print.ts';
import { createProgress } from '../../progress.ts';
import { exitCodes } from '../../report-failure.ts';
import { type Column, toTable } from '../../table.ts';
import { withStore } from '../../with-store.ts';

interface Options {
  readonly quick?: boolean;
  readonly json?: boolean;
}

/** `check`: verifies the invariants; changes nothing. */
export function addCheckCommand(program: Command, context: Context): void {
  program
    .command('check')
    .description('verify that what the catalogue says is true and every file is whole; changes nothing')
    .option('--quick', 'compare sizes only, not digests')
    .addOption(jsonOption())
    .addHelpText('after', '\nMay run beside the programs. Exit status 1 when something was found.')
    .action((options: Options, command: Command) =>
      withStore(context, command, (store) => reportFindings(store, context, options)),
    );
}

/** Checks the store and prints what was found; findings set the exit status. */
export async function reportFindings(store: Store, context: Context, options: Options): Promise<void> {
  const progress = createProgress(context, 'files checked');
  const { catalogue, files } = store;
  const total = context.stderr.isTTY === true ? await countFiles(store) : 0;
  let checked = 0;
  const findings = await check(
    { catalogue, files, clock: context.clock },
    {
      graceMs,
      isQuick: options.quick === true,
      onProgress: (reached) => {
        checked = reached.files;
        progress.update(checked, Math.max(checked, total));
      },
    },
  ).finally(progress.stop);
  const nothing = `Checked ${checked} files and all that is known of them: nothing was found.`;
  print(context, options, { checked, findings }, toTable(findings, columns, nothing));
  if (findings.length > 0) context.setExitCode(exitCodes.failed);
}

async function countFiles({ catalogue }: Store): Promise<number> {
  let count = 0;
  for (let after = 0; ; ) {
    const page = await catalogue.retention.listFiles(after, 1_000);
    const last = page.at(-1);
    if (last === undefined) return count;
    after = last.id;
    count += page.length;
  }
}

const columns: readonly Column<Finding>[] = [
  { heading: 'INVARIANT', cell: ({ invariant }) => invariant },
  { heading: 'SUBJECT', cell: ({ subject }) => subject },
  { heading: 'FOUND', cell: ({ found }) => found },
];
