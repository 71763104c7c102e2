import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { systemClock } from '../../storage/ports/clock.ts';
import { createBridgeWorld, toOmarCsvFile } from '../support/bridge-world.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { runMdma } from './run-mdma.ts';

test('reconcile prints what became of every interval, and ends with 1 while anything is left over', async () => {
  const world = await createBridgeWorld();
  const cwd = makeTemporaryFolder();
  writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ storage: world.storage }));
  const mdma = (...args: string[]) => runMdma(args, { cwd, clock: systemClock });
  expect(await mdma('reconcile')).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing.') });
  await world.post(toOmarCsvFile(1), { passThrough: true });
  expect(await mdma('reconcile')).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^FATE .*\nnot-sent {5}1 .* R_1 .*\n\nnot-sent: 1 intervals in 1 lines\n$/),
  });
  await world.runBridge();
  await world.waitUntilAll(({ state }) => state === 'accepted');
  const { code, stdout } = await mdma('reconcile', '--json', '--from', '2025-11-19', '--to', '2025-11-19');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    rows: [{ fate: 'accepted', lastEndAt: '2025-11-19T09:00:00.000Z' }],
    totals: { accepted: { rows: 1, intervals: 1 } },
    isLeftOver: false,
  });
  const rest = await mdma('reconcile', '--json', '--left-over');
  expect(JSON.parse(rest.stdout)).toEqual({ rows: [], totals: {}, isLeftOver: false });
});
