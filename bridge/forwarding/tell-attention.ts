import { raise } from '../../storage/model/alarms.ts';
import type { Forwardings, ListedForwarding, Move } from '../../storage/ports/forwardings.ts';
import type { StepContext } from './step-context.ts';

/**
 * The same forwardings, which tell in the log when a move leaves this one to a person, or begins to ask for one's
 * attention; not again while it asks for the same.
 *
 * @param before the forwarding before the move
 */
export function tellAttention(
  { forwardings, log }: Pick<StepContext, 'forwardings' | 'log'>,
  before: Pick<ListedForwarding, 'id' | 'account' | 'attention'>,
): Forwardings {
  const tell = ({ state, attention = null, reason: why }: Move) => {
    const fields = { forwarding: before.id, account: before.account, why };
    if (state === 'person') raise(log, 'error', 'a person must decide about a forwarding', fields);
    else if (attention !== null && attention !== before.attention)
      raise(log, 'error', 'a person should look at a forwarding', { ...fields, attention });
  };
  return {
    ...forwardings,
    async moveForwarding(id, move) {
      await forwardings.moveForwarding(id, move);
      tell(move);
    },
    async recordOutcome(id, submissionId, outcome, move) {
      await forwardings.recordOutcome(id, submissionId, outcome, move);
      if (move !== undefined) tell(move);
    },
  };
}
