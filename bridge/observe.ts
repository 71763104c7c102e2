import { once } from 'node:events';
import http from 'node:http';
import { listenOn } from '../storage/listen-on.ts';
import { type Reason, toReason } from '../storage/model/alarms.ts';
import { toIsoText } from '../storage/model/time.ts';
import type { AttentionCounts } from '../storage/ports/forwardings.ts';
import { findOldestDueAt } from './find-oldest-due.ts';
import { type BridgeMetrics, createBridgeMetrics, type MetricsDeps } from './metrics.ts';
import type { AccountFault } from './open-accounts.ts';
import { findCertificateFault } from './watch-certificates.ts';

interface Deps extends MetricsDeps {
  /** From when on a forwarding that nobody takes up is told of. */
  readonly attentionMs: number;
  /** Accounts that could not be opened. */
  readonly notServed: readonly AccountFault[];
}

export interface BridgeObserver {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Health and metrics of the bridge, in the clear on a listener of their own: `/health/live`, `/health/ready` (503 with
 * the reasons while something stands still, 200 with warnings before it does), `/metrics`.
 *
 * @throws `unavailable` or `invalid-request` when it cannot listen there
 */
export async function observeBridge(
  place: { readonly host: string; readonly port: number },
  deps: Deps,
): Promise<BridgeObserver> {
  const metrics = createBridgeMetrics(deps);
  const server = http.createServer((request, response) => {
    answer(deps, metrics, request.url ?? '').then(
      ({ status, type = 'application/json', body }) =>
        response.writeHead(status, { 'content-type': type }).end(body),
      (error: unknown) => response.destroy(error as Error),
    );
  });
  return {
    port: await listenOn(server, 'bridge.observe', place),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answer(
  deps: Deps,
  metrics: BridgeMetrics,
  url: string,
): Promise<{ status: number; type?: string; body: string }> {
  if (url === '/health/live') return { status: 200, body: JSON.stringify({ live: true }) };
  if (url === '/metrics') return { status: 200, type: metrics.contentType, body: await metrics.read() };
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
  const oldestDueAt = findOldestDueAt(counts, deps.isMaintenance);
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
