import type { Socket } from 'node:net';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import { raise } from '../../storage/model/alarms.ts';
import type { Clock } from '../../storage/ports/clock.ts';
import type { Metrics } from '../metrics.ts';
import type { RequestRecord, ServerState } from './context.ts';

/**
 * Writes one log record per request, when its response has closed: after the middleware chain has returned and the
 * bytes have flowed or broken off (ruling 19). Query values stay out of it.
 */
export function recordRequests(deps: {
  logger: Logger;
  clock: Clock;
  nextRequestId: () => string;
  metrics: Metrics;
}): Middleware<ServerState> {
  return (ctx, next) => {
    const { req, res } = ctx;
    const startedAt = deps.clock.now();
    const bytesBefore = req.socket.bytesWritten;
    const address = toAddress(req.socket);
    const record: RequestRecord = {
      id: deps.nextRequestId(),
      pattern: '-',
      participant: undefined,
      credential: undefined,
      outcome: 'ok',
      error: undefined,
    };
    ctx.state.record = record;
    res.once('close', () => {
      const ms = Math.max(0, deps.clock.now() - startedAt);
      if (!res.writableFinished && record.outcome === 'ok') record.outcome = 'cut';
      deps.metrics.countRequest(req.method ?? '-', record.pattern, res.statusCode, ms / 1000);
      const entry = {
        request: record.id,
        method: req.method,
        path: record.pattern,
        target: toTarget(req.url),
        status: res.statusCode,
        outcome: record.outcome,
        participant: record.participant,
        credential: record.credential,
        address,
        bytes: req.socket.bytesWritten - bytesBefore,
        ms,
      };
      if (record.error === undefined) deps.logger.info(entry, 'request');
      else raise(deps.logger, 'error', 'a request failed', { ...entry, err: record.error });
    });
    return next();
  };
}

/** Numbers for requests: the run of the server, then a count. */
export function numberRequests(newId: () => string): () => string {
  const run = newId().slice(0, 12);
  let count = 0;
  return () => {
    count += 1;
    return `${run}-${count.toString(36)}`;
  };
}

const maxTarget = 200;

/** What was asked for, as it may stand in a log; Node takes nothing but printable ASCII for an address. */
function toTarget(url = ''): string {
  const [path = ''] = /^[^?#]*/.exec(url) ?? [];
  return path.length > maxTarget ? `${path.slice(0, maxTarget)}…` : path;
}

const addresses = new WeakMap<Socket, string>();

/** The peer's address, kept because a closed socket no longer knows it. */
export function toAddress(socket: Socket): string {
  let address = addresses.get(socket);
  if (address === undefined) {
    address = socket.remoteAddress ?? 'unknown';
    addresses.set(socket, address);
  }
  return address;
}
