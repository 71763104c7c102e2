import type { Command } from 'commander';
import { stringify } from 'yaml';
import { checkFiles } from '../../check-files.ts';
import { getSection } from '../../config.ts';
import type { Context } from '../../context.ts';
import { loadNamedConfig } from '../../with-store.ts';
import { stopWithStdin, untilStdinEndsOption } from './until-stopped.ts';

interface Options {
  readonly checkConfig?: boolean;
  readonly untilStdinEnds?: boolean;
}

/** `bridge`: program 2, until it is stopped. */
export function addBridgeCommand(program: Command, context: Context): void {
  program
    .command('bridge')
    .description('run the bridge that forwards to the ISO, until SIGTERM or Ctrl-C')
    .option(
      '--check-config',
      'check the configuration and what every ISO account shows and speaks by, print the settings in effect and end',
    )
    .addOption(untilStdinEndsOption())
    .addHelpText('after', '\nExample:\n  mdma bridge --config /etc/mdma/mdma.yaml')
    .action(async (options: Options, command: Command) => {
      const config = await loadNamedConfig(context, command);
      const { storage, clock, bridge } = config;
      const settings = { storage, clock, bridge, iso: getSection(config, 'iso') };
      if (options.checkConfig === true) {
        await checkFiles({ iso: settings.iso });
        const { checkAccounts } = await import('../../../bridge/check-accounts.ts');
        const warn = (words: string) => context.stderr.write(`mdma: ${words}\n`);
        await checkAccounts(settings.iso, bridge, { clock: context.clock, warn });
        context.stdout.write(stringify(settings));
        return;
      }
      stopWithStdin(options);
      const { main } = await import('../../../bridge/main.ts');
      await main(settings);
    });
}
