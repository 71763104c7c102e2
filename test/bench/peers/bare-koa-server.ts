/**
 * A peer in a process of its own: Koa and its router with nothing else, client certificate required. Reads as the
 * plain Node peer does.
 *
 * Arguments: port, folder, certificate, key, authority.
 */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:https';
import path from 'node:path';
import { Router } from '@koa/router';
import Koa from 'koa';
import { toPeerTls } from './peer-tls.ts';

const chunkBytes = 256 * 1024;
const [port, folder = '', ...tlsFiles] = process.argv.slice(2);

const router = new Router();
router.get('/:name', async (context) => {
  const isZstd = /\bzstd\b/.test(context.get('accept-encoding'));
  const file = path.join(folder, path.basename(context.path)) + (isZstd ? '.zst' : '');
  const { size } = await stat(file);
  context.type = 'text/plain';
  if (isZstd) context.set('Content-Encoding', 'zstd');
  context.body =
    size > chunkBytes ? createReadStream(file, { highWaterMark: chunkBytes }) : await readFile(file);
  context.length = size;
});

const app = new Koa();
app.use(router.routes());
createServer(toPeerTls(tlsFiles), app.callback()).listen(Number(port), '127.0.0.1');
