import { once } from 'node:events';
import http from 'node:http';
import { listenOn } from '../storage/listen-on.ts';
import { type Reason, toReason } from '../storage/model/alarms.ts';
import type { ClockWatch } from '../storage/ports/clock-watch.ts';
import type { FileStore } from '../storage/ports/file-store.ts';
import type { Participants } from '../storage/ports/participants.ts';
import type { ServerConfig } from './config.ts';
import type { Metrics } from './metrics.ts';

interface Deps {
  readonly participants: Pick<Participants, 'findParticipant'>;
  readonly files: Pick<FileStore, 'freeBytes'>;
  readonly reserveBytes: number;
  readonly metrics: Metrics;
  readonly clockWatch?: Pick<ClockWatch, 'state'> | undefined;
  readonly isStopping: () => boolean;
}

export interface Observer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Health and metrics on a listener of their own, so that they answer whatever the mailboxes are doing. */
export async function observe(config: ServerConfig['observe'], deps: Deps): Promise<Observer> {
  const server = http.createServer((req, res) => {
    answer(deps, req.url ?? '').then(
      ({ status, type = 'application/json', body }) =>
        res.writeHead(status, { 'Content-Type': type }).end(body),
      (error: unknown) => res.destroy(error as Error),
    );
  });
  return {
    port: await listenOn(server, 'server.observe', config),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answer(deps: Deps, url: string): Promise<{ status: number; type?: string; body: string }> {
  if (url === '/health/live') return { status: 200, body: JSON.stringify({ live: true }) };
  if (url === '/metrics') {
    const { registry } = deps.metrics;
    return { status: 200, type: registry.contentType, body: await registry.metrics() };
  }
  if (url !== '/health/ready') return { status: 404, body: JSON.stringify({ found: false }) };
  const reasons = await listReasons(deps);
  return {
    status: reasons.length === 0 ? 200 : 503,
    body: JSON.stringify({ ready: reasons.length === 0, reasons }),
  };
}

/** Why it would be wrong to send anybody here now. */
async function listReasons({
  participants,
  files,
  reserveBytes,
  clockWatch,
  isStopping,
}: Deps): Promise<Reason[]> {
  const reasons: Reason[] = [];
  if (isStopping()) reasons.push(toReason('stopping'));
  const clock = clockWatch?.state();
  if (clock?.kind === 'off') reasons.push(toReason('nothing can be posted', clock.words));
  try {
    await participants.findParticipant('readiness' as Parameters<typeof participants.findParticipant>[0]);
    if ((await files.freeBytes()) < reserveBytes) reasons.push(toReason('no room for posts'));
  } catch (error) {
    const details = error instanceof Error ? error.message : String(error);
    reasons.push(toReason('the store does not answer', details));
  }
  return reasons;
}
