import type { Command } from 'commander';
import { parseParticipantName } from '../storage/model/mailbox.ts';
import { openStore, type Store } from '../storage/open.ts';
import type { Participant } from '../storage/ports/participants.ts';
import { type Config, loadConfig } from './config.ts';
import type { Context } from './context.ts';

/** The configuration that `--config` names. */
export function loadNamedConfig(context: Context, command: Command): Promise<Config> {
  return loadConfig(command.optsWithGlobals().config, context.cwd);
}

/** Opens the store of the configuration for one command and closes it again, whatever happens. */
export async function withStore(
  context: Context,
  command: Command,
  act: (store: Store, config: Config) => Promise<void>,
): Promise<void> {
  const config = await loadNamedConfig(context, command);
  const store = await openStore(config.storage, { program: 'ops', clock: context.clock });
  try {
    await act(store, config);
  } finally {
    await store.close();
  }
}

/**
 * Whoever runs the command line on the server's own machine and may read its files sees what staff see. It stands
 * for no participant: nothing is posted or retrieved as it.
 */
export const operator: Participant = {
  id: 0,
  name: parseParticipantName('operator'),
  title: 'operator at the server',
  role: 'staff',
};
