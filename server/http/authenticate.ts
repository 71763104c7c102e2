import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Middleware } from 'koa';
import { MdmaError } from '../../storage/model/errors.ts';
import { parseSha256, type Sha256 } from '../../storage/model/sha256.ts';
import type { Instant } from '../../storage/model/time.ts';
import type { Clock } from '../../storage/ports/clock.ts';
import type { Participant, Participants } from '../../storage/ports/participants.ts';
import type { ServerState } from './context.ts';

interface Deps {
  readonly participants: Pick<Participants, 'findByCertificate' | 'findByKey'>;
  readonly clock: Clock;
  /** Addresses that need nobody. */
  readonly openPaths: ReadonlySet<string>;
}

interface Identity {
  readonly participant: Participant;
  /** `certificate <fingerprint>` or `key <id>`. */
  readonly credential: string;
}

/**
 * Finds out who asks, anew for every request: a certificate or key that was revoked a moment ago opens nothing, on
 * kept connections and resumed sessions neither (ruling 17).
 */
export function authenticate(deps: Deps): Middleware<ServerState> {
  return async (ctx, next) => {
    if (deps.openPaths.has(ctx.path)) return next();
    const identity = await findIdentity(deps, ctx.req);
    if (identity === undefined) {
      throw new MdmaError(
        'unauthenticated',
        'Cannot tell who you are: send a client certificate that is registered here, or an API key as "Authorization: Bearer"',
      );
    }
    const { participant, credential } = identity;
    ctx.state.reader = participant;
    ctx.state.credential = credential;
    ctx.state.record.participant = participant.name;
    ctx.state.record.credential = credential.slice(0, 'certificate '.length + 16);
    return next();
  };
}

/** A key that is sent decides alone: a wrong one is not made good by a certificate. */
function findIdentity(deps: Deps, req: IncomingMessage): Promise<Identity | undefined> {
  const { authorization } = req.headers;
  return authorization === undefined
    ? findByCertificate(deps, req.socket as TLSSocket)
    : findByKey(deps, authorization);
}

interface PeerCertificate {
  readonly fingerprint: Sha256;
  readonly validFromAt: Instant;
  readonly validToAt: Instant;
}

/** What a connection's certificate is never changes (renegotiation is off); only whether it is good does. */
const peers = new WeakMap<TLSSocket, PeerCertificate | null>();

function getPeer(socket: TLSSocket): PeerCertificate | null {
  let peer = peers.get(socket);
  if (peer === undefined) {
    const certificate = socket.getPeerX509Certificate();
    peer = certificate
      ? {
          fingerprint: parseSha256(certificate.fingerprint256.replaceAll(':', '')),
          validFromAt: certificate.validFromDate.getTime(),
          validToAt: certificate.validToDate.getTime(),
        }
      : null;
    peers.set(socket, peer);
  }
  return peer;
}

async function findByCertificate(deps: Deps, socket: TLSSocket): Promise<Identity | undefined> {
  const peer = getPeer(socket);
  const now = deps.clock.now();
  if (peer === null || now < peer.validFromAt || now > peer.validToAt) return undefined;
  const participant = await deps.participants.findByCertificate(peer.fingerprint, now);
  return participant && { participant, credential: `certificate ${peer.fingerprint}` };
}

const bearer = /^Bearer ([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{1,256})$/i;

/** Compared with when there is no such key, so that this takes the same work. */
const nobodysDigest = Buffer.alloc(32);

async function findByKey(deps: Deps, authorization: string): Promise<Identity | undefined> {
  const [, id, secret] = bearer.exec(authorization) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  const found = await deps.participants.findByKey(id, deps.clock.now());
  const expected = found === undefined ? nobodysDigest : Buffer.from(found.secretSha256, 'hex');
  const isRight = timingSafeEqual(createHash('sha256').update(secret).digest(), expected);
  return isRight && found !== undefined
    ? { participant: found.participant, credential: `key ${id}` }
    : undefined;
}
