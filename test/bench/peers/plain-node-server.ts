/**
 * A peer in a process of its own: plain Node https, client certificate required. One read and one `end()` up to
 * 256 KiB, above it a stream of 256 KiB chunks; the compressed file where the client offers zstd. By callbacks and
 * file numbers, because promises and handles measurably slow it down.
 *
 * Arguments: port, folder, certificate, key, authority.
 */
import { close, createReadStream, fstat, open, read } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import path from 'node:path';
import { toPeerTls } from './peer-tls.ts';

const chunkBytes = 256 * 1024;
const [port, folder = '', ...tlsFiles] = process.argv.slice(2);

createServer(toPeerTls(tlsFiles), (incoming, outgoing) => {
  const isZstd = /\bzstd\b/.test(String(incoming.headers['accept-encoding']));
  const file = path.join(folder, path.normalize(incoming.url ?? '/')) + (isZstd ? '.zst' : '');
  open(file, 'r', (openError, descriptor) => {
    if (openError !== null) return outgoing.destroy(openError);
    fstat(descriptor, (statError, { size }) => {
      if (statError !== null) return outgoing.destroy(statError);
      const coding = isZstd ? { 'Content-Encoding': 'zstd' } : {};
      outgoing.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': size, ...coding });
      if (size > chunkBytes) stream(descriptor, outgoing);
      else sendWhole(descriptor, size, outgoing);
    });
  });
}).listen(Number(port), '127.0.0.1');

function stream(descriptor: number, outgoing: ServerResponse): void {
  const source = createReadStream('', { fd: descriptor, highWaterMark: chunkBytes });
  outgoing.on('close', () => source.destroy());
  source.pipe(outgoing);
}

function sendWhole(descriptor: number, size: number, outgoing: ServerResponse): void {
  read(descriptor, Buffer.allocUnsafe(size), 0, size, 0, (readError, _count, buffer) => {
    if (readError === null) outgoing.end(buffer);
    else outgoing.destroy(readError);
    close(descriptor, (closeError) => {
      if (closeError !== null) throw closeError;
    });
  });
}
