import { readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { dayMs } from '../../storage/model/time.ts';
import { addParties, type Parties, toReadingSet } from '../support/parties.ts';
import { createTestClock, createTestStore, type TestStore, toStorageConfig } from '../support/store.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { runMdma } from './run-mdma.ts';

const clock = createTestClock(Date.now());

describe('init', () => {
  const cwd = makeTemporaryFolder();
  const mdma = (...args: string[]) => runMdma(args, { cwd, clock });

  test('is the only command that makes a store', async () => {
    expect(await mdma('check')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no such file'),
    });
    writeFileSync(
      path.join(cwd, 'mdma.yaml'),
      stringify({ storage: toStorageConfig(path.join(cwd, 'store')) }),
    );
    const early = await mdma('participant', 'list');
    expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining('run "mdma init"') });
    expect(readdirSync(cwd)).toEqual(['mdma.yaml']);
    expect((await mdma('init')).stdout).toMatch(/^Made a new store/);
    expect((await mdma('init')).stdout).toMatch(/up to date; nothing was changed/);
    expect((await mdma('check')).stdout).toBe(
      'Checked 0 files and all that is known of them: nothing was found.\n',
    );
  });

  test('lists every fault of a wrong configuration, with status 2 and no stack', async () => {
    writeFileSync(path.join(cwd, 'wrong.yaml'), 'storage:\n  databaseFile: here\n  filesFoldr: /x\n');
    const ran = await mdma('init', '--config', 'wrong.yaml');
    expect(ran.code).toBe(2);
    expect(ran.stderr).toBe(
      `mdma: Cannot use configuration ${cwd}/wrong.yaml: 4 faults
  storage.databaseFile (line 2): found here, expected an absolute path
  storage.filesFolder (line 2): found (nothing), expected a text
  storage.archiveFolder (line 2): found (nothing), expected a text
  storage.filesFoldr (line 3): found (unknown setting), expected one of databaseFile, filesFolder, archiveFolder, ballastBytes
`,
    );
    expect((await mdma('init', '--config', 'wrong.yaml', '--verbose')).stderr).toMatch(/ at .*config\.ts/);
  });
});

