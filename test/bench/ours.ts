import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { BenchServer } from './bench-server.ts';
import { mailboxes, seedStore, toMailboxName } from './seed-store.ts';
import type { Workspace } from './workspace.ts';

const program = fileURLToPath(new URL('../../ops/mdma.ts', import.meta.url));

const unit = fileURLToPath(new URL('../../ops/systemd/mdma-server.service', import.meta.url));

/** The flags of Node that the shipped unit starts the server with. */
function readNodeFlags(): string[] {
  const flags = /^ExecStart=\S+ ((?:--\S+ )+)ops\/launch\.cjs/m.exec(readFileSync(unit, 'utf8'))?.[1];
  if (flags === undefined) throw new Error(`no flags of Node in ${unit}`);
  return flags.trim().split(' ');
}

/** Our server with everything on: authentication, authorization, durable records, one log record a request. */
export async function prepareOurs(workspace: Workspace): Promise<BenchServer> {
  const storage = {
    databaseFile: path.join(workspace.folder, 'ours', 'catalogue.sqlite'),
    filesFolder: path.join(workspace.folder, 'ours', 'files'),
    archiveFolder: path.join(workspace.folder, 'ours', 'archive'),
    ballastBytes: 1 << 20,
  };
  const { smallPath, bigName, listingPaths } = await seedStore(storage, workspace);
  const { server } = workspace.certificates;
  const toSettings = (port: number) => ({
    storage,
    server: {
      listen: { host: '127.0.0.1', port },
      certificateFile: server.certificatePath,
      keyFile: server.keyPath,
      clientAuthorityFiles: [workspace.authority.certificatePath],
      observe: { port: 0 },
      support: [{ name: 'bench', contact: 'bench' }],
      stopTimeoutMs: 1_000,
    },
  });
  return {
    name: 'ours',
    smallPath,
    bigPath: `/mailboxes/${toMailboxName(0)}/${bigName}`,
    listingPaths,
    toSlowPath: (index) => `/mailboxes/${toMailboxName(index % mailboxes)}/${bigName}`,
    toCommand(port) {
      const config = path.join(workspace.folder, `ours-${port}.yaml`);
      writeFileSync(config, stringify(toSettings(port)));
      return { program: process.execPath, args: [...readNodeFlags(), program, 'server', '--config', config] };
    },
    post: {
      method: 'POST',
      pattern: '/postings?mailbox=esp-%d',
      modulo: mailboxes,
      headers: { 'Content-Type': 'application/octet-stream' },
      findPosted({ status, body }) {
        if (status !== 201) return undefined;
        const { files } = JSON.parse(body) as { files: { mailbox: string; name: string }[] };
        const [file] = files;
        return file && `/mailboxes/${file.mailbox}/${file.name}`;
      },
    },
  };
}
