import type { Fault } from '../../formats/format.ts';
import { MdmaError } from '../../model/errors.ts';
import type { Mailbox } from '../../ports/mailboxes.ts';
import type { Queries } from '../queries.ts';
import { listUnmapped } from './count-unmapped.ts';

const maxListed = 1_000;

/**
 * Refuses a posting with readings that are due to the ISO and not mapped, if it is for a mailbox that demands that they
 * are (ruling 24). Inside the posting's transaction, so that no mapping changes between this and its forwardings.
 *
 * @throws `refused-file` with a fault for each reading set
 */
export async function demandMapping(
  queries: Queries,
  mailboxes: readonly Mailbox[],
  sourceId: number,
): Promise<void> {
  const demanding = mailboxes.filter(({ demandsMapping }) => demandsMapping).map(({ name }) => name);
  if (demanding.length === 0) return;
  const unmapped = await listUnmapped(queries, sourceId);
  const [first] = unmapped;
  if (first === undefined) return;
  const faults = unmapped.slice(0, maxListed).map(
    ({ line, meter, unit }): Fault => ({
      code: 'E_UNMAPPED',
      level: 'error',
      line,
      field: 'meter',
      fieldNumber: 0,
      byteOffset: 0,
      text: meter,
      message: `meter ${meter}, unit ${unit} is mapped to no resource of the ISO on these days`,
    }),
  );
  throw new MdmaError(
    'refused-file',
    `Cannot accept the file: ${unmapped.length} reading sets are mapped to no resource of the ISO, the first in line ` +
      `${first.line} of meter ${first.meter}, and mailbox ${demanding.join(', ')} demands that all are`,
    { members: { faults, faultCounts: { E_UNMAPPED: unmapped.length } } },
  );
}
