import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import type { ForwardingState } from '../../storage/model/forwarding.ts';
import { systemClock } from '../../storage/ports/clock.ts';
import { runMdma } from '../ops/run-mdma.ts';
import { createBridgeWorld, toOmarCsvFile } from '../support/bridge-world.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

/** Where two forwardings come to a stand: the one that met the page, and a later one. */
const stands: readonly (readonly ['status' | 'upload', readonly ForwardingState[]])[] = [
  ['status', ['following', 'following']],
  // What became of the first is found in the ISO's list; nothing more is sent.
  ['upload', ['accepted', 'prepared']],
];

test.each(stands)(
  'an account whose %s page is unknown stands still until staff free it',
  async (kind, states) => {
    const world = await createBridgeWorld([{ fault: 'unknown-page', kind, times: 1 }]);
    const { forwardings } = world.store.catalogue;
    const cwd = makeTemporaryFolder();
    writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ storage: world.storage }));
    const mdma = (...args: string[]) => runMdma(args, { cwd, clock: systemClock });
    await world.post(toOmarCsvFile(1), { passThrough: true });
    await world.runBridge();
    const expectStop = async () => expect(await forwardings.listStops('sc-one')).toHaveLength(1);
    await vi.waitFor(expectStop, { timeout: 20_000 });
    await world.post(toOmarCsvFile(2), { passThrough: true });
    const reason = `${kind} work of this account is stopped: the ISO showed a page that was not recognised`;
    await world.waitUntilAll((each) => each.state === 'accepted' || each.reason === reason);
    expect((await world.listForwardings()).map(({ state }) => state).reverse()).toEqual(states);

    expect((await mdma('stops')).stdout).toMatch(new RegExp(`\n 1 {2}sc-one +${kind} +.* HTTP 200: `));
    const [stop] = (await mdma('stops', '--json')).json() as { file: { sha256: string } }[];
    const page = (await mdma('stops', 'page', '1')).stdout;
    expect(createHash('sha256').update(page).digest('hex')).toBe(stop?.file.sha256);
    expect(await mdma('stops', 'replay', '1')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^It is not recognised: /),
    });
    expect(await mdma('stops', 'release', '1', '--reason', 'a notice of the ISO')).toMatchObject({ code: 0 });
    await world.waitUntilAll(({ state }) => state === 'accepted');
    await world.expectOnceEach();
  },
);
