/**
 * Fetches many files at once, each on a connection of its own, and takes at most one read of each every 250 ms. Writes
 * a line when all have begun, then goes on until it is ended. Fails when a connection breaks or an answer is not 200.
 *
 * Standard input: JSON of { authorityPath, certificatePath, keyPath, urls }.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import tls from 'node:tls';

const tickMs = 250;
const { authorityPath, certificatePath, keyPath, urls } = JSON.parse(readFileSync(0, 'utf8'));
const credentials = {
  ca: readFileSync(authorityPath),
  cert: readFileSync(certificatePath),
  key: readFileSync(keyPath),
};

const sockets: tls.TLSSocket[] = [];
for (const url of urls) sockets.push(await begin(new URL(url)));
setInterval(() => {
  for (const socket of sockets) socket.resume();
}, tickMs);
console.log(`reading ${sockets.length}`);

async function begin({ host, port, pathname, search }: URL): Promise<tls.TLSSocket> {
  const options = {
    host: '127.0.0.1',
    port: Number(port),
    servername: 'localhost',
    highWaterMark: 16_384,
    ...credentials,
  };
  const socket = tls.connect(options);
  await once(socket, 'secureConnect');
  socket.on('close', () => {
    throw new Error(`the connection for ${pathname} ended early`);
  });
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  const [first] = await once(socket, 'data');
  if (!first.toString('latin1').startsWith('HTTP/1.1 200 ')) throw new Error(`${pathname}: ${first}`);
  socket.pause();
  socket.on('data', () => socket.pause());
  return socket;
}
