import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { XmlFault } from '../../../storage/formats/xml/xml-reader.ts';
import type { MrisService } from '../../mris/outcomes.ts';
import { toServiceName } from '../../mris/services.ts';
import type { Attachments } from '../../mris/soap/envelope.ts';
import * as answers from './answers.ts';
import { createMrisApplication, type MrisApplicationParts } from './application.ts';
import type { MrisFault, MrisFaultMenu, MrisFaultName } from './faults.ts';
import { parseMessage } from './message.ts';
import { findRefusal, type PolicyAnswer, toPolicyAnswer } from './refusals.ts';
import { verifyEnvelope } from './verify-envelope.ts';

export interface MrisSiteParts extends MrisApplicationParts {
  readonly menu: MrisFaultMenu;
  readonly basePath: string;
  readonly policyAnswer: PolicyAnswer;
  /** A user's retrieves must be so far apart; one that is early begins the time anew. */
  readonly spacingMs: number;
  /** Aborted when the run ends. */
  readonly stopping: AbortSignal;
}

/** Enough for a document that is too large, so that it gets its fault; the rest is cut. */
const maxBodyBytes = 32 * 1024 * 1024;

interface Target {
  readonly service: MrisService;
  readonly attachments: Attachments;
}

const targets: readonly Target[] = (['submit', 'status', 'retrieve'] as const).flatMap((service) =>
  (['plain', 'doc-attach'] as const).map((attachments) => ({ service, attachments })),
);

/**
 * The HTTP surface: addresses, the rate of retrieves, verification and the faults to order around the application. The
 * listener it serves must demand a client certificate; its subject is who the batches belong to.
 */
export function createMrisSite(parts: MrisSiteParts): RequestListener {
  const { menu, mapping, stopping } = parts;
  const application = createMrisApplication(parts);
  const isEarly = createRateCheck(parts);

  async function carryOut(
    target: Target,
    request: { readonly peer: X509Certificate; readonly incoming: IncomingMessage; readonly body: Buffer },
    faults: readonly MrisFault[],
  ): Promise<answers.SiteAnswer> {
    const looks = toLooks(faults);
    const { service, attachments } = target;
    const { peer, incoming, body } = request;
    if (service === 'retrieve' && isEarly(peer.subject))
      return toPolicyAnswer(parts.policyAnswer, looks, mapping);
    if (incoming.headers.soapaction === undefined)
      return answers.toFault('SOAPAction is missing', looks, mapping);
    try {
      const message = parseMessage(incoming.headers['content-type'] ?? '', body);
      const verified = verifyEnvelope(message.envelope, peer, parts.clock.now());
      if ('fault' in verified) return answers.toFault(verified.fault, looks, mapping);
      const owner = peer.subject;
      return await application[service]({ owner, attachments, message, verified, faults, looks });
    } catch (error) {
      if (!(error instanceof XmlFault)) throw error;
      return answers.toFault(error.message, looks, mapping);
    }
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const peer = (incoming.socket as TLSSocket).getPeerX509Certificate();
    if (peer === undefined) throw new Error('a connection without a client certificate');
    const target = targets.find(
      ({ service, attachments }) =>
        incoming.url === `${parts.basePath}/${toServiceName(service, attachments)}`,
    );
    const body = await readBody(incoming);
    if (body === undefined) return void incoming.socket.destroy();
    if (target === undefined) return send(response, answers.toPage(404, 'Not found'));
    if (incoming.method !== 'POST')
      return send(response, answers.toPage(405, 'Only POST', { allow: 'POST' }));
    const faults = menu.take(target.service);
    const looks = toLooks(faults);
    const pause = async (fault: MrisFaultName) => {
      const ms = faults.find((each) => each.fault === fault)?.delayMs;
      if (ms !== undefined) await delay(ms, undefined, { signal: stopping });
    };
    await pause('late-accept');
    if (looks.has('cut-before-accept')) return void incoming.socket.destroy();
    const answer =
      (await findRefusal(looks, target.attachments, mapping)) ??
      (await carryOut(target, { peer, incoming, body }, faults));
    if (looks.has('cut-after-accept')) return void incoming.socket.destroy();
    if (looks.has('lost-answer')) return;
    await pause('slow');
    if (looks.has('bare-fault')) return send(response, answers.toFault(undefined, looks, mapping));
    send(response, looks.has('unknown-page') ? answers.toPage(200, 'Processing continues.') : answer);
  }

  return (request, response) => {
    handle(request, response).catch((error: Error) => {
      response.destroy();
      // A client that went away, or the end of the run, is no fault of this program; anything else is.
      if (request.complete && !stopping.aborted) throw error;
    });
  };
}

function toLooks(faults: readonly MrisFault[]): answers.Looks {
  return new Set(faults.map(({ fault }) => fault));
}

/** Whether a user's retrieve comes before its time; every one begins the time anew. */
function createRateCheck({ clock, spacingMs, ledger }: MrisSiteParts): (owner: string) => boolean {
  const lastAt = new Map<string, number>();
  // What users did before a restart is not known: a simulator never forgives more than the real system.
  const assumedAt = ledger.isContinued ? clock.now() : Number.NEGATIVE_INFINITY;
  return (owner) => {
    const now = clock.now();
    const before = lastAt.get(owner) ?? assumedAt;
    lastAt.set(owner, now);
    return now - before < spacingMs;
  };
}

/** @returns undefined for one that is too large */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, { status, headers, body }: answers.SiteAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
