/**
 * `run-prepare.ts CONFIG`: opens a store as the bridge does, claims its forwarding, makes the one step that prepares it,
 * and prints what that took as JSON. CONFIG is the store's configuration as JSON.
 */
import { createHash } from 'node:crypto';
import { bridgeConfigSchema, toBridgeSettings } from '../../../bridge/config.ts';
import { createOmarWay } from '../../../bridge/forwarding/omar/create-omar-way.ts';
import { runStep } from '../../../bridge/forwarding/run-step.ts';
import { openStore } from '../../../storage/open.ts';
import { systemClock } from '../../../storage/ports/clock.ts';
import { account } from './posted-store.ts';
import type { PrepareFigures } from './prepare-figures.ts';

const unasked = async (): Promise<never> => {
  throw new Error('The ISO is not to be asked while a forwarding is prepared');
};
const tell = () => undefined;

const store = await openStore(JSON.parse(process.argv[2] ?? ''), { program: 'bridge', clock: systemClock });
const { forwardings, postings, resources, reconciliation, accountPauses } = store.catalogue;
const settings = toBridgeSettings(bridgeConfigSchema.parse({}));
const client = {
  upload: unasked,
  status: unasked,
  walk: unasked,
  errors: unasked,
  download: unasked,
  close: async () => undefined,
};
const context = {
  ...{ forwardings, postings, resources, reconciliation, accountPauses, files: store.files },
  ...{ settings, failures: 0 },
  iso: createOmarWay(client),
  holds: () => true,
  clock: systemClock,
  monotonicMs: () => performance.now(),
  random: Math.random,
  newId: () => store.newId(),
  wait: unasked,
  signal: new AbortController().signal,
  log: { info: tell, warn: tell, error: tell },
};

/** Nobody renews it here, and a busy machine is slow. */
const leaseMs = 3_600_000;
const claimed = await forwardings.claimForwarding(account, 'omar', systemClock.now() + leaseMs);
if (claimed === undefined) throw new Error('Nothing is due');
const { bytes } = await postings.getSource(claimed.transaction);
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
await runStep(context, claimed);
const seconds = (performance.now() - startedAt) / 1_000;
const cpu = process.cpuUsage(cpuBefore);
const peakBytes = process.resourceUsage().maxRSS * 1_024;

const found = await forwardings.findForwarding(claimed.id);
if (found === undefined) throw new Error(`There is no forwarding ${claimed.id}`);
const { state, reason, parts } = found;
await store.close();
if (state !== 'prepared') throw new Error(`The forwarding is ${state}: ${reason}`);
const hash = createHash('sha256');
for (const { number, records, file } of parts) hash.update(`${number} ${records} ${file.sha256}\n`);
const figures: PrepareFigures = {
  megabytes: bytes / 1e6,
  seconds,
  cpuSeconds: (cpu.user + cpu.system) / 1e6,
  peakMegabytes: peakBytes / 1e6,
  parts: parts.length,
  largestPart: Math.max(...parts.map(({ file }) => file.bytes)),
  records: parts.reduce((sum, part) => sum + part.records, 0),
  digest: hash.digest('hex'),
};
console.log(JSON.stringify(figures));
