import path from 'node:path';
import type { Command } from 'commander';
import { MdmaError } from '../../../storage/model/errors.ts';
import type { Context } from '../../context.ts';
import { runQuickStart } from '../../quick-start/run-quick-start.ts';
import { untilStopped } from './until-stopped.ts';

/** `quick-start`: what `npm start` runs. */
export function addQuickStartCommand(program: Command, context: Context): void {
  program
    .command('quick-start')
    .description('run everything on this machine with test certificates and do the main job once')
    .option('--once', 'end after the main job, with status 0, or 1 when a step failed')
    .option('--folder <folder>', 'where everything of it is kept', 'quick-start')
    .action(async (options: { once?: boolean; folder: string }) => {
      const stop = new AbortController();
      untilStopped().then(() => stop.abort());
      const isOnce = options.once === true;
      const folder = path.resolve(context.cwd, options.folder);
      try {
        await runQuickStart({ folder, isOnce, context, signal: stop.signal });
      } catch (error) {
        const isStopped = stop.signal.aborted && error instanceof Error && error.name === 'AbortError';
        if (!isStopped) throw error;
        if (isOnce)
          throw new MdmaError('conflict', 'Cannot finish the main job: it was stopped', { cause: error });
      }
    });
}
