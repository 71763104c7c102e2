import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import https from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { alternateAnew, type Bench, type BenchRow, type Figure } from '../bench-row.ts';
import type { PostPaths } from '../bench-server.ts';
import { toCmepChunks } from '../cmep-data.ts';
import { readMemory } from '../memory.ts';
import { type RunningServer, toClientOptions } from '../running-server.ts';
import { mebibyte } from '../workspace.ts';

export const bigFileRows: readonly BenchRow[] = [
  {
    name: 'big-file',
    title: 'post and download of a 2 GiB file',
    targets: [{ metric: 'peak RSS', atMost: 250 }],
    run: (bench) =>
      // One file is long enough to be a mean of its own; three show the spread.
      alternateAnew({ ...bench, rounds: Math.min(bench.rounds, 3) }, ['apache', 'ours'], (running) =>
        measure(bench, running),
      ),
  },
];

async function measure(bench: Bench, running: RunningServer): Promise<readonly Figure[]> {
  const { post } = running.server;
  if (post === undefined) throw new Error(`${running.server.name} takes no files`);
  const bytes = bench.isQuick ? 64 * mebibyte : 2 ** 31;
  const posted = await postFile(bench, running, post, bytes);
  const fetched = await fetchFile(bench, running, posted.path);
  if (fetched.sha256 !== posted.sha256) {
    throw new Error(`${running.server.name} gave back other bytes than were posted`);
  }
  const mib = posted.bytes / mebibyte;
  return [
    { metric: 'post', unit: 'MiB/s', value: mib / posted.seconds },
    { metric: 'download', unit: 'MiB/s', value: mib / fetched.seconds },
    { metric: 'peak RSS', unit: 'MiB', value: readMemory(running.pid).peakRssBytes / mebibyte },
  ];
}

async function postFile({ workspace }: Bench, running: RunningServer, post: PostPaths, maxBytes: number) {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* send() {
    for (const chunk of toCmepChunks(maxBytes, 1)) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  const path = post.pattern.replace('%d', '0');
  const beginMs = performance.now();
  const outgoing = https.request(`${running.origin}${path}`, {
    method: post.method,
    headers: post.headers,
    agent: false,
    ...toClientOptions(workspace, workspace.certificates.staff),
  });
  const answered = once(outgoing, 'response');
  await Promise.all([pipeline(Readable.from(send()), outgoing), answered]);
  const [incoming] = await answered;
  const body = Buffer.concat(await incoming.toArray()).toString();
  const found = post.findPosted({ status: incoming.statusCode, body, path });
  if (found === undefined) throw new Error(`${path} answered ${incoming.statusCode}: ${body.slice(0, 2000)}`);
  return { path: found, bytes, seconds: (performance.now() - beginMs) / 1000, sha256: hash.digest('hex') };
}

async function fetchFile({ workspace }: Bench, running: RunningServer, path: string) {
  const hash: Hash = createHash('sha256');
  const beginMs = performance.now();
  const outgoing = https.get(`${running.origin}${path}`, {
    agent: false,
    ...toClientOptions(workspace, workspace.certificates.reader),
  });
  const [incoming] = await once(outgoing, 'response');
  for await (const chunk of incoming) hash.update(chunk);
  return { seconds: (performance.now() - beginMs) / 1000, sha256: hash.digest('hex') };
}
