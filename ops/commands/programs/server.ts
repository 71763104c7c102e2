import type { Command } from 'commander';
import { stringify } from 'yaml';
import { checkFiles } from '../../check-files.ts';
import { checkServerCertificates } from '../../check-server-certificates.ts';
import { getSection } from '../../config.ts';
import type { Context } from '../../context.ts';
import { loadIsoAccounts } from '../../load-iso-accounts.ts';
import { toPartFormats } from '../../to-part-formats.ts';
import { loadNamedConfig } from '../../with-store.ts';
import { stopWithStdin, untilStdinEndsOption } from './until-stopped.ts';

interface Options {
  readonly checkConfig?: boolean;
  readonly untilStdinEnds?: boolean;
}

/** `server`: program 1, until it is stopped. */
export function addServerCommand(program: Command, context: Context): void {
  program
    .command('server')
    .description('run the mailbox server, until SIGTERM or Ctrl-C')
    .option('--check-config', 'check the configuration, print the settings in effect and end')
    .addOption(untilStdinEndsOption())
    .addHelpText('after', '\nExample:\n  mdma server --config /etc/mdma/mdma.yaml')
    .action(async (options: Options, command: Command) => {
      const config = await loadNamedConfig(context, command);
      const isoAccounts = await loadIsoAccounts(config);
      const { storage, clock } = config;
      const settings = { storage, clock, server: getSection(config, 'server'), isoAccounts };
      await checkFiles({ server: settings.server });
      await checkServerCertificates(settings.server);
      if (options.checkConfig === true) {
        context.stdout.write(stringify(settings));
        return;
      }
      stopWithStdin(options);
      const { main } = await import('../../../server/main.ts');
      await main({ ...settings, partFormats: toPartFormats(config) });
    });
}
