import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { watchClock } from '../../../storage/clock/watch-clock.ts';
import type { Context } from '../../context.ts';
import { jsonOption, print } from '../../print.ts';
import { exitCodes } from '../../report-failure.ts';
import { loadNamedConfig } from '../../with-store.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** `clock`: how far this machine's clock is off, asked now as the programs ask it. */
export function addClockCommand(program: Command, context: Context): void {
  program
    .command('clock')
    .description("measure how far this machine's clock is off; status 1 when it is off or cannot be measured")
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  mdma clock')
    .action(async (options: { json?: boolean }, command: Command) => {
      const { clock: config } = await loadNamedConfig(context, command);
      const watch = await watchClock(config, {
        clock: context.clock,
        monotonicMs: () => context.clock.now(),
        random: randomBytes,
        log: silent,
      });
      watch.stop();
      const state = watch.state();
      print(context, options, state, `${state.kind}: ${state.words}\n`);
      if (state.kind !== 'good') context.setExitCode(exitCodes.failed);
    });
}