describe('on a store with postings', () => {
  const cwd = makeTemporaryFolder();
  const mdma = (...args: string[]) => runMdma(args, { cwd, clock });
  let store: TestStore;
  let parties: Parties;

  beforeAll(async () => {
    store = await createTestStore(clock);
    parties = await addParties(store);
    writeFileSync(path.join(cwd, 'mdma.yaml'), stringify({ storage: store.config }));
    const mapping = {
      meter: 'M1',
      unit: 'KWH',
      resourceId: 'SITE_1',
      measurementType: 'LOAD',
      account: 'sc-one',
    };
    await store.catalogue.resources.mapResource({ ...mapping, way: 'omar', effectiveFrom: '2026-01-01' });
    await parties.post({ sets: [toReadingSet()] });
  });

  test('postings and submissions show what was posted and what became of it', async () => {
    expect((await mdma('postings')).stdout).toMatch(
      /^TRANSACTION .*\n +1 .* staff +cmep .* esp-one\/\d{12}\.dat +1 due\n$/,
    );
    expect((await mdma('postings', '--json')).json()).toMatchObject({
      postings: [{ transaction: 1 }],
      hasMore: false,
    });
    expect((await mdma('submissions')).stdout).toMatch(/\n 1 +1 {2}sc-one +due /);
    expect((await mdma('submissions', '--state', 'accepted')).stdout).toBe('There is none.\n');
    expect(await mdma('submissions', '--state', 'nonsense')).toMatchObject({ code: 2 });
  });

  test('a forwarding is held, released and retried, with a reason on record', async () => {
    expect((await mdma('submissions', 'hold', '1', '--reason', 'looking at it')).code).toBe(0);
    expect((await mdma('submissions')).stdout).toContain('due (held)');
    expect((await mdma('submissions', 'release', '1', '--reason', 'looked at it')).code).toBe(0);
    expect((await mdma('submissions', 'retry', '1', '--reason', 'now')).code).toBe(0);
    const found = await store.catalogue.forwardings.findForwarding(1);
    expect(JSON.stringify(found?.history)).toMatch(/operator tester.*looking at it.*looked at it.*now/);
    expect(await mdma('submissions', 'hold', '9', '--reason', 'x')).toMatchObject({ code: 1 });
    expect(await mdma('submissions', 'hold', '1')).toMatchObject({ code: 2 });
  });

  test('backup and restore make a round trip and end with a check', async () => {
    expect((await mdma('backup', 'backup')).stdout).toMatch(
      /^Backed up 1 files \(\d+ bytes\) and the catalogue to /,
    );
    const restored = await mdma('restore', 'backup', '--to', 'restored');
    expect(restored).toMatchObject({ code: 0, stderr: '' });
    expect(restored.stdout).toMatch(
      /^Restored 1 files [\s\S]*forwardings 1\.\n[\s\S]*Checked 1 files [\s\S]*nothing was found\.\n$/,
    );
    const again = await mdma('restore', 'backup');
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('in the way') });
  });

  test('retention shows what is due before it does it', async () => {
    clock.advance(6 * dayMs);
    const dry = await mdma('retention', '--dry-run');
    expect(dry.stdout).toMatch(/^DUE +WHAT\nleaves its directory {2}esp-one\/\d{12}\.dat\n$/);
    expect((await mdma('retention')).stdout).toMatch(/^DONE .*\nleaves its directory {2}esp-one\//);
    expect((await mdma('retention', '--dry-run')).stdout).not.toContain('leaves its directory');
  });

  test('a hold keeps bytes beyond their 36 months, on record', async () => {
    const { posting } = await parties.post({ mailboxes: [] });
    const number = String(posting.transaction);
    expect(await mdma('retention', 'hold', number, '--reason', 'in dispute')).toMatchObject({
      code: 0,
      stdout: `Transaction ${number}: hold is on record; its bytes are not deleted.\n`,
    });
    await mdma('retention');
    clock.advance(1_200 * dayMs);
    const isDeleted = async () => (await mdma('retention', '--dry-run')).stdout.includes('is deleted');
    expect(await isDeleted()).toBe(false);
    await mdma('retention', 'release', number, '--reason', 'settled');
    expect(await isDeleted()).toBe(true);
    expect(await mdma('retention', 'hold', '99', '--reason', 'x')).toMatchObject({ code: 1 });
    expect(await mdma('retention', 'hold', number)).toMatchObject({ code: 2 });
    clock.advance(-1_200 * dayMs);
  });

  test('check names what is damaged, with status 1', async () => {
    const { file } = await parties.post();
    const place = path.join(store.config.filesFolder, file.key);
    truncateSync(place, statSync(place).size - 1);
    const ran = await mdma('check', '--quick');
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(
      new RegExp(`acknowledged files exist +file \\d+ \\(${file.key}\\) +has \\d+ bytes instead of`),
    );
    const backup = await mdma('backup', 'second');
    expect(backup).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`damaged: on-line ${file.key}`),
    });
  });
});

/** Without a result that a program could read: they run until they are stopped, or write a file out as it is. */
const withoutJson = ['quick-start', 'server', 'bridge', 'simulator', 'stops page'];

/** The commands that `mdma NAMES --help` lists. */
async function listCommands(names: readonly string[], cwd: string): Promise<string[]> {
  const { code, stdout, stderr } = await runMdma([...names, '--help'], { cwd, clock });
  expect({ code, stderr }, names.join(' ')).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('--verbose');
  if (!/^Commands:|^Programs:/m.test(stdout)) {
    const isWithout = withoutJson.some((name) => names.join(' ').startsWith(name));
    expect(stdout.includes('--json'), `${names.join(' ')} --json`).toBe(!isWithout);
    return [];
  }
  const listed = stdout.slice(stdout.search(/^(Commands|Programs):/m));
  return [...listed.matchAll(/^ {2}([a-z][a-z-]+)(?: |$)/gm)]
    .flatMap(([, name = '']) => name)
    .filter((name) => name !== 'help' && name !== 'mdma');
}

test('every command explains itself, and every one with a result gives it as JSON too', async () => {
  const cwd = makeTemporaryFolder();
  const waiting = [[] as string[]];
  const leaves: string[] = [];
  for (let names = waiting.shift(); names !== undefined; names = waiting.shift()) {
    const below = await listCommands(names, cwd);
    if (below.length === 0) leaves.push(names.join(' '));
    for (const name of below) waiting.push([...names, name]);
  }
  expect(leaves).toEqual(
    expect.arrayContaining(['server', 'post', 'submissions close', 'restore', 'retention hold']),
  );
  expect(leaves.length).toBeGreaterThan(35);
});
