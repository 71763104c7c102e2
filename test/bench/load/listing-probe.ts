/**
 * Fetches one address every 20 ms on a kept connection, one request after another, and writes the 50th and 99th
 * percentile of the times from sending to the answer's end. A late answer delays no start: time waited counts.
 *
 * Standard input: JSON of { authorityPath, certificatePath, keyPath, url, forMs }.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';

const everyMs = 20;
const { authorityPath, certificatePath, keyPath, url, forMs } = JSON.parse(readFileSync(0, 'utf8'));
const agent = new https.Agent({
  keepAlive: true,
  maxSockets: 1,
  ca: readFileSync(authorityPath),
  cert: readFileSync(certificatePath),
  key: readFileSync(keyPath),
});

await fetchOnce();
const tookMs: number[] = [];
const beginMs = performance.now();
for (let dueMs = beginMs; dueMs < beginMs + forMs; dueMs += everyMs) {
  await delay(Math.max(0, dueMs - performance.now()));
  await fetchOnce();
  tookMs.push(performance.now() - dueMs);
}
agent.destroy();
tookMs.sort((a, b) => a - b);
const percentile = (share: number) => tookMs[Math.ceil(tookMs.length * share) - 1];
console.log(JSON.stringify({ requests: tookMs.length, p50Ms: percentile(0.5), p99Ms: percentile(0.99) }));

async function fetchOnce(): Promise<void> {
  const outgoing = https.get(url, { agent, headers: { Accept: 'application/json' } });
  const [incoming] = await once(outgoing, 'response');
  if (incoming.statusCode !== 200) throw new Error(`${url} answered ${incoming.statusCode}`);
  incoming.resume();
  await once(incoming, 'end');
}
