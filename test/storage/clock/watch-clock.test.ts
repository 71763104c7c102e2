import { randomBytes } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseTracking } from '../../../storage/clock/ask-chrony.ts';
import { type ClockConfig, clockConfigSchema } from '../../../storage/clock/config.ts';
import { watchClock } from '../../../storage/clock/watch-clock.ts';
import { atEnd } from '../../support/cleanup.ts';
import { startSntpServer } from '../../support/sntp-server.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

/** A watch whose machine has a clock of the test's own, that starts right. */
async function setUp(input: object) {
  const config: ClockConfig = clockConfigSchema.parse({ timeoutSeconds: 0.3, checkSeconds: 3_600, ...input });
  const told: string[] = [];
  const tell = (level: string) => (_fields: object, words: string) => told.push(`${level}: ${words}`);
  let setAheadMs = 0;
  const watch = await watchClock(config, {
    clock: { now: () => Date.now() + setAheadMs },
    monotonicMs: () => performance.now(),
    random: randomBytes,
    log: { info: tell('info'), warn: tell('warn'), error: tell('error') },
  });
  atEnd(() => watch.stop());
  const step = (ms: number) => {
    setAheadMs += ms;
  };
  return { watch, told, step };
}

async function setUpSntp() {
  const server = await startSntpServer();
  return { server, ...(await setUp({ source: 'sntp', server: '127.0.0.1', port: server.port })) };
}

describe('a time server', () => {
  test.each([0, 30_000, -30_000])('that is %s ms ahead: the clock is behind by that', async (aheadMs) => {
    const { watch, server } = await setUpSntp();
    server.aheadMs = aheadMs;
    const { kind, offsetMs } = await watch.measure();
    expect(kind).toBe('good');
    expect(Math.abs((offsetMs ?? Number.NaN) + aheadMs)).toBeLessThan(200);
    expect(() => watch.demand('Cannot post')).not.toThrow();
  });

  test('learns nothing of this machine from the question', async () => {
    const { server, watch } = await setUpSntp();
    await watch.measure();
    const [one, other] = server.questions;
    expect(one?.subarray(0, 40).toString('hex')).toBe(`23${'0'.repeat(78)}`);
    expect(one?.subarray(40)).not.toEqual(other?.subarray(40));
  });

  test.each<[string, (answer: Buffer) => Buffer | undefined]>([
    ['says nothing', () => undefined],
    ['is not synchronised', (answer) => Buffer.from([...answer].with(0, 0xe4))],
    ['sends a kiss of death', (answer) => Buffer.from([...answer].with(1, 0))],
    ['answers another question', (answer) => Buffer.from([...answer].with(30, 1 + (answer[30] ?? 0)))],
    ['sends half a packet', (answer) => answer.subarray(0, 40)],
    ['tells no time', (answer) => Buffer.concat([answer.subarray(0, 32), Buffer.alloc(16)])],
  ])('that %s is a warning, and work goes on', async (_, spoil) => {
    const { watch, server, told } = await setUpSntp();
    server.spoil = spoil;
    expect(await watch.measure()).toMatchObject({
      kind: 'unmeasurable',
      words: expect.stringContaining('Cannot measure the clock by 127.0.0.1'),
    });
    expect(() => watch.demand('Cannot post')).not.toThrow();
    expect(told).toEqual([expect.stringMatching(/^warn: the clock is not measured: Cannot measure/)]);
  });
});

describe('a clock that is off by more than a minute', () => {
  test('stops what relies on it, with the reason, until it is right again', async () => {
    const { watch, server, told } = await setUpSntp();
    server.aheadMs = 61_000;
    await watch.measure();
    const reason =
      /^Cannot post: this machine's clock is 6\d\.\d seconds behind, more than 60 \(sntp 127.0.0.1\)$/;
    expect(() => watch.demand('Cannot post')).toThrow(reason);
    expect(told).toEqual([expect.stringMatching(/^error: nothing is posted or submitted until it is right/)]);
    server.aheadMs = 0;
    await watch.measure();
    expect(() => watch.demand('Cannot post')).not.toThrow();
    expect(told[1]).toMatch(/^info: the clock is right again/);
  });

  test('stays off while nobody can tell', async () => {
    const { watch, server } = await setUpSntp();
    server.aheadMs = -61_000;
    await watch.measure();
    server.spoil = () => undefined;
    expect((await watch.measure()).kind).toBe('off');
    expect(() => watch.demand('Cannot post')).toThrow(/ahead/);
  });

  test('is seen at once when it is stepped between two measurements', async () => {
    const { watch, step } = await setUpSntp();
    step(3_600_000);
    expect(() => watch.demand('Cannot post')).toThrow(/3600\.\d seconds ahead/);
    step(-3_600_000);
    expect(() => watch.demand('Cannot post')).not.toThrow();
  });
});

describe('chrony', () => {
  const tracking = (behind: string, leap = 'Normal') =>
    `C0A80101,192.168.1.1,3,1700000000.123456789,${behind},0.000001,0.000002,1.0,0.0,0.1,0.01,0.001,64.2,${leap}\n`;

  test.each([
    ['0.000012', -0.012],
    ['-75.5', 75_500],
  ])('that says %s', (behind, offsetMs) => {
    expect(parseTracking(tracking(behind))).toBeCloseTo(offsetMs, 6);
  });

  test.each([tracking('0.0', 'Not synchronised'), '506 Cannot talk to daemon', ''])(
    'that does not know: %s',
    (line) => {
      expect(() => parseTracking(line)).toThrow(/Cannot measure the clock by chrony/);
    },
  );

  test('is asked by its program, which may be missing', async () => {
    const chronycFile = path.join(makeTemporaryFolder(), 'chronyc');
    const missing = await setUp({ source: 'chrony', chronycFile });
    expect(missing.watch.state()).toMatchObject({
      kind: 'unmeasurable',
      words: expect.stringContaining('ENOENT'),
    });
    writeFileSync(
      chronycFile,
      `#!/bin/sh\n[ "$*" = "-c tracking" ] && printf '%s' '${tracking('75.5').trim()}'\n`,
    );
    chmodSync(chronycFile, 0o755);
    expect(await missing.watch.measure()).toMatchObject({
      kind: 'off',
      words: "this machine's clock is 75.5 seconds behind, more than 60 (chrony)",
    });
  });

  test('that hangs, whatever it is told, does not hold up the programs', async () => {
    const chronycFile = path.join(makeTemporaryFolder(), 'chronyc');
    writeFileSync(chronycFile, "#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 0.1; done\n");
    chmodSync(chronycFile, 0o755);
    const { watch } = await setUp({ source: 'chrony', chronycFile });
    expect(watch.state().kind).toBe('unmeasurable');
  });
});

test('nobody to ask is a warning', async () => {
  const { watch, told } = await setUp({});
  expect(watch.state().kind).toBe('unwatched');
  expect(told).toEqual([expect.stringMatching(/^warn: .*clock\.source/)]);
});
