import { maxMeterDataBytes } from '../../storage/formats/meter-data-xml/split.ts';
import { toInvalid } from '../../storage/model/errors.ts';
import type { Clock } from '../../storage/ports/clock.ts';
import { createConnector, type ExchangeLimits, type ExchangeRequest } from '../https/connection.ts';
import { type ClientCertificate, toSecureContext } from '../https/tls.ts';
import { toStatusOutcome } from './answers/status-outcome.ts';
import { toSubmitOutcome } from './answers/submit-outcome.ts';
import { toBatchStatusRequest } from './messages/batch-status.ts';
import type { MrisMapping } from './messages/mapping.ts';
import { toRequestMeterData } from './messages/request-meter-data.ts';
import type { MrisClient } from './outcomes.ts';
import type { RetrievePace } from './pace.ts';
import { createPacedRetrieve } from './paced-retrieve.ts';
import { toReadRequest, toSubmitRequest } from './services.ts';
import type { Attachments } from './soap/envelope.ts';
import { toSigningIdentity } from './soap/identity.ts';
import type { SignatureHash } from './soap/namespaces.ts';

export interface MrisClientSettings {
  /** Where the services are: an address of `mrisUrls`, or a simulator's. */
  readonly url: string;
  readonly certificate: ClientCertificate;
  /** PEM of the authorities that may have signed the server's certificate; without it the roots Node trusts. */
  readonly authority?: Buffer;
  /** In place of the name that follows from the certificate's subject. */
  readonly username?: string;
  readonly attachments: Attachments;
  readonly signatureHash: SignatureHash;
  readonly mapping: MrisMapping;
  readonly connectTimeoutMs: number;
  /** For what is only asked, from the connection to the last byte of the answer. */
  readonly requestTimeoutMs: number;
  /** For a submit with its connection and answer. */
  readonly submitTimeoutMs: number;
  readonly pace: RetrievePace;
  readonly clock: Clock;
  /** Gives an id that was never given before: 8 or more letters, digits and hyphens. */
  readonly newId: () => string;
}

/** 200,000 records take some 5 MB on the line; the rest is margin. */
const maxAnswerBytes = 32 * 1024 * 1024;

/** How an answer without length ends: an envelope, a page, the last boundary. */
const answerEnd = /(?:Envelope|<\/html)\s*>\s*$|--\s*$/i;

/**
 * The client of MRI-S for one ISO account (ruling 2). It keeps nothing between calls: the time of the next retrieve
 * stands with `pace`.
 *
 * @throws `invalid-request` for an address that is not https, or a certificate that cannot be used
 */
export function createMrisClient(settings: MrisClientSettings): MrisClient {
  const { clock, mapping, requestTimeoutMs } = settings;
  const { origin, basePath } = parseAddress(settings.url);
  const identity = toSigningIdentity(settings.certificate, settings.username);
  const connector = createConnector({
    origin,
    secureContext: toSecureContext(settings.certificate, settings.authority),
    connectTimeoutMs: settings.connectTimeoutMs,
    clock,
    maxAnswerBytes,
    end: answerEnd,
  });

  async function exchange(request: ExchangeRequest, limits: ExchangeLimits) {
    const connection = connector.open();
    try {
      return await connection.exchange(request, limits);
    } finally {
      await connection.close();
    }
  }

  const ask = (service: 'status' | 'retrieve', body: string, sendBeforeAt = Number.POSITIVE_INFINITY) =>
    exchange(toReadRequest(service, body, toServiceSettings()), {
      signal: AbortSignal.timeout(requestTimeoutMs),
      sendBeforeAt,
    });
  const toServiceSettings = () => ({
    basePath,
    attachments: settings.attachments,
    soapActions: mapping.soapActions,
    identity,
    hash: settings.signatureHash,
    now: clock.now(),
    newId: settings.newId,
  });
  const retrieve = createPacedRetrieve({
    ...settings,
    ask: (body, sendBeforeAt) => ask('retrieve', body, sendBeforeAt),
  });

  return {
    async submitMeterData(document, deadlineAt) {
      checkSize(document);
      const now = clock.now();
      const leftMs = Math.floor(Math.min(settings.submitTimeoutMs, deadlineAt - now));
      if (leftMs <= 0) return { kind: 'unavailable', why: 'the deadline was over before the submit began' };
      const limits = { signal: AbortSignal.timeout(leftMs), sendBeforeAt: now + leftMs };
      const request = await toSubmitRequest(document, toServiceSettings());
      return toSubmitOutcome(await exchange(request, limits), mapping, clock.now());
    },

    async batchStatus(batchId) {
      const answer = await ask('status', toBatchStatusRequest(batchId, mapping));
      return toStatusOutcome(batchId, answer, mapping, clock.now());
    },

    retrieveMeterData: async (request) => retrieve(toRequestMeterData(request, mapping)),

    close: () => connector.closeAll(),
  };
}

function parseAddress(url: string): { origin: string; basePath: string } {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'https:' || parsed.search !== '' || parsed.hash !== '') {
    throw toInvalid('Cannot reach MRI-S', {
      at: 'url',
      value: url,
      expected: 'https://host/path or https://host:port/path',
    });
  }
  return { origin: parsed.origin, basePath: parsed.pathname.replace(/\/+$/, '') };
}

function checkSize({ length }: Uint8Array): void {
  if (length >= 1 && length <= maxMeterDataBytes) return;
  throw toInvalid('Cannot submit to MRI-S', {
    at: 'document',
    value: `${length} bytes`,
    expected: `1 to ${maxMeterDataBytes} bytes`,
  });
}
