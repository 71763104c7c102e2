import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { createStore } from '../../storage/open.ts';
import { systemClock } from '../../storage/ports/clock.ts';
import { getTestCertificates, type TestCertificates } from '../support/certificates.ts';
import { startProcess } from '../support/process.ts';
import { toStorageConfig } from '../support/store.ts';
import { takePort } from '../support/taken-port.ts';
import { makeTemporaryFolder } from '../support/temporary-folder.ts';
import { runMdma } from './run-mdma.ts';

const program = fileURLToPath(new URL('../../ops/mdma.ts', import.meta.url));
let cwd: string;
let certificates: TestCertificates;
let garbage: string;

beforeEach(async () => {
  cwd = makeTemporaryFolder();
  certificates = await getTestCertificates();
  garbage = path.join(cwd, 'garbage.pem');
  writeFileSync(garbage, 'no PEM at all\n');
});

function configure(settings: object): string {
  const file = path.join(cwd, 'mdma.yaml');
  const server = {
    listen: { host: '127.0.0.1', port: 0 },
    certificateFile: certificates.server.certificatePath,
    keyFile: certificates.server.keyPath,
    clientAuthorityFiles: [certificates.authority.certificatePath],
    observe: { port: 0 },
    support: [{ name: 'Help desk', contact: '+1 555 0100' }],
    ...settings,
  };
  writeFileSync(file, stringify({ storage: toStorageConfig(path.join(cwd, 'store')), server }));
  return file;
}

describe('certificates that are not good are faults of the configuration, status 2', () => {
  const check = async (settings: object) => {
    configure(settings);
    return runMdma(['server', '--check-config'], { cwd, clock: systemClock });
  };

  test('good ones are none, a chain included', async () => {
    const chain = path.join(cwd, 'chain.crt');
    copyFileSync(certificates.server.certificatePath, chain);
    appendFileSync(chain, readFileSync(certificates.authority.certificatePath));
    expect(await check({ certificateFile: chain })).toMatchObject({ code: 0, stderr: '' });
  });

  test('a key of another certificate', async () => {
    const keyFile = certificates.staff.keyPath;
    expect(await check({ keyFile })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        `server.keyFile: found ${keyFile}, expected the key of the first certificate`,
      ),
    });
  });

  test('what is no PEM, each named', async () => {
    const broken = path.join(cwd, 'broken.crt');
    copyFileSync(certificates.authority.certificatePath, broken);
    appendFileSync(broken, '-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n');
    const { authority } = certificates;
    const clientAuthorityFiles = [authority.certificatePath, garbage, broken];
    const { code, stderr } = await check({
      certificateFile: garbage,
      keyFile: garbage,
      clientAuthorityFiles,
    });
    expect(code).toBe(2);
    expect(stderr.match(/^ {2}server\.\S+(?=:)/gm)).toEqual([
      '  server.certificateFile',
      '  server.keyFile',
      '  server.clientAuthorityFiles[1]',
      '  server.clientAuthorityFiles[2]',
    ]);
  });
});

describe('a place where the server cannot listen is named, and the process ends', () => {
  const start = async (settings: object) => {
    const file = configure(settings);
    await createStore(toStorageConfig(path.join(cwd, 'store')), systemClock);
    const started = startProcess([program, 'server', '--config', file]);
    return { exit: await started.exited, stderr: started.stderr.join('\n') };
  };

  test.each(['listen', 'observe'])('a port of server.%s that is taken', async (name) => {
    const port = await takePort();
    const { exit, stderr } = await start({ [name]: { host: '127.0.0.1', port } });
    expect(stderr).toContain(`mdma: Cannot listen on server.${name} 127.0.0.1:${port}: it is in use`);
    expect(exit.code).toBe(1);
  });

  test.each([
    ['192.0.2.1', 1, 'this machine has no such address'],
    ['no-such-host.invalid', 2, 'there is no such host'],
  ])('the host %s', async (host, code, found) => {
    const { exit, stderr } = await start({ listen: { host, port: 8443 } });
    expect(stderr).toContain(`mdma: Cannot listen on server.listen ${host}:8443: ${found}`);
    expect(exit.code).toBe(code);
  });
});
