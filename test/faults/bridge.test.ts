import { test } from 'vitest';
import { omarScenario } from '../support/iso-scenario.ts';
import { strikeEverywhere } from '../support/strike-all.ts';

test('killed before and after every act: every part arrives exactly once', { timeout: 1_200_000 }, () =>
  strikeEverywhere(omarScenario, {
    // A step that outlasts a third of its lease, and a page that is kept.
    faults: [
      { fault: 'slow', kind: 'status', times: 1, delayMs: 1_500 },
      { fault: 'unknown-page', kind: 'status', times: 1, after: 2 },
    ],
    remoteActs: ['upload', 'status', 'walk', 'errors'],
  }),
);
