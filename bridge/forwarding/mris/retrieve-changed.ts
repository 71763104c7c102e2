import type {
  MeterDataRow,
  MeterReading,
} from '../../../storage/formats/meter-data-xml/meter-data-format.ts';
import { type Instant, minuteMs } from '../../../storage/model/time.ts';
import type { MeterDataRequest } from '../../mris/messages/request-meter-data.ts';
import type { MrisClient, MrisTrouble, RetrieveOutcome } from '../../mris/outcomes.ts';
import type { StepContext } from '../step-context.ts';

/** What the ISO shows of some rows' resources and period; `stopped`: the bridge stops, or the lease was lost. */
type Retrieved =
  | { readonly kind: 'readings'; readonly readings: readonly MeterReading[] }
  | { readonly kind: 'stopped' }
  | MrisTrouble;

/** A retrieve answers at most 200,000 records; the rest is margin. */
const maxRecords = 150_000;

/** Longer than the 30-second rule ever makes wait: what is later is the ISO's own word, and the forwarding waits. */
const maxWaitMs = 2 * minuteMs;

/** The shortest interval that the ISO takes. */
const shortestMs = 5 * minuteMs;

/**
 * Retrieves what changed since an instant, of the resources and the period of some rows, in as few requests as their
 * records allow, each at its time under the 30-second rule.
 *
 * @param rows at least one
 */
export async function retrieveChanged(
  client: MrisClient,
  context: StepContext,
  rows: readonly MeterDataRow[],
  updatedSinceAt: Instant,
): Promise<Retrieved> {
  const readings: MeterReading[] = [];
  for (const request of toRequests(rows, updatedSinceAt)) {
    const answer = await retrieve(client, context, request);
    if (answer.kind === 'readings') {
      for (const reading of answer.readings) {
        // Should the ISO show more than was asked for, what is older must not be taken for what was sent.
        if ((reading.updatedAt ?? updatedSinceAt) >= updatedSinceAt) readings.push(reading);
      }
    } else if (answer.kind !== 'empty') return answer;
  }
  return { kind: 'readings', readings };
}

function toRequests(rows: readonly MeterDataRow[], updatedSinceAt: Instant): MeterDataRequest[] {
  let startAt = Number.POSITIVE_INFINITY;
  let endAt = Number.NEGATIVE_INFINITY;
  const types = new Set<string>();
  const resources = new Set<string>();
  for (const row of rows) {
    startAt = Math.min(startAt, row.endAt - row.intervalMinutes * minuteMs);
    endAt = Math.max(endAt, row.endAt);
    types.add(row.measurementType);
    resources.add(row.resourceId);
  }
  return splitRequest({ resourceIds: [...resources], startAt, endAt, updatedSinceAt }, types.size);
}

/** As many requests as it takes for none to be answered by more records than the ISO gives; resources ascend. */
export function splitRequest(
  { resourceIds, ...rest }: MeterDataRequest & { readonly resourceIds: readonly string[] },
  types: number,
): MeterDataRequest[] {
  const ids = [...resourceIds].sort();
  const perResource = types * Math.ceil((rest.endAt - rest.startAt) / shortestMs);
  const size = Math.max(1, Math.floor(maxRecords / perResource));
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, at) => ({
    ...rest,
    resourceIds: ids.slice(at * size, (at + 1) * size),
  }));
}

/** One retrieve, at its time. */
async function retrieve(
  client: MrisClient,
  { wait, signal }: Pick<StepContext, 'wait' | 'signal'>,
  request: MeterDataRequest,
): Promise<RetrieveOutcome | { readonly kind: 'stopped' }> {
  while (!signal.aborted) {
    const answer = await client.retrieveMeterData(request);
    if (answer.kind !== 'rate-limited' || answer.isSent || answer.waitMs > maxWaitMs) return answer;
    await wait(answer.waitMs, signal);
  }
  return { kind: 'stopped' };
}
