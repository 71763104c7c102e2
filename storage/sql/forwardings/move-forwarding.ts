import type { Move } from '../../ports/forwardings.ts';
import type { Context } from '../context.ts';
import { getHeldForwarding, moveHeld } from './held-forwarding.ts';

export function moveForwarding(context: Context, id: number, move: Move): Promise<void> {
  return context.database.write(async (queries) => {
    await moveHeld(queries, context, await getHeldForwarding(queries, context, id), move);
  });
}
