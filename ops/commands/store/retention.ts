import type { Command } from 'commander';
import { type RetentionReport, runRetention } from '../../../server/jobs/retention.ts';
import { MdmaError } from '../../../storage/model/errors.ts';
import type { Context } from '../../context.ts';
import { jsonOption, print } from '../../print.ts';
import { exitCodes } from '../../report-failure.ts';
import { toTable } from '../../table.ts';
import { withStore } from '../../with-store.ts';
import { addRetentionHolds } from './retention-holds.ts';

interface Options {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `retention`: what the server does every night, now. */
export function addRetentionCommand(program: Command, context: Context): void {
  const retention = program
    .command('retention')
    .description('let files age now: out of their directory, to the archive, and after 36 months away')
    .option('--dry-run', 'only say what is due')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nThe server does this by itself (jobs.retentionSchedule). Look first:\n  mdma retention --dry-run\nWhat must not be deleted yet is held:\n  mdma retention hold 1042 --reason "the account is before the CPUC"',
    )
    .action((options: Options, command: Command) =>
      withStore(context, command, async ({ catalogue, files }) => {
        const { retention, instances } = catalogue;
        const isDryRun = options.dryRun === true;
        const report = await runRetention(
          { retention, files, instances, clock: context.clock },
          { isDryRun },
        );
        if (report.isBusy) {
          const found = 'a backup or another run is at work; try again when it has ended';
          throw new MdmaError('unavailable', `Cannot let files age: ${found}`);
        }
        const failed = report.failed.map(({ what, error }) => ({ what, error: String(error) }));
        print(context, options, { ...report, failed }, toText(report, isDryRun));
        if (failed.length > 0) context.setExitCode(exitCodes.failed);
      }),
    );
  addRetentionHolds(retention, context);
}

function toText({ left, archived, deleted, failed }: RetentionReport, isDryRun: boolean): string {
  const rows = [
    ...left.map(({ mailbox, name }) => ({ act: 'leaves its directory', what: `${mailbox}/${name}` })),
    ...archived.map(({ key }) => ({ act: 'goes to the archive', what: key })),
    ...deleted.map(({ key }) => ({ act: 'is deleted', what: key })),
    ...failed.map(({ what, error }) => ({ act: 'FAILED', what: `${what}: ${String(error)}` })),
  ];
  const columns = [
    { heading: isDryRun ? 'DUE' : 'DONE', cell: ({ act }: (typeof rows)[number]) => act },
    { heading: 'WHAT', cell: ({ what }: (typeof rows)[number]) => what },
  ];
  return toTable(rows, columns, 'Nothing is due.');
}
