import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { atEnd } from './cleanup.ts';

/** A port of 127.0.0.1 on which another listens until the test ends. */
export async function takePort(): Promise<number> {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  atEnd(() => void other.close());
  return (other.address() as AddressInfo).port;
}
