import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { addClockMetrics } from '../storage/clock/metrics.ts';
import { attentions } from '../storage/model/forwarding.ts';
import type { Clock } from '../storage/ports/clock.ts';
import type { ClockWatch } from '../storage/ports/clock-watch.ts';
import type { Forwardings } from '../storage/ports/forwardings.ts';
import { findOldestDueAt, type IsMaintenance } from './find-oldest-due.ts';
import type { AccountCertificate } from './watch-certificates.ts';

/** What the bridge is measured by. */
export interface MetricsDeps {
  readonly forwardings: Pick<Forwardings, 'listStops' | 'countAttention'>;
  readonly certificates: readonly AccountCertificate[];
  readonly isMaintenance: IsMaintenance;
  readonly clock: Clock;
  readonly clockWatch: Pick<ClockWatch, 'state'>;
}

export interface BridgeMetrics {
  readonly contentType: string;
  /** As they are now, in the text format of Prometheus. */
  read(): Promise<string>;
}

/** What the bridge measures: of its process, its clock, its certificates and of what a person should look at. */
export function createBridgeMetrics({
  forwardings,
  certificates,
  isMaintenance,
  clock,
  clockWatch,
}: MetricsDeps): BridgeMetrics {
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
  const forPerson = new Gauge({
    name: 'mdma_bridge_forwardings_for_a_person',
    help: 'Forwardings that wait for a person',
    registers,
  });
  const asking = new Gauge({
    name: 'mdma_bridge_forwardings_asking_for_attention',
    help: 'Forwardings that go on by themselves, but that a person should look at: overdue at the ISO, or stuck',
    labelNames: ['attention'],
    registers,
  });
  const oldestDue = new Gauge({
    name: 'mdma_bridge_oldest_due_seconds',
    help: 'How long ago the forwarding that is most overdue should have been taken up; 0 when none is',
    registers,
  });
  return {
    contentType: registry.contentType,
    async read() {
      // Not by a `collect`, which sets its own gauge only: the others are read meanwhile. So the store is asked once.
      const counts = await forwardings.countAttention();
      forPerson.set(counts.person);
      for (const attention of attentions) asking.set({ attention }, counts[attention]);
      oldestDue.set(Math.max(0, clock.now() - findOldestDueAt(counts, isMaintenance)) / 1000);
      return registry.metrics();
    },
  };
}
