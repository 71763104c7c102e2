import type { Command } from 'commander';
import { MdmaError } from '../../../storage/model/errors.ts';
import type { Store } from '../../../storage/open.ts';
import type { Forwarding } from '../../../storage/ports/forwardings.ts';
import type { Context } from '../../context.ts';
import { parseCount } from '../../parse-option.ts';
import { jsonOption, print } from '../../print.ts';
import { reasonOption } from '../../reason-option.ts';
import { withStore } from '../../with-store.ts';

interface Act {
  readonly what: string;
  readonly help: string;
  act(store: Store, id: number, context: Context, reason: string): Promise<void>;
}

/** `submissions hold|release|retry|close`: staff step in, with a reason that stays on record. */
export function addSubmissionActs(submissions: Command, context: Context): void {
  for (const [verb, { what, help, act }] of Object.entries(acts)) {
    submissions
      .command(verb)
      .description(what)
      .argument('<id>', 'number of the forwarding', parseCount)
      .addOption(reasonOption())
      .addOption(jsonOption())
      .addHelpText('after', help)
      .action((id: number, options: { reason: string; json?: boolean }, command: Command) =>
        withStore(context, command, async (store) => {
          await act(store, id, context, options.reason);
          const forwarding = await getForwarding(store, id);
          const { state, isHeld } = forwarding;
          const now = `it is ${state}${isHeld ? ', on hold' : ''}`;
          print(context, options, forwarding, `Forwarding ${id}: ${verb} is on record; ${now}.\n`);
        }),
      );
  }
}

/** @throws `not-found` */
export async function getForwarding({ catalogue }: Store, id: number): Promise<Forwarding> {
  const forwarding = await catalogue.forwardings.findForwarding(id);
  if (forwarding !== undefined) return forwarding;
  throw new MdmaError('not-found', `Cannot find forwarding ${id}: there is none`);
}

const acts: Readonly<Record<string, Act>> = {
  hold: {
    what: 'stop a forwarding from going on by itself',
    help: `
A step that the bridge is making at this moment is still ended; the next one is not begun.

Example:
  mdma submissions hold 7 --reason "the meter is in dispute"`,
    act: ({ catalogue }, id, { startedBy }, reason) =>
      catalogue.forwardings.setHold(id, true, startedBy, reason),
  },
  release: {
    what: 'let a held forwarding go on',
    help: `
After a restore, look at the ISO's list first: what is there already must be closed, not released.

Example:
  mdma submissions release 7 --reason "the ISO does not list it"`,
    act: ({ catalogue }, id, { startedBy }, reason) =>
      catalogue.forwardings.setHold(id, false, startedBy, reason),
  },
  retry: {
    what: 'make a forwarding due at once that waits for a person or for its time',
    help: `
It goes on where it stood: what may be at the ISO is looked for in its list before anything is sent again.

Example:
  mdma submissions retry 7 --reason "the ISO registered the resource"`,
    act: ({ catalogue }, id, { startedBy, clock }, reason) =>
      catalogue.forwardings.retryForwarding(id, clock.now(), startedBy, reason),
  },
  close: {
    what: 'end by hand a forwarding that waits for a person or is on hold',
    help: `
It reads "closed by ..." and never "accepted". Nothing of it is sent any more.

Example:
  mdma submissions close 7 --reason "sent by hand as file 528527, validation passed"`,
    act: ({ catalogue }, id, { startedBy }, reason) =>
      catalogue.forwardings.closeForwarding(id, startedBy, reason),
  },
};
