import { describe, expect, test } from 'vitest';
import { serverConfigSchema } from '../../server/config.ts';

const least = {
  listen: { host: '0.0.0.0', port: 8443 },
  certificateFile: '/etc/mdma/server.crt',
  keyFile: '/etc/mdma/server.key',
  support: [{ name: 'Help desk', contact: '+1 555 0100' }],
};

test('what is left out has its default; no place has one', () => {
  const config = serverConfigSchema.parse(least);
  expect(config.observe).toEqual({ host: '127.0.0.1', port: 9464 });
  expect(config.stopTimeoutMs).toBe(300_000);
  expect(config.limits.maxFileBytes).toBe(4 * 1024 ** 3);
  for (const name of ['listen', 'certificateFile', 'keyFile', 'support']) {
    expect(serverConfigSchema.safeParse({ ...least, [name]: undefined }).success, name).toBe(false);
  }
});

describe('is refused, with its place', () => {
  test.each([
    ['a typo', { ...least, stopTimeout: 5 }, []],
    ['a typo deeper down', { ...least, limits: { maxFileByte: 5 } }, ['limits']],
    ['a wrong unit', { ...least, stopTimeoutMs: '5 minutes' }, ['stopTimeoutMs']],
    ['a size in words', { ...least, limits: { maxFileBytes: '4 GB' } }, ['limits', 'maxFileBytes']],
    ['a fraction', { ...least, limits: { bodyWindowMs: 0.5 } }, ['limits', 'bodyWindowMs']],
    ['a path that depends on where it is read', { ...least, keyFile: 'server.key' }, ['keyFile']],
    ['a port that is none', { ...least, listen: { host: 'x', port: 70_000 } }, ['listen', 'port']],
    ['nobody to ask', { ...least, support: [] }, ['support']],
    [
      'a schedule that is none',
      { ...least, jobs: { retentionSchedule: 'daily' } },
      ['jobs', 'retentionSchedule'],
    ],
    ['a zone that is none', { ...least, jobs: { zone: 'Pacific' } }, ['jobs', 'zone']],
    [
      'a grace that a post may outlast',
      { ...least, jobs: { orphanGraceMs: 1000 } },
      ['jobs', 'orphanGraceMs'],
    ],
  ])('%s', (_what, raw, path) => {
    const issues = serverConfigSchema.safeParse(raw).error?.issues ?? [];
    expect(issues.map((issue) => issue.path)).toEqual([path]);
  });
});
