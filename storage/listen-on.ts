import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { type ErrorCode, MdmaError } from './model/errors.ts';

/** What may pass by itself is `unavailable`: the other process goes, the address comes. */
const obstacles: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  EADDRINUSE: ['unavailable', 'it is in use'],
  EADDRNOTAVAIL: ['unavailable', 'this machine has no such address'],
  EACCES: ['invalid-request', 'this user may not listen there'],
  ENOTFOUND: ['invalid-request', 'there is no such host'],
};

/**
 * Has a server listen, and gives its port.
 *
 * @param setting the setting that says where, or other words for it
 * @throws `unavailable` or `invalid-request`, naming setting, host and port, when it cannot
 */
export async function listenOn(
  server: Server,
  setting: string,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const [code, found] = obstacles[(cause as NodeJS.ErrnoException).code ?? ''] ?? [];
    if (code === undefined) throw cause;
    throw new MdmaError(code, `Cannot listen on ${setting} ${host}:${port}: ${found}`, { cause });
  }
  return (server.address() as AddressInfo).port;
}
