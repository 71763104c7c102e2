import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { z } from 'zod';
import { MdmaError } from '../../storage/model/errors.ts';

const port = z.int().min(1).max(65_535);
const portsSchema = z.strictObject({ server: port, monitoring: port, simulator: port, control: port });

/** The loopback ports of a quick start. */
export type Ports = z.infer<typeof portsSchema>;

const preferred: Ports = { server: 8443, monitoring: 8480, simulator: 9443, control: 9480 };

/** Chooses a free port for each listener, the usual one where it is free, and remembers them in `file`. */
export async function choosePorts(file: string): Promise<Ports> {
  const ports = { ...preferred };
  const taken = new Set<number>();
  for (const name of Object.keys(preferred) as (keyof Ports)[]) {
    ports[name] = (await findFreePort(preferred[name], taken)) ?? (await findFreePort(0, taken)) ?? 0;
    taken.add(ports[name]);
  }
  await writeFile(file, `${JSON.stringify(ports, null, 2)}\n`);
  return ports;
}

/**
 * The ports of an earlier start.
 *
 * @throws `conflict` when one of them is in use
 */
export async function readPorts(file: string): Promise<Ports> {
  const ports = portsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  for (const [name, number] of Object.entries(ports)) {
    if ((await findFreePort(number, new Set())) !== undefined) continue;
    const found = `port ${number} (${name}) is in use; is it running already?`;
    throw new MdmaError('conflict', `Cannot start the quick start of this folder: ${found}`);
  }
  return ports;
}

/** `wanted` if nobody listens there on loopback; 0 finds any. */
async function findFreePort(wanted: number, taken: ReadonlySet<number>): Promise<number | undefined> {
  if (taken.has(wanted)) return undefined;
  const server = createServer().listen(wanted, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE' || code === 'EACCES') return undefined;
    throw error;
  }
  const { port: found } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return found;
}
