import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { systemClock } from '../../storage/ports/clock.ts';
import { runMdma } from '../ops/run-mdma.ts';
import { createBridgeWorld, toCmepHours } from '../support/bridge-world.ts';
import { toDownloadSettings } from '../support/download-shape.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const csvLayout = {
  name: 'of-the-iso',
  columns: ['INTERVAL_END_GMT', 'RESOURCE_ID', 'MEASUREMENT_TYPE', 'VALUE', 'QUALITY'],
  headings: { VALUE: 'Energy' },
  delimiter: ';',
  timeFormat: 'slashes',
  zone: 'pacific-standard',
  fixed: { UOM: 'KWH', INTERVAL_MINUTES: '60' },
};

test('an ISO with a layout of its own takes what the bridge makes, and holds what was sent', async () => {
  const world = await createBridgeWorld([], {
    csvLayout,
    download: toDownloadSettings({ profile: csvLayout }),
  });
  await world.map(['M1', { meter: 'M2', measurementType: 'MBMA' }]);
  await world.post(Buffer.from(toCmepHours('M1', [1, 2]) + toCmepHours('M2', [3])));
  await world.runBridge();
  await world.waitUntilAll(({ state }) => state === 'accepted');
  await world.expectOnceEach();
  const cwd = makeTemporaryFolder();
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify(world.config));
  const asked = ['reconcile', '--json', '--from', '2025-11-19', '--to', '2025-11-19', '--ask-iso'];
  const { json } = await runMdma(asked, { cwd, clock: systemClock });
  expect((json() as { rows: object[] }).rows).toMatchObject([
    { fate: 'held', resourceId: 'R_M1', intervals: 2, part: 1 },
    { fate: 'held', resourceId: 'R_M2', intervals: 1, part: 1 },
  ]);
});
