import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { atEnd } from '../support/cleanup.ts';
import { type StartedProcess, startProcess } from '../support/process.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const launcher = path.resolve('ops/launch.cjs');
const folder = path.join(makeTemporaryFolder(), 'quick start');

function start(...options: string[]): StartedProcess {
  return startProcess([launcher, 'quick-start', '--folder', folder, ...options]);
}

function readPorts(): Record<string, number> {
  return JSON.parse(readFileSync(path.join(folder, 'ports.json'), 'utf8'));
}

/** Whether nobody listens on any port of the quick start any more, so that no program of it is left. */
async function isAllStopped(): Promise<boolean> {
  const open = await Promise.all(Object.values(readPorts()).map(isOpen));
  return !open.includes(true);
}

function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy());
}

const isUp = (line: string) => line.startsWith('Ctrl-C stops everything');

describe('the quick start', () => {
  test('does the main job once, in a folder of its own, well within 60 s, and leaves nothing running', async () => {
    const startedAt = performance.now();
    const run = start('--once');
    expect(await run.exited, run.stderr.join('\n')).toEqual({ code: 0, signal: null });
    expect(performance.now() - startedAt).toBeLessThan(60_000);
    const shown = run.stdout.join('\n');
    expect(shown).toContain(`${folder} (made now`);
    expect(shown).toMatch(
      /transaction 1\n {4}esp-one\/\d{12}\.dat\n {4}udc-one\/\d{12}\.dat\n {4}SHA-256 [0-9a-f]{64}/,
    );
    expect(shown).toContain('SHA-256 equal to what was posted');
    expect(shown).toContain('404, as if it did not exist');
    expect(shown).toMatch(/esp-one, \d+ bytes: sent/);
    expect(shown).toMatch(/> Validation Passed\n/);
    expect(run.stderr).toEqual([]);
    expect(await isAllStopped()).toBe(true);
    expect(readdirSync(path.join(folder, 'certificates'))).toEqual(
      expect.arrayContaining(['staff.p12', 'esp-one.p12', 'esp-two.p12', 'udc-one.p12', 'passphrase.txt']),
    );
  }, 90_000);

  test('goes on with the same data; its curl lines work as they stand; SIGINT stops everything with status 0', async () => {
    const ports = readPorts();
    const run = start();
    await run.waitForLine(isUp, 60_000);
    const shown = run.stdout.join('\n');
    expect(shown).toContain('from an earlier start');
    expect(shown).toContain('transaction 2\n');
    expect(readPorts()).toEqual(ports);
    const lines = run.stdout.filter((line) => line.startsWith('  curl '));
    expect(lines).toHaveLength(5);
    if (spawnSync('curl', ['--version']).error === undefined) {
      const answers = lines.map((line) =>
        execFileSync('bash', ['-c', `${line} --silent --show-error --fail`], { encoding: 'utf8' }),
      );
      expect(JSON.parse(answers[0] ?? '').files).toHaveLength(2);
      expect(answers[1]).toMatch(/^MEPMD01,/);
      expect(JSON.parse(answers[2] ?? '').postings).toHaveLength(2);
      expect(answers[3]).toContain('Validation Passed');
      expect(JSON.parse(answers[4] ?? '')).toMatchObject([{ times: 1 }, { times: 1 }]);
    } else console.warn('skipped: the curl lines were not tried, because curl is not installed');
    expect(await run.kill('SIGINT')).toEqual({ code: 0, signal: null });
    expect(run.stderr).toEqual([]);
    expect(await isAllStopped()).toBe(true);
  }, 90_000);

  test('takes its programs with it when it is killed', async () => {
    const run = start();
    await run.waitForLine(isUp, 60_000);
    await run.kill('SIGKILL');
    const signal = AbortSignal.timeout(20_000);
    while (!(await isAllStopped())) await delay(50, undefined, { signal });
    expect((await start('--once').exited).code).toBe(0);
  }, 90_000);

  test('says which port is taken, with status 1', async () => {
    const { server: port = 0 } = readPorts();
    const occupier = createServer().listen(port, '127.0.0.1');
    await once(occupier, 'listening');
    const run = start('--once');
    expect((await run.exited).code).toBe(1);
    expect(run.stderr.join('\n')).toContain(`port ${port} (server) is in use`);
    occupier.close();
    await once(occupier, 'close');
  });

  test('ends with status 1 and stops everything when a program cannot start', async () => {
    rmSync(path.join(folder, 'certificates', 'iso-account.key'));
    const run = start('--once');
    expect((await run.exited).code).toBe(1);
    expect(run.stderr.join('\n')).toMatch(/Cannot start the bridge;[\s\S]*iso-account\.key: ENOENT/);
    expect(await isAllStopped()).toBe(true);
  });

  test('makes a folder anew that was left unfinished, and touches none that is not its own', async () => {
    rmSync(path.join(folder, 'mdma.yaml'));
    expect((await start('--once').exited).code).toBe(0);
    const foreign = makeTemporaryFolder();
    writeFileSync(path.join(foreign, 'mine.txt'), 'mine');
    const run = startProcess([launcher, 'quick-start', '--folder', foreign, '--once']);
    expect((await run.exited).code).toBe(1);
    expect(run.stderr.join('\n')).toContain('was not made by the quick start');
    expect(readdirSync(foreign)).toEqual(['mine.txt']);
  }, 90_000);

  test('ends with status 1 when a step of the job fails, and says which', async () => {
    const certificate = readFileSync(path.join(folder, 'certificates', 'esp-one.crt'));
    const fingerprint = new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase();
    const config = path.join(folder, 'mdma.yaml');
    execFileSync(process.execPath, [launcher, '--config', config, 'certificate', 'revoke', fingerprint]);
    const run = start('--once');
    expect((await run.exited).code).toBe(1);
    expect(run.stdout.join('\n')).toContain('transaction');
    expect(run.stderr.join('\n')).toMatch(/esp-one|401|403|certificate/);
    expect(run.stdout.join('\n')).not.toContain('Validation Passed');
    expect(await isAllStopped()).toBe(true);
  }, 90_000);
});

atEnd(async () => expect(await isAllStopped()).toBe(true));
