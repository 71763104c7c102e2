import { createServer } from 'node:https';
import type { Clock } from '../../storage/ports/clock.ts';
import type { DownloadShape } from '../omar/download-shape.ts';
import { type AlterationInput, createAlterations } from './alterations.ts';
import { createControlServer } from './control-server.ts';
import { closing, listening, portOf } from './listening.ts';
import { createOmarFaultMenu, type OmarFaultInput, type OmarFaultMenu } from './omar/faults.ts';
import { type OmarHolding, toHoldings } from './omar/holdings.ts';
import { type OmarDelays, openLedger } from './omar/ledger.ts';
import { createOmarSite } from './omar/site.ts';

export interface OmarSimulatorOptions {
  readonly certificatePem: string | Buffer;
  readonly keyPem: string | Buffer;
  /** Authority that the participants' certificates must come from. */
  readonly clientAuthorityPem: string | Buffer;
  /** Loopback unless set; a `port` of 0 or none takes a free one. */
  readonly host?: string;
  readonly port?: number;
  readonly controlPort?: number;
  readonly clock: Clock;
  readonly delays: OmarDelays;
  /** Where what it holds is kept across restarts. */
  readonly stateFile?: string;
  /** Faults from the start on. */
  readonly faults?: readonly OmarFaultInput[];
  /** What a request without a session gets. */
  readonly withoutSession?: 'page' | 'unauthorized' | 'redirect';
  /** How meter data is downloaded; there is no such page when left out. */
  readonly download?: DownloadShape;
}

export interface OmarSimulator {
  /** @returns when both listeners are up */
  listen(): Promise<void>;
  /** Address for clients; after `listen`. */
  readonly url: string;
  /** Address of the control listener, loopback only; after `listen`. */
  readonly controlUrl: string;
  readonly faults: Pick<OmarFaultMenu, 'arm' | 'clear' | 'armed'>;
  /** Shows an interval otherwise than it was sent, to every certificate, in what is downloaded. */
  alter(input: AlterationInput): void;
  /** Everything that was ever accepted, in the order of receipt. */
  holdings(): readonly OmarHolding[];
  /** Cuts every connection. */
  close(): Promise<void>;
}

/**
 * OMAR-Online as a server: as strict as the two specifications let us believe the ISO's to be, with faults to order.
 * A certificate sees what certificates of its subject have sent.
 */
export function createOmarSimulator(options: OmarSimulatorOptions): OmarSimulator {
  const { clock, delays } = options;
  const ledger = openLedger(options.stateFile, options.download !== undefined);
  const menu = createOmarFaultMenu(options.faults ?? []);
  const alterations = createAlterations(() => clock.now());
  const stopping = new AbortController();
  const site = createOmarSite({
    ledger,
    delays,
    clock,
    menu,
    alterations,
    download: options.download,
    withoutSession: options.withoutSession ?? 'page',
    stopping: stopping.signal,
  });

  const holdings = () => toHoldings(ledger.all(), clock.now(), delays);
  const server = createServer(
    {
      cert: options.certificatePem,
      key: options.keyPem,
      ca: options.clientAuthorityPem,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
    },
    site,
  );
  const control = createControlServer(menu, alterations, holdings);
  const host = options.host ?? '127.0.0.1';
  return {
    async listen() {
      await Promise.all([
        listening(server, host, options.port ?? 0),
        listening(control, '127.0.0.1', options.controlPort ?? 0),
      ]);
    },
    get url() {
      return `https://${host}:${portOf(server)}`;
    },
    get controlUrl() {
      return `http://127.0.0.1:${portOf(control)}`;
    },
    faults: menu,
    alter: (input) => alterations.alter(input),
    holdings,
    async close() {
      stopping.abort();
      await Promise.all([server, control].map(closing));
    },
  };
}
