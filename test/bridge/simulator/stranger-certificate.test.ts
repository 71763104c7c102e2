import { once } from 'node:events';
import tls from 'node:tls';
import { expect, test } from 'vitest';
import { getTestCertificates } from '../../support/certificates.ts';
import { startSimulator } from '../omar/omar-setup.ts';

test('only the connections that the fault befalls show a stranger, also beside others', async () => {
  const simulator = await startSimulator();
  const { authority } = await getTestCertificates();
  const { hostname: host, port } = new URL(simulator.url);
  /** Whether the server's certificate is from the authority. */
  const connect = async () => {
    const options = { host, port: Number(port), ca: authority.certificatePem, rejectUnauthorized: false };
    const socket = tls.connect(options);
    await once(socket, 'secureConnect');
    const { authorized } = socket;
    socket.destroy();
    return authorized;
  };
  expect(await connect()).toBe(true);
  simulator.faults.arm({ fault: 'wrong-certificate', kind: 'connection', times: 2, after: 1 });
  const shown = await Promise.all([connect(), connect(), connect(), connect()]);
  expect(shown.sort()).toEqual([false, false, true, true]);
  expect(await connect()).toBe(true);
});
