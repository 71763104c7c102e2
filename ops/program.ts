import { Command, CommanderError } from 'commander';
import { addCertificateCommand } from './commands/accounts/certificate.ts';
import { addKeyCommand } from './commands/accounts/key.ts';
import { addMailboxCommand } from './commands/accounts/mailbox.ts';
import { addParticipantCommand } from './commands/accounts/participant.ts';
import { addResourceCommand } from './commands/accounts/resource.ts';
import { addConvertCommand } from './commands/formats/convert.ts';
import { addInspectCommand } from './commands/formats/inspect.ts';
import { addPostCommand } from './commands/postings/post.ts';
import { addPostingsCommand } from './commands/postings/postings.ts';
import { addStopsCommand } from './commands/postings/stops.ts';
import { addSubmissionsCommand } from './commands/postings/submissions.ts';
import { addBridgeCommand } from './commands/programs/bridge.ts';
import { addQuickStartCommand } from './commands/programs/quick-start.ts';
import { addServerCommand } from './commands/programs/server.ts';
import { addSimulatorCommand } from './commands/programs/simulator.ts';
import { addBackupCommand } from './commands/store/backup.ts';
import { addCheckCommand } from './commands/store/check.ts';
import { addInitCommand } from './commands/store/init.ts';
import { addRestoreCommand } from './commands/store/restore.ts';
import { addRetentionCommand } from './commands/store/retention.ts';
import type { Context } from './context.ts';
import { exitCodes, reportFailure } from './report-failure.ts';

type AddCommand = (program: Command, context: Context) => void;

/** The command line in the order of its help. */
const groups: Readonly<Record<string, readonly AddCommand[]>> = {
  'Programs:': [addQuickStartCommand, addServerCommand, addBridgeCommand, addSimulatorCommand],
  'Accounts:': [
    addParticipantCommand,
    addCertificateCommand,
    addKeyCommand,
    addMailboxCommand,
    addResourceCommand,
  ],
  'Postings:': [addPostCommand, addPostingsCommand, addSubmissionsCommand, addStopsCommand],
  'Files:': [addInspectCommand, addConvertCommand],
  'Store:': [addInitCommand, addCheckCommand, addBackupCommand, addRestoreCommand, addRetentionCommand],
};

/** Runs the command line `mdma` once; failures are reported and set the exit status, nothing is thrown. */
export async function runProgram(args: readonly string[], context: Context): Promise<void> {
  const program = createProgram(context);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) reportFailure(context, error, program.opts().verbose === true);
    else if (error.exitCode !== 0) context.setExitCode(exitCodes.usage);
  }
}

function createProgram(context: Context): Command {
  const program = new Command('mdma')
    .description('Mailboxes of meter data, and the bridge that forwards it to the California ISO')
    .option('--config <file>', 'configuration; mdma.yaml in the current folder when left out')
    .option('--verbose', 'show where an error came from')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    })
    .addHelpText('after', '\nExit status: 0 done, 1 failed or faults found, 2 wrong usage or configuration.')
    .exitOverride();
  for (const [heading, adders] of Object.entries(groups)) {
    program.commandsGroup(heading);
    for (const add of adders) add(program, context);
  }
  return program;
}
