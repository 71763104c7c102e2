import { describe, expect, test } from 'vitest';
import { decide, type ForwardingFacts, type Step } from '../../../bridge/forwarding/decide.ts';
import { stateTable } from '../../../bridge/forwarding/states.ts';
import {
  endStates,
  forwardingStates,
  type SubmissionState,
  submissionStates,
  toStateOfParts,
  type WorkKind,
  workKinds,
} from '../../../storage/model/forwarding.ts';

const settings = { marginMs: 100, recheckMs: 7 };
const deadlineAt = 1_000;
const clearAt = deadlineAt + settings.marginMs;

function toFacts(...latest: readonly (SubmissionState | undefined)[]): ForwardingFacts {
  const parts = latest.map((state, index) => ({
    number: index + 1,
    submissions: state === undefined ? [] : [{ attempt: 3, state, deadlineAt, words: `words of ${state}` }],
  }));
  return { parts, waitsFor: null, overtakenBy: null };
}

function decideAt(now: number, facts: ForwardingFacts, stops: readonly WorkKind[] = []): Step {
  return decide(facts, now, settings, new Set(stops));
}

describe('decide, one part', () => {
  const expected: Record<SubmissionState | 'none', Step> = {
    none: { kind: 'submit', part: 1, attempt: 1 },
    intended: { kind: 'reconcile', part: 1, attempt: 3 },
    unknown: { kind: 'reconcile', part: 1, attempt: 3 },
    absent: { kind: 'submit', part: 1, attempt: 4 },
    refused: { kind: 'submit', part: 1, attempt: 4 },
    sent: { kind: 'follow' },
    accepted: { kind: 'finish', state: 'accepted', reason: '' },
    rejected: { kind: 'finish', state: 'rejected', reason: 'part 1: words of rejected' },
  };

  test.each(Object.entries(expected))('%s', (state, step) => {
    const facts = toFacts(state === 'none' ? undefined : (state as SubmissionState));
    expect(decideAt(clearAt, facts)).toEqual(step);
  });

  test.each(['intended', 'unknown'] as const)(
    '%s is not looked for before it can no longer be under way',
    (state) => {
      expect(decideAt(clearAt - 1, toFacts(state))).toMatchObject({ kind: 'wait', untilAt: clearAt });
    },
  );
});

describe('decide, the order of corrections', () => {
  test.each([undefined, 'absent', 'refused'] as const)(
    '%s is not sent before what it corrects has ended',
    (state) => {
      const facts = { ...toFacts(state), waitsFor: 12 };
      expect(decideAt(50, facts)).toEqual({
        kind: 'wait',
        untilAt: 57,
        reason: 'waits for forwarding 12, which was posted earlier about the same data',
      });
    },
  );

  test('what waits for one that is on hold is stuck', () => {
    expect(decideAt(50, { ...toFacts(undefined), waitsFor: 12, isPredecessorHeld: true })).toEqual({
      kind: 'wait',
      untilAt: 57,
      reason: 'waits for forwarding 12, which was posted earlier about the same data and is on hold',
      isStuck: true,
    });
  });

  test('what its correction overtook is given to a person, never sent after it', () => {
    expect(decideAt(50, { ...toFacts(undefined), overtakenBy: 13 })).toMatchObject({
      kind: 'finish',
      state: 'person',
    });
  });

  test.each(['sent', 'intended', 'unknown'] as const)('%s goes on regardless', (state) => {
    const alone = decideAt(clearAt, toFacts(state));
    expect(decideAt(clearAt, { ...toFacts(state), waitsFor: 12, overtakenBy: 13 })).toEqual(alone);
  });
});

describe('decide, stopped work', () => {
  const needs: Partial<Record<Step['kind'], readonly WorkKind[]>> = {
    submit: ['session', 'upload', 'submit'],
    reconcile: ['session', 'status', 'retrieve'],
    follow: ['session', 'status', 'batch'],
  };
  const steps = [toFacts(), toFacts(undefined), toFacts('unknown'), toFacts('sent'), toFacts('accepted')];

  test.each(workKinds)('%s: what needs it waits, everything else goes on', (kind) => {
    for (const facts of steps) {
      const free = decideAt(clearAt, facts);
      const stopped = decideAt(clearAt, facts, [kind]);
      if (needs[free.kind]?.includes(kind))
        expect(stopped).toMatchObject({ kind: 'wait', untilAt: clearAt + 7 });
      else expect(stopped).toEqual(free);
    }
  });
});

describe('decide, several parts', () => {
  const all = [undefined, ...submissionStates];
  const combinations = all.flatMap((a) => all.flatMap((b) => all.map((c) => [a, b, c] as const)));

  test('every combination of three parts: what may be under way first, then sending in turn, then following', () => {
    expect(combinations).toHaveLength(512);
    for (const latest of combinations) {
      const step = decideAt(clearAt, toFacts(...latest));
      const first = (states: readonly (SubmissionState | undefined)[]) =>
        latest.findIndex((state) => states.includes(state)) + 1;
      const doubtful = first(['intended', 'unknown']);
      const toSend = first([undefined, 'absent', 'refused']);
      if (doubtful > 0) expect(step).toMatchObject({ kind: 'reconcile', part: doubtful });
      else if (toSend > 0) expect(step).toMatchObject({ kind: 'submit', part: toSend });
      else if (latest.includes('sent')) expect(step).toEqual({ kind: 'follow' });
      else if (latest.includes('rejected')) expect(step).toMatchObject({ kind: 'finish', state: 'rejected' });
      else expect(step).toMatchObject({ kind: 'finish', state: 'accepted' });
    }
  });

  test('the state that follows from the parts is one that the step belongs to', () => {
    for (const latest of combinations) {
      const { parts } = toFacts(...latest);
      const state = toStateOfParts(parts);
      const { kind } = decideAt(clearAt, toFacts(...latest));
      const kinds = { unknown: 'reconcile', prepared: 'submit', following: 'follow' } as const;
      expect(kind).toBe(kinds[state as keyof typeof kinds] ?? 'finish');
    }
  });

  test('without parts they are made first', () => {
    expect(decideAt(0, { parts: [], waitsFor: 12, overtakenBy: 13 })).toEqual({ kind: 'prepare' });
  });
});

describe('the table of states', () => {
  test('has every state, and leads from the first to every other', () => {
    expect(Object.keys(stateTable).sort()).toEqual([...forwardingStates].sort());
    const reached = new Set(['due']);
    for (const from of reached) {
      const { passages, byStaff } = stateTable[from as keyof typeof stateTable];
      for (const { to } of [...passages, ...byStaff]) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...forwardingStates].sort());
  });

  test('leaves an end only by staff, or where a correction takes the place of what nobody decided yet', () => {
    for (const state of endStates) {
      expect(stateTable[state].passages.map(({ to }) => to)).toEqual(
        state === 'person' ? ['superseded'] : [],
      );
    }
  });
});
