import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { addClockMetrics } from '../storage/clock/metrics.ts';
import type { Clock } from '../storage/ports/clock.ts';
import type { ClockWatch } from '../storage/ports/clock-watch.ts';
import type { Forwardings } from '../storage/ports/forwardings.ts';
import type { AccountFault } from './open-accounts.ts';
import { type AccountCertificate, findCertificateFault } from './watch-certificates.ts';

interface Deps {
  readonly forwardings: Pick<Forwardings, 'listStops' | 'listForwardings'>;
  readonly certificates: readonly AccountCertificate[];
  /** Accounts that could not be opened. */
  readonly notServed: readonly AccountFault[];
  readonly clock: Clock;
  readonly clockWatch: Pick<ClockWatch, 'state'>;
}

export interface BridgeObserver {
  readonly port: number;
  stop(): Promise<void>;
}

/** Forwardings that wait for a person are counted up to here. */
const maxCounted = 1_000;

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

async function judge({ forwardings, certificates, notServed, clock, clockWatch }: Deps) {
  const reasons: string[] = [];
  const warnings: string[] = [];
  const clockState = clockWatch.state();
  if (clockState.kind === 'off') reasons.push(`nothing is submitted: ${clockState.words}`);
  else if (clockState.kind !== 'good') warnings.push(clockState.words);
  for (const { account, words } of notServed) reasons.push(`account ${account} is not served: ${words}`);
  for (const certificate of certificates) {
    const fault = findCertificateFault(certificate, clock.now());
    if (fault !== undefined) (fault.isOver ? reasons : warnings).push(fault.words);
  }
  try {
    for (const { account, kind } of await forwardings.listStops(undefined)) {
      reasons.push(`${kind} work of account ${account} stands still: a page was not recognised`);
    }
  } catch (error) {
    reasons.push(`the store does not answer: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { reasons, warnings };
}

function createRegistry({ forwardings, certificates, clockWatch }: Deps): Registry {
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
    help: `Forwardings that wait for a person, up to ${maxCounted}`,
    registers,
    async collect() {
      const filter = {
        state: 'person' as const,
        transaction: undefined,
        before: undefined,
        limit: maxCounted,
      };
      this.set((await forwardings.listForwardings(filter)).forwardings.length);
    },
  });
  return registry;
}
