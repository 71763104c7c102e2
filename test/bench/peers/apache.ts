import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BenchServer, MissingServer } from '../bench-server.ts';
import { findProgram } from '../find-program.ts';
import type { Workspace } from '../workspace.ts';
import { peerFiles } from './peer-files.ts';

/** Where Debian's apache2-bin puts them. */
const modules = '/usr/lib/apache2/modules';

/** Apache (event) with mod_dav for PUT and a required client certificate. It syncs nothing and keeps no record. */
export function findApache(workspace: Workspace): BenchServer | MissingServer {
  const name = 'apache';
  const program = findProgram('apache2');
  if (program === undefined || !existsSync(modules)) {
    return { name, missing: 'not installed (Debian: apt install apache2)' };
  }
  const folder = path.join(workspace.folder, name);
  mkdirSync(path.join(folder, 'dav'), { recursive: true });
  // A server that was started by root writes as another user.
  for (const each of [folder, path.join(folder, 'dav')]) chmodSync(each, 0o777);
  return {
    name,
    ...peerFiles,
    listingPaths: { 100: '/listing.json' },
    post: {
      method: 'PUT',
      pattern: '/dav/%d.dat',
      headers: { 'Content-Type': 'text/plain' },
      // 204 where another row or round has put a file of that name there.
      findPosted: ({ status, path }) => (status === 201 || status === 204 ? path : undefined),
    },
    toCommand(port) {
      const file = path.join(folder, `${port}.conf`);
      writeFileSync(file, toConfig(workspace, folder, port));
      return { program, args: ['-f', file, '-DFOREGROUND'] };
    },
  };
}

function toConfig({ served, authority, certificates }: Workspace, folder: string, port: number): string {
  const loaded = ['mpm_event', 'ssl', 'authz_core', 'dav', 'dav_fs', 'mime', 'alias'];
  return `ServerRoot ${folder}
ServerName localhost
Listen 127.0.0.1:${port}
PidFile ${folder}/${port}.pid
ErrorLog ${folder}/error.log
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
${loaded.map((module) => `LoadModule ${module}_module ${modules}/mod_${module}.so`).join('\n')}
DavLockDB ${folder}/lock-${port}
TypesConfig /dev/null
AddType text/plain .dat
AddType application/json .json
KeepAlive On
MaxKeepAliveRequests 0
StartServers 1
ServerLimit 16
ThreadsPerChild 64
MaxRequestWorkers 512
LimitRequestBody 0
DocumentRoot ${served}
SSLEngine on
SSLCertificateFile ${certificates.server.certificatePath}
SSLCertificateKeyFile ${certificates.server.keyPath}
SSLCACertificateFile ${authority.certificatePath}
SSLVerifyClient require
SSLSessionCache none
<Directory ${served}>
Require all granted
</Directory>
Alias /dav ${folder}/dav
<Directory ${folder}/dav>
Require all granted
Dav On
</Directory>
`;
}
