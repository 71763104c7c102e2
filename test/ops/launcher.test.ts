import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { startProcess } from '../support/process.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const launcher = path.resolve('ops/launch.cjs');
const systemNode = '/usr/bin/node';

/** Why the tests under an old Node cannot run here, if they cannot. */
function findObstacle(): string | undefined {
  if (!existsSync(systemNode)) return `there is no ${systemNode}`;
  const version = spawnSync(systemNode, ['--version'], { encoding: 'utf8' }).stdout.trim();
  return Number.parseInt(version.slice(1), 10) >= 24
    ? `${systemNode} is ${version}, not an old one`
    : undefined;
}

const obstacle = findObstacle();
if (obstacle !== undefined) console.warn(`skipped: the launcher under an old Node, because ${obstacle}`);

test('runs the command line on a Node that can', () => {
  const ran = spawnSync(process.execPath, [launcher, '--help'], { encoding: 'utf8' });
  expect(ran).toMatchObject({ status: 0, stderr: '' });
  expect(ran.stdout).toMatch(/^Usage: mdma/);
});

describe('inspect and convert', () => {
  const spy = path.join(makeTemporaryFolder(), 'spy.cjs');
  writeFileSync(
    spy,
    `const v8 = require('node:v8');
    const flags = [];
    v8.setFlagsFromString = (flag) => flags.push(flag);
    process.on('exit', () => {
      const hasStore = Object.keys(require.cache).some((file) => file.includes('/better-sqlite3/'));
      process.stderr.write(JSON.stringify({ flags: flags.length, hasStore }));
    });`,
  );
  const watch = (...args: string[]) =>
    JSON.parse(
      spawnSync(process.execPath, ['--require', spy, launcher, ...args], { encoding: 'utf8' }).stderr,
    );

  test.each([
    [['inspect']],
    [['convert']],
    [['--verbose', 'inspect']],
    [['--config', 'mdma.yaml', 'convert']],
    [['--config=mdma.yaml', '--verbose', 'inspect']],
  ])('mdma %j --help starts with a small heap and without the rest', (args) => {
    expect(watch(...args, '--help')).toEqual({ flags: 2, hasStore: false });
  });

  test.each([[['stops']], [['--config', 'inspect', 'stops']], [['stops', 'inspect']]])(
    'mdma %j --help is another command',
    (args) => {
      expect(watch(...args, '--help')).toEqual({ flags: 0, hasStore: true });
    },
  );
});

test('is plain JavaScript that Node 12 can read', () => {
  const source = readFileSync(launcher, 'utf8');
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  expect(code).not.toMatch(/\?\.|\?\?|\|\|=|&&=|require\('node:|^import |\bawait\b|replaceAll|\.at\(/m);
});

describe.skipIf(obstacle !== undefined)('under an old Node', () => {
  const run = (...args: string[]) => spawnSync(systemNode, [launcher, ...args], { encoding: 'utf8' });

  test('runs on the Node that the packages carry, and keeps its exit status', () => {
    expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Usage: mdma/) });
    expect(run('nonsense')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("unknown command 'nonsense'"),
    });
  });

  test('hands signals on', async () => {
    const certificates = path.join(makeTemporaryFolder(), 'quick-start');
    const child = startProcess(['-e', launchOnSystemNode(['quick-start', '--folder', certificates])]);
    await child.waitForLine((line) => line.startsWith('Ctrl-C stops everything'), 60_000);
    expect(await child.kill('SIGINT')).toEqual({ code: 0, signal: null });
  }, 90_000);

  test('says in one sentence what is missing when there is none', () => {
    const alone = path.join(makeTemporaryFolder(), 'launch.cjs');
    copyFileSync(launcher, alone);
    const ran = spawnSync(systemNode, [alone, 'server'], { encoding: 'utf8' });
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^mdma: Node 24 or newer is needed and this is \d+\.\d+\.\d+; .*npm ci.*\n$/);
  });
});

/** `startProcess` starts the Node of the tests; this makes it wait for the old one, and pass its signal on. */
function launchOnSystemNode(args: readonly string[]): string {
  return `const child = require('node:child_process').spawn(${JSON.stringify(systemNode)},
    ${JSON.stringify([launcher, ...args])}, { stdio: 'inherit' });
    process.on('SIGINT', () => child.kill('SIGINT'));
    child.on('exit', (code) => process.exit(code ?? 99));`;
}
