import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { addClockMetrics } from '../storage/clock/metrics.ts';
import type { ClockWatch } from '../storage/ports/clock-watch.ts';

/** What the running server counts; `/metrics` shows it. */
export interface Metrics {
  readonly registry: Registry;
  countRequest(method: string, pattern: string, status: number, seconds: number): void;
  /** Requests that were refused before they could be read. */
  countUnreadable(status: number): void;
  countRetrieval(outcome: 'sent' | 'interrupted', bytes: number): void;
  countPosting(outcome: 'posted' | 'replayed' | 'refused', bytes: number): void;
  countJob(job: string, outcome: 'done' | 'failed'): void;
  /** Connections that were turned away because there were too many. */
  countDropped(): void;
  setConnections(count: number): void;
}

/** A registry of its own, so that two servers in one process count apart. */
export function createMetrics(clockWatch?: Pick<ClockWatch, 'state'>): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'mdma_request_seconds',
    help: 'Requests by method, path pattern and status, until the response closed',
    labelNames: ['method', 'path', 'status'],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60, 600],
    registers,
  });
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const unreadable = counter('mdma_unreadable_requests_total', 'Requests that could not be read', ['status']);
  const retrievals = counter('mdma_retrievals_total', 'Ended retrievals by outcome', ['outcome']);
  const retrieved = counter('mdma_retrieved_bytes_total', 'Bytes handed to the operating system');
  const postings = counter('mdma_postings_total', 'Posts by outcome', ['outcome']);
  const posted = counter('mdma_posted_bytes_total', 'Bytes of posts that became postings');
  const jobs = counter('mdma_jobs_total', 'Runs of jobs by outcome', ['job', 'outcome']);
  const dropped = counter('mdma_dropped_connections_total', 'Connections refused because of their number');
  const connections = new Gauge({ name: 'mdma_connections', help: 'Open connections', registers });
  if (clockWatch !== undefined) addClockMetrics(registers, clockWatch);
  return {
    registry,
    countRequest: (method, path, status, seconds) =>
      requests.labels(method, path, String(status)).observe(seconds),
    countUnreadable: (status) => unreadable.labels(String(status)).inc(),
    countRetrieval(outcome, bytes) {
      retrievals.labels(outcome).inc();
      retrieved.inc(bytes);
    },
    countPosting(outcome, bytes) {
      postings.labels(outcome).inc();
      if (outcome === 'posted') posted.inc(bytes);
    },
    countJob: (job, outcome) => jobs.labels(job, outcome).inc(),
    countDropped: () => dropped.inc(),
    setConnections: (count) => connections.set(count),
  };
}
