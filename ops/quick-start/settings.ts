import path from 'node:path';
import { isoAccount } from './cast.ts';
import { toPathsOf } from './create-certificates.ts';
import type { Places } from './places.ts';
import type { Ports } from './ports.ts';

/** How long a file stays in each status at the simulated ISO, in milliseconds; the real one takes up to an hour. */
export const simulatorStepMs = 400;

/** The quick start's configuration: everything on loopback, and delays for somebody who is watching. */
export function toSettings(places: Places, ports: Ports): object {
  const files = (name: Parameters<typeof toPathsOf>[1]) => {
    const { certificatePath: certificateFile, keyPath: keyFile } = toPathsOf(places, name);
    return { certificateFile, keyFile };
  };
  const authorityFile = toPathsOf(places, 'authority').certificatePath;
  return {
    storage: {
      databaseFile: path.join(places.dataFolder, 'catalogue.sqlite'),
      filesFolder: path.join(places.dataFolder, 'files'),
      archiveFolder: path.join(places.dataFolder, 'archive'),
      ballastBytes: 1024 * 1024,
    },
    server: {
      listen: { host: '127.0.0.1', port: ports.server },
      ...files('server'),
      clientAuthorityFiles: [authorityFile],
      observe: { host: '127.0.0.1', port: ports.monitoring },
      support: [{ name: 'Whoever started this quick start', contact: 'at this machine' }],
      stopTimeoutMs: 2_000,
    },
    bridge: {
      pollSeconds: 0.2,
      followDelaysSeconds: [0.5, 0.5, 1],
      quietSeconds: 1,
      reconcileMarginSeconds: 1,
      recheckSeconds: 2,
      retryFirstSeconds: 0.5,
      retryMaxSeconds: 10,
    },
    iso: {
      accounts: [
        {
          name: isoAccount,
          scId: 'QSSC',
          environment: 'simulator',
          way: 'omar',
          url: `https://localhost:${ports.simulator}`,
          certificate: files('iso-account'),
          authorityFile,
        },
      ],
    },
    client: { url: `https://localhost:${ports.server}`, authorityFile, ...files('staff') },
  };
}
