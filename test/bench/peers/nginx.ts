import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BenchServer, MissingServer } from '../bench-server.ts';
import { findProgram } from '../find-program.ts';
import type { Workspace } from '../workspace.ts';
import { peerFiles } from './peer-files.ts';

/** nginx with one worker, sendfile, no access log, and a required client certificate. */
export function findNginx(workspace: Workspace): BenchServer | MissingServer {
  const name = 'nginx';
  const program = findProgram('nginx');
  if (program === undefined) return { name, missing: 'not installed (Debian: apt install nginx)' };
  const folder = path.join(workspace.folder, name);
  mkdirSync(folder);
  return {
    name,
    ...peerFiles,
    listingPaths: { 100: '/listing.json' },
    toCommand(port) {
      const file = path.join(folder, `${port}.conf`);
      writeFileSync(file, toConfig(workspace, folder, port));
      return { program, args: ['-c', file] };
    },
  };
}

function toConfig({ served, authority, certificates }: Workspace, folder: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `  ${kind}_temp_path ${folder}/${kind};`,
  );
  return `daemon off;
${process.getuid?.() === 0 ? 'user www-data;' : ''}
worker_processes 1;
pid ${folder}/${port}.pid;
error_log stderr;
events { worker_connections 4096; }
http {
${temporary.join('\n')}
  access_log off;
  sendfile on;
  keepalive_requests 1000000;
  types { text/plain dat; application/json json; }
  server {
    listen 127.0.0.1:${port} ssl;
    root ${served};
    ssl_certificate ${certificates.server.certificatePath};
    ssl_certificate_key ${certificates.server.keyPath};
    ssl_client_certificate ${authority.certificatePath};
    ssl_verify_client on;
    ssl_protocols TLSv1.2 TLSv1.3;
  }
}
`;
}
