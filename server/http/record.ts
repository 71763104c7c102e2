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
  newId: () => string;
  metrics: Metrics;
}): Middleware<ServerState> {
  const run = deps.newId().slice(0, 12);
  let count = 0;
  return (ctx, next) => {
    count += 1;
    const { req, res } = ctx;
    const startedAt = deps.clock.now();
    const bytesBefore = req.socket.bytesWritten;
    const address = toAddress(req.socket);
    const record: RequestRecord = {
      id: `${run}-${count.toString(36)}`,
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
