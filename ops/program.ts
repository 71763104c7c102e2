import { Command, CommanderError } from 'commander';
import type { CommandGroups } from './commands/command-groups.ts';
import { addConvertCommand } from './commands/formats/convert.ts';
import { addInspectCommand } from './commands/formats/inspect.ts';
import type { Context } from './context.ts';
import { exitCodes, reportFailure } from './report-failure.ts';

/** They need a file and nothing else: without the rest of the program they start in half the time and memory. */
const fileCommands = new Map([
  ['inspect', addInspectCommand],
  ['convert', addConvertCommand],
]);

/** Runs the command line `mdma` once; failures are reported and set the exit status, nothing is thrown. */
export async function runProgram(args: readonly string[], context: Context): Promise<void> {
  const program = createProgram(context, await findGroups(findCommand(args)));
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) reportFailure(context, error, program.opts().verbose === true);
    else if (error.exitCode !== 0) context.setExitCode(exitCodes.usage);
  }
}

/** The first word that is no option of the program, and no value of one; as `ops/launch.cjs` finds it. */
function findCommand(args: readonly string[]): string | undefined {
  return args.find((word, at) => !word.startsWith('-') && args[at - 1] !== '--config');
}

async function findGroups(name = ''): Promise<CommandGroups> {
  const add = fileCommands.get(name);
  if (add !== undefined) return { 'Files:': [add] };
  return (await import('./commands/command-groups.ts')).commandGroups;
}

function createProgram(context: Context, groups: CommandGroups): Command {
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
