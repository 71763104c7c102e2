import { fileURLToPath } from 'node:url';
import type { BenchServer } from '../bench-server.ts';
import type { Workspace } from '../workspace.ts';
import { peerFiles } from './peer-files.ts';

/** Plain Node https, as fast as it is known to go: what our file path could reach if it did nothing else. */
export const toPlainNode = (workspace: Workspace) =>
  toNodePeer('node', new URL('./plain-node-server.ts', import.meta.url), workspace);

/** Koa with its router and nothing else: what the framework costs. */
export const toBareKoa = (workspace: Workspace) =>
  toNodePeer('koa', new URL('./bare-koa-server.ts', import.meta.url), workspace);

function toNodePeer(name: string, file: URL, { served, authority, certificates }: Workspace): BenchServer {
  const { certificatePath, keyPath } = certificates.server;
  const program = fileURLToPath(file);
  return {
    name,
    ...peerFiles,
    listingPaths: { 100: '/listing.json' },
    toCommand: (port) => ({
      program: process.execPath,
      args: [program, String(port), served, certificatePath, keyPath, authority.certificatePath],
    }),
  };
}
