import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { createStore } from '../../storage/open.ts';
import { systemClock } from '../../storage/ports/clock.ts';
import { getTestCertificates } from '../support/certificates.ts';
import { request } from '../support/https.ts';
import { startProcess } from '../support/process.ts';
import { toStorageConfig } from '../support/store.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';

const program = fileURLToPath(new URL('../../ops/mdma.ts', import.meta.url));
const folder = makeTemporaryFolder();
const config = path.join(folder, 'mdma.yaml');

beforeAll(async () => {
  const { server, authority } = await getTestCertificates();
  const storage = toStorageConfig(path.join(folder, 'data'));
  const settings = {
    storage,
    server: {
      listen: { host: '127.0.0.1', port: 0 },
      certificateFile: server.certificatePath,
      keyFile: server.keyPath,
      clientAuthorityFiles: [authority.certificatePath],
      observe: { port: 0 },
      support: [{ name: 'Help desk', contact: '+1 555 0100' }],
    },
  };
  writeFileSync(config, stringify(settings));
});

const start = () => startProcess([program, 'server', '--config', config]);
const isReady = ({ ready }: Record<string, unknown>) => ready === true;

describe('the process', () => {
  test('refuses to start without a store, and names the command that makes one', async () => {
    const started = start();
    expect((await started.exited).code).not.toBe(0);
    expect(started.stderr.join('\n')).toContain('mdma init');
  });

  test('says when it is ready, logs each request, reads certificates again, and stops in order', async () => {
    await createStore(toStorageConfig(path.join(folder, 'data')), systemClock);
    const started = start();
    const { port } = await started.waitForRecord(isReady);
    const { authority } = await getTestCertificates();
    const answer = await request('GET', `https://localhost:${port}/openapi.json?secret=x`, {
      authority,
      headers: { authorization: 'Bearer id.secret-of-mine' },
    });
    expect(answer.status).toBe(400);
    const record = await started.waitForRecord(({ msg }) => msg === 'request');
    expect(record).toMatchObject({
      program: 'server',
      method: 'GET',
      path: '/openapi.json',
      status: 400,
      outcome: 'invalid-request',
      address: '127.0.0.1',
    });
    started.child.kill('SIGHUP');
    await started.waitForRecord(({ msg }) => msg === 'certificates were read again');
    expect(await started.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(JSON.parse(started.stdout.at(-1) ?? '')).toMatchObject({ msg: 'the server has stopped' });
    expect(started.stdout.join('\n')).not.toContain('secret');
    expect(started.stderr).toEqual([]);
  });
});
