import { createMeterDataReader } from '../../storage/formats/meter-data-xml/reader.ts';
import type { Instant } from '../../storage/model/time.ts';
import type { Clock } from '../../storage/ports/clock.ts';
import type { Exchange } from '../https/connection.ts';
import { readDocument } from './answers/read-document.ts';
import { createReadingList } from './answers/reading-list.ts';
import type { MrisMapping } from './messages/mapping.ts';
import type { RetrieveOutcome } from './outcomes.ts';
import { type RetrievePace, toNextRetrieveAt } from './pace.ts';

export interface PacedRetrieveParts {
  readonly pace: RetrievePace;
  readonly clock: Clock;
  readonly mapping: MrisMapping;
  readonly requestTimeoutMs: number;
  /** Sends one request with this body, but not from the instant on. */
  readonly ask: (body: string, sendBeforeAt: Instant) => Promise<Exchange>;
}

/**
 * Retrieves under the 30-second rule. What is taken before a request is the time after its latest possible arrival,
 * so that a process that dies on the way makes no other one early; after it, the time that follows from its end.
 */
export function createPacedRetrieve(parts: PacedRetrieveParts): (body: string) => Promise<RetrieveOutcome> {
  const { pace, clock, requestTimeoutMs } = parts;
  let before: Promise<unknown> = Promise.resolve();

  async function retrieve(body: string): Promise<RetrieveOutcome> {
    const now = clock.now();
    const sendBeforeAt = now + requestTimeoutMs;
    const untilAt = toNextRetrieveAt(sendBeforeAt);
    const nextAt = await pace.takeRetrieve(now, untilAt);
    if (nextAt !== undefined) return { kind: 'rate-limited', waitMs: nextAt - now, isSent: false };
    const exchange = await parts.ask(body, sendBeforeAt);
    const endedAt = clock.now();
    const outcome = await toOutcome(exchange, parts);
    const waitMs = 'waitMs' in outcome ? (outcome.waitMs ?? 0) : 0;
    // What was never sent does not count; what was has arrived by now, or never will: the line was reset.
    const afterAt = exchange.kind === 'not-sent' ? endedAt : toNextRetrieveAt(endedAt);
    await pace.settleRetrieve(untilAt, Math.max(afterAt, endedAt + waitMs));
    return outcome;
  }

  return (body) => {
    const ours = before.then(() => retrieve(body));
    before = ours.catch(() => undefined);
    return ours;
  };
}

async function toOutcome(
  exchange: Exchange,
  { mapping, clock }: PacedRetrieveParts,
): Promise<RetrieveOutcome> {
  const list = createReadingList();
  const handler = createMeterDataReader(mapping.meterData, { onReading: list.add });
  const outcome = await readDocument('retrieve', exchange, { mapping, handler, now: clock.now() });
  if (outcome.kind === 'no-data-found') return { kind: 'empty' };
  if (outcome.kind !== 'read') return outcome;
  return list.readings.length === 0 ? { kind: 'empty' } : { kind: 'readings', readings: list.readings };
}
