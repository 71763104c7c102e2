import { toDayEnd, toDayStart } from '../../../storage/model/trade-day.ts';
import type { MrisClient } from '../../mris/outcomes.ts';
import type { HeldQuestion, HeldScope } from '../step-context.ts';
import { splitRequest } from './retrieve-changed.ts';
import { toTrouble } from './to-trouble.ts';

/** Measurement types of one resource, at most: it generates, or consumes, or both. */
const typesOfOne = 2;

/** What MRI-S holds, by retrieves that it can answer whole. */
export function toQuestions(
  client: Pick<MrisClient, 'retrieveMeterData'>,
  { resourceIds, from, to, updatedSinceAt }: HeldScope,
): HeldQuestion[] {
  const period = { startAt: toDayStart(from), endAt: toDayEnd(to) };
  const since = updatedSinceAt === undefined ? {} : { updatedSinceAt };
  return splitRequest({ resourceIds, ...period, ...since }, typesOfOne).map((request) => async () => {
    const answer = await client.retrieveMeterData(request);
    switch (answer.kind) {
      case 'readings':
        return {
          kind: 'read',
          intervals: answer.readings.map(({ unit, ...reading }) => ({ ...reading, isoUnit: unit })),
        };
      case 'empty':
        return { kind: 'read', intervals: [] };
      case 'rate-limited':
        return answer.isSent ? toTrouble(answer) : { kind: 'early', waitMs: answer.waitMs };
      default:
        return toTrouble(answer);
    }
  });
}
