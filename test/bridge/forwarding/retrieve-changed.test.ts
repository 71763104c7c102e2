import { expect, test } from 'vitest';
import { retrieveChanged } from '../../../bridge/forwarding/mris/retrieve-changed.ts';
import type { StepContext } from '../../../bridge/forwarding/step-context.ts';
import type { MeterDataRequest } from '../../../bridge/mris/messages/request-meter-data.ts';
import type { MrisClient, RetrieveOutcome } from '../../../bridge/mris/outcomes.ts';
import { dayMs, minuteMs } from '../../../storage/model/time.ts';
import { dayStartAt, toRows } from '../mris/mris-setup.ts';

/** A client that answers in turn; gives what it was asked for and how long was waited. */
function setUp(answers: readonly RetrieveOutcome[]) {
  const left = [...answers];
  const requests: MeterDataRequest[] = [];
  const waits: number[] = [];
  const stop = new AbortController();
  const client = {
    async retrieveMeterData(request: MeterDataRequest) {
      requests.push(request);
      return left.shift() ?? { kind: 'empty' };
    },
  } as unknown as MrisClient;
  const context = {
    signal: stop.signal,
    wait: async (ms: number) => void waits.push(ms),
  } as unknown as StepContext;
  return {
    requests,
    waits,
    stop,
    look: (rows: ReturnType<typeof toRows>) => retrieveChanged(client, context, rows, 5_000),
  };
}

const reading = { ...toRows(1)[0], resourceKind: 'RegisteredGenerator' } as never as Extract<
  RetrieveOutcome,
  { kind: 'readings' }
>['readings'][number];

test('waits for its time under the 30-second rule, and asks for the period of the rows', async () => {
  const early = { kind: 'rate-limited', waitMs: 31_000, isSent: false } as const;
  const { look, waits, requests } = setUp([early, { kind: 'readings', readings: [reading] }]);
  expect(await look(toRows(4))).toEqual({ kind: 'readings', readings: [reading] });
  expect(waits).toEqual([31_000]);
  expect(requests[1]).toEqual({
    resourceIds: ['EXAMPL_1_UNIT1'],
    startAt: dayStartAt,
    endAt: dayStartAt + 60 * minuteMs,
    updatedSinceAt: 5_000,
  });
});

test.each([
  ['the ISO says that it was early', { kind: 'rate-limited', waitMs: 31_000, isSent: true }],
  ['the time is far away', { kind: 'rate-limited', waitMs: 3_600_000, isSent: false }],
  ['the ISO is down', { kind: 'unavailable', why: 'HTTP 503' }],
] as const)('%s: it is not waited for here', async (_, answer) => {
  const { look, waits } = setUp([answer]);
  expect(await look(toRows(1))).toEqual(answer);
  expect(waits).toEqual([]);
});

test('asks for no more than an answer can hold, and for nothing once it is stopped', async () => {
  const rows = Array.from({ length: 12 }, (_, at) =>
    toRows(1, { resourceId: `R_${String(at).padStart(2, '0')}` }),
  ).flat();
  const wide = [...rows, ...toRows(1, { resourceId: 'R_00', endAt: dayStartAt + 100 * dayMs })];
  const { look, requests, stop } = setUp([]);
  expect(await look(wide)).toEqual({ kind: 'readings', readings: [] });
  expect(requests.map(({ resourceIds }) => resourceIds.length)).toEqual([5, 5, 2]);
  stop.abort();
  expect(await look(wide)).toEqual({ kind: 'stopped' });
  expect(requests).toHaveLength(3);
});

test('what is older than was asked for is left out', async () => {
  const readings = [
    { ...reading, updatedAt: 4_999 },
    { ...reading, updatedAt: 5_000 },
  ];
  const { look } = setUp([{ kind: 'readings', readings }]);
  expect(await look(toRows(1))).toEqual({ kind: 'readings', readings: readings.slice(1) });
});
