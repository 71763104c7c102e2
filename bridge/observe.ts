import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { addClockMetrics } from '../storage/clock/metrics.ts';
import { type Reason, toReason } from '../storage/model/alarms.ts';
import { attentions, type Way } from '../storage/model/forwarding.ts';
import { type Instant, toIsoText } from '../storage/model/time.ts';
import type { Clock } from '../storage/ports/clock.ts';
import type { ClockWatch } from '../storage/ports/clock-watch.ts';
import type { AttentionCounts, Forwardings } from '../storage/ports/forwardings.ts';
import type { AccountFault } from './open-accounts.ts';
import { type AccountCertificate, findCertificateFault } from './watch-certificates.ts';

interface Deps {
  readonly forwardings: Pick<Forwardings, 'listStops' | 'countAttention'>;
  readonly certificates: readonly AccountCertificate[];
  /** From when on a forwarding that nobody takes up is told of. */
  readonly attentionMs: number;
  /** Accounts that could not be opened. */
  readonly notServed: readonly AccountFault[];
  /** Whether the ISO has announced that an account may find it down now: nobody is alarmed. */
  readonly isMaintenance: (account: string, way: Way) => boolean;
  readonly clock: Clock;
  readonly clockWatch: Pick<ClockWatch, 'state'>;
}

export interface BridgeObserver {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Health and metrics of the bridge, in the clear on a listener of their own: `/health/live`, `/health/ready` (503 with
 * the reasons while something stands still, 200 with warnings before it does), `/metrics`.
 */
export async function observeBridge(
  { host, port }: { readonly host: string; readonly port: number },
  deps: Deps,
): Promise<BridgeObserver> {
  const registry = createRegistry(deps);
  const server = http.createServer((request, response) => {
    answer(deps, registry, request.url ?? '').then(
      ({ status, type = 'application/json', body }) =>
        response.writeHead(status, { 'content-type': type }).end(body),
      (error: unknown) => response.destroy(error as Error),
    );
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answer(
  deps: Deps,
  registry: Registry,
  url: string,
): Promise<{ status: number; type?: string; body: string }> {
  if (url === '/health/live') return { status: 200, body: JSON.stringify({ live: true }) };
  if (url === '/metrics') return { status: 200, type: registry.contentType, body: await registry.metrics() };
  if (url !== '/health/ready') return { status: 404, body: JSON.stringify({ found: false }) };
  const { reasons, warnings } = await judge(deps);
  const ready = reasons.length === 0;
  return { status: ready ? 200 : 503, body: JSON.stringify({ ready, reasons, warnings }) };
}

async function judge(deps: Deps) {
  const { forwardings, certificates, notServed, clock, clockWatch } = deps;
  const reasons: Reason[] = [];
  const warnings: Reason[] = [];
  const clockState = clockWatch.state();
  if (clockState.kind === 'off') reasons.push(toReason('nothing is submitted', clockState.words));
  else if (clockState.kind !== 'good') warnings.push(toReason('the clock is not measured', clockState.words));
  for (const { account, words } of notServed) {
    reasons.push(toReason('an account is not served', `${account}: ${words}`));
  }
  for (const certificate of certificates) {
    const fault = findCertificateFault(certificate, clock.now());
    if (fault !== undefined) (fault.isOver ? reasons : warnings).push(toReason(fault.sign, fault.details));
  }
  try {
    for (const { account, kind } of await forwardings.listStops(undefined)) {
      reasons.push(toReason('work stands still, a page was not recognised', `${kind} of account ${account}`));
    }
    warnings.push(...toWarnings(await forwardings.countAttention(), deps));
  } catch (error) {
    const details = error instanceof Error ? error.message : String(error);
    reasons.push(toReason('the store does not answer', details));
  }
  return { reasons, warnings };
}

/** What nobody may overlook, although the bridge works. */
function toWarnings(counts: AttentionCounts, deps: Deps): Reason[] {
  const { person, stuck, overdue } = counts;
  const oldestDueAt = findOldestDueAt(counts, deps);
  const isNeglected = deps.clock.now() - oldestDueAt > deps.attentionMs;
  return [
    ...(person > 0 ? [toReason('forwardings wait for a person', String(person))] : []),
    ...(stuck > 0 ? [toReason('forwardings make no progress', String(stuck))] : []),
    ...(overdue > 0 ? [toReason('forwardings are overdue at the ISO', String(overdue))] : []),
    ...(isNeglected
      ? [toReason('nobody takes up a forwarding that is due', `since ${toIsoText(oldestDueAt)}`)]
      : []),
  ];
}

/** When what is most overdue should have been taken up; later than any instant when nothing is due. */
function findOldestDueAt({ oldestDue }: AttentionCounts, { isMaintenance }: Deps): Instant {
  const expected = oldestDue.filter(({ account, way }) => !isMaintenance(account, way));
  return Math.min(...expected.map(({ dueAt }) => dueAt));
}

function createRegistry(deps: Deps): Registry {
  const { forwardings, certificates, clock, clockWatch } = deps;
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  addClockMetrics(registers, clockWatch);
  const ends = new Gauge({
    name: 'mdma_iso_certificate_end_seconds',
    help: 'When the certificate that an account shows to the ISO ends, in seconds since 1970',
    labelNames: ['account'],
    registers,
  });
  for (const { account, validToAt } of certificates) ends.set({ account }, validToAt / 1000);
  new Gauge({
    name: 'mdma_bridge_stops',
    help: 'Work that stands still because a page of the ISO was not recognised',
    labelNames: ['account', 'kind'],
    registers,
    async collect() {
      const stops = await forwardings.listStops(undefined);
      this.reset();
      for (const { account, kind } of stops) this.inc({ account, kind });
    },
  });
  new Gauge({
    name: 'mdma_bridge_forwardings_for_a_person',
    help: 'Forwardings that wait for a person',
    registers,
    async collect() {
      this.set((await forwardings.countAttention()).person);
    },
  });
  new Gauge({
    name: 'mdma_bridge_forwardings_asking_for_attention',
    help: 'Forwardings that go on by themselves, but that a person should look at: overdue at the ISO, or stuck',
    labelNames: ['attention'],
    registers,
    async collect() {
      const counts = await forwardings.countAttention();
      for (const attention of attentions) this.set({ attention }, counts[attention]);
    },
  });
  new Gauge({
    name: 'mdma_bridge_oldest_due_seconds',
    help: 'How long ago the forwarding that is most overdue should have been taken up; 0 when none is',
    registers,
    async collect() {
      const oldestDueAt = findOldestDueAt(await forwardings.countAttention(), deps);
      this.set(Math.max(0, clock.now() - oldestDueAt) / 1000);
    },
  });
  return registry;
}
