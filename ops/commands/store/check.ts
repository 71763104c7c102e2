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
      withStore(context, command, async (store) => {
        const checked = await checkStore(store, context, options);
        print(context, options, checked, toCheckedText(checked));
      }),
    );
}

export interface Checked {
  /** Files. */
  readonly checked: number;
  readonly findings: readonly Finding[];
}

/** Checks the store; findings set the exit status. */
export async function checkStore(
  store: Store,
  context: Context,
  options: Pick<Options, 'quick'>,
): Promise<Checked> {
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
  if (findings.length > 0) context.setExitCode(exitCodes.failed);
  return { checked, findings };
}

export function toCheckedText({ checked, findings }: Checked): string {
  const nothing = `Checked ${checked} files and all that is known of them: nothing was found.`;
  return toTable(findings, columns, nothing);
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
