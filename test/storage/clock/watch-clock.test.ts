import { randomBytes } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { parseTracking } from '../../../storage/clock/ask-chrony.ts';
import { type ClockConfig, clockConfigSchema } from '../../../storage/clock/config.ts';
import { type ClockWatchDeps, watchClock } from '../../../storage/clock/watch-clock.ts';
import { atEnd } from '../../support/cleanup.ts';
import { startSntpServer } from '../../support/sntp-server.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

/** A watch whose machine has a clock of the test's own, that starts right. */
async function setUp(input: object, world: Pick<ClockWatchDeps, 'lookup'> = {}) {
  const config: ClockConfig = clockConfigSchema.parse({ timeoutSeconds: 0.3, checkSeconds: 3_600, ...input });
  const told: string[] = [];
  const tell = (level: string) => (_fields: object, words: string) => told.push(`${level}: ${words}`);
  let setAheadMs = 0;
  let passedMs = 0;
  const watch = await watchClock(config, {
    clock: { now: () => Date.now() + setAheadMs + passedMs },
    monotonicMs: () => performance.now() + passedMs,
    random: randomBytes,
    ...world,
    log: { info: tell('info'), warn: tell('warn'), error: tell('error') },
  });
  atEnd(() => watch.stop());
  const step = (ms: number) => {
    setAheadMs += ms;
  };
  const pass = (ms: number) => {
    passedMs += ms;
  };
  return { watch, told, step, pass };
}

async function setUpSntp(over: object = {}, world: Pick<ClockWatchDeps, 'lookup'> = {}) {
  const server = await startSntpServer();
  const input = { source: 'sntp', server: '127.0.0.1', port: server.port, ...over };
  return { server, ...(await setUp(input, world)) };
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

  test('whose name nobody answers for is given up in time, and is looked up once', async () => {
    const lookups: ((found: { address: string; family: number }) => void)[] = [];
    const lookup = () => new Promise<{ address: string; family: number }>((found) => lookups.push(found));
    const { server, watch } = await setUpSntp({ server: 'time.example.com' }, { lookup });
    expect(watch.state()).toMatchObject({
      kind: 'unmeasurable',
      words: 'Cannot measure the clock by time.example.com: no address within 300 ms',
    });
    expect((await watch.measure()).kind).toBe('unmeasurable');
    expect(lookups).toHaveLength(1);
    const measuring = watch.measure();
    for (const found of lookups) found({ address: '127.0.0.1', family: 4 });
    expect((await measuring).kind).toBe('good');
    expect(server.questions).toHaveLength(1);
  });

  test('whose name is unknown is a warning', async () => {
    const lookup = () => Promise.reject(new Error('getaddrinfo ENOTFOUND time.example.com'));
    const { watch } = await setUpSntp({ server: 'time.example.com' }, { lookup });
    expect(watch.state().words).toMatch(
      /^Cannot measure the clock by time.example.com: getaddrinfo ENOTFOUND/,
    );
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

  test('is measured again for all who are refused together, and not more often than each 15 seconds', async () => {
    const { watch, server, pass } = await setUpSntp();
    server.aheadMs = 600_000;
    await watch.measure();
    expect(server.questions).toHaveLength(2);
    const refuseMany = () => {
      for (let post = 0; post < 50; post++) expect(() => watch.demand('Cannot post')).toThrow(/behind/);
    };
    pass(14_000);
    refuseMany();
    pass(1_000);
    refuseMany();
    await watch.measure();
    refuseMany();
    await vi.waitFor(() => expect(server.questions).toHaveLength(3));
    pass(15_000);
    server.aheadMs = 44_000;
    refuseMany();
    await vi.waitFor(() => expect(watch.state().kind).toBe('good'));
    expect(server.questions).toHaveLength(4);
  });

  test('is measured by one question, whoever waits for it', async () => {
    const { watch, server } = await setUpSntp();
    const [one, other] = await Promise.all([watch.measure(), watch.measure()]);
    expect(one).toEqual(other);
    expect(server.questions).toHaveLength(2);
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
