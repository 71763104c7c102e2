import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { runRetention } from '../../../server/jobs/retention.ts';
import { dayMs } from '../../../storage/model/time.ts';
import { retentionLease } from '../../../storage/ports/retention.ts';
import { startTestServer, type TestServer, toSample } from '../test-server.ts';

let server: TestServer;
let name: string;

beforeEach(async () => {
  server = await startTestServer();
  name = (await server.post(toSample(1), 'mailbox=esp-one&mailbox=udc-one')).files[0].name;
});

const toDeps = () => {
  const { catalogue, files, clock } = server.store;
  return { retention: catalogue.retention, instances: catalogue.instances, files, clock };
};
const run = (isDryRun = false) => runRetention(toDeps(), { isDryRun });

function countFiles(root: 'filesFolder' | 'archiveFolder'): number {
  const entries = readdirSync(server.store.config[root], { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}

const nothing = { left: [], archived: [], deleted: [], failed: [], isBusy: false };

describe('ageing', () => {
  test('leaves alone what is not of age', async () => {
    server.store.clock.advance(5 * dayMs - 1);
    expect(await run()).toEqual(nothing);
  });

  test('takes a file out of its directories, then its bytes to the archive, then, after 36 months, away', async () => {
    const { clock } = server.store;
    clock.advance(5 * dayMs);
    const aged = await run();
    expect(aged.left.map((each) => [each.mailbox, each.name])).toEqual([
      ['esp-one', name],
      ['udc-one', name],
    ]);
    expect([aged.archived.length, aged.deleted.length, aged.failed]).toEqual([1, 0, []]);
    expect([countFiles('filesFolder'), countFiles('archiveFolder')]).toEqual([0, 1]);
    await server.store.expectSound();
    expect(await run()).toEqual(nothing);
    clock.advance(35 * 30 * dayMs);
    expect(await run()).toEqual(nothing);
    clock.advance(60 * dayMs);
    expect((await run()).deleted).toHaveLength(1);
    expect([countFiles('filesFolder'), countFiles('archiveFolder')]).toEqual([0, 0]);
    await server.store.expectSound();
  });

  test('names what it would do, and does nothing, when it is dry', async () => {
    server.store.clock.advance(5 * dayMs);
    const dry = await run(true);
    expect(dry.left).toHaveLength(2);
    expect(countFiles('filesFolder')).toBe(1);
    expect((await run()).left).toEqual(dry.left);
  });

  test('goes on after a failure, says what failed, and takes it up again', async () => {
    await server.post(toSample(2));
    server.store.clock.advance(5 * dayMs);
    let copies = 0;
    const deps = toDeps();
    const files = {
      ...deps.files,
      copy: (...given: Parameters<typeof deps.files.copy>) => {
        copies += 1;
        return copies === 1 ? Promise.reject(new Error('disk fell out')) : deps.files.copy(...given);
      },
    };
    const report = await runRetention({ ...deps, files }, { isDryRun: false });
    expect(report.failed).toMatchObject([
      { what: expect.stringMatching(/^archive /), error: { message: 'disk fell out' } },
    ]);
    expect(report.archived).toHaveLength(1);
    expect((await run()).archived).toHaveLength(1);
    await server.store.expectSound();
  });

  test('never removes the only copy, however the two roots came to be one place', async () => {
    const { filesFolder, archiveFolder } = server.store.config;
    for (const day of readdirSync(filesFolder)) symlinkSync(join(filesFolder, day), join(archiveFolder, day));
    server.store.clock.advance(5 * dayMs);
    const report = await run();
    expect(report).toMatchObject({ archived: [], failed: [{ what: expect.stringMatching(/^archive /) }] });
    expect(countFiles('filesFolder')).toBe(1);
    await server.store.expectSound();
  });

  test('waits while another moves files, such as a backup', async () => {
    const other = await server.store.openAgain('ops');
    server.store.clock.advance(5 * dayMs);
    await other.catalogue.instances.takeLease(retentionLease, server.store.clock.now() + dayMs);
    expect(await run()).toEqual({ ...nothing, isBusy: true });
    await other.catalogue.instances.releaseLease(retentionLease);
    expect((await run()).left).toHaveLength(2);
  });
});
