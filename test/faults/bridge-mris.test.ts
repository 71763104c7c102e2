import { test } from 'vitest';
import { mrisScenario } from '../support/iso-scenario.ts';
import { strikeEverywhere } from '../support/strike-all.ts';

test('killed before and after every act: every batch arrives exactly once', { timeout: 1_200_000 }, () =>
  strikeEverywhere(mrisScenario, {
    // A step that outlasts a third of its lease, and a page that is kept.
    faults: [
      { fault: 'slow', kind: 'status', times: 1, delayMs: 1_500 },
      { fault: 'unknown-page', kind: 'status', times: 1, after: 2 },
    ],
    remoteActs: ['submitMeterData', 'batchStatus', 'retrieveMeterData'],
  }),
);
