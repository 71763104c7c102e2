import { getOmarCsvLayout, type OmarCsvLayout } from '../../storage/formats/omar-csv/columns.ts';
import type { Clock } from '../../storage/ports/clock.ts';
import type { DownloadShape } from '../omar/download-shape.ts';
import { type AlterationInput, createAlterations } from './alterations.ts';
import { createControlServer } from './control-server.ts';
import { createListeners, type ListenerOptions, type Listeners } from './listeners.ts';
import { createOmarFaultMenu, type OmarFaultInput, type OmarFaultMenu } from './omar/faults.ts';
import { type OmarHolding, toHoldings } from './omar/holdings.ts';
import { type OmarDelays, openLedger } from './omar/ledger.ts';
import { createOmarSite } from './omar/site.ts';
import { toStrangerPreparation } from './stranger-certificate.ts';

export interface OmarSimulatorOptions extends ListenerOptions {
  readonly clock: Clock;
  readonly delays: OmarDelays;
  /** Where what it holds is kept across restarts. */
  readonly stateFile?: string;
  /** Faults from the start on. */
  readonly faults?: readonly OmarFaultInput[];
  /** What a request without a session gets. */
  readonly withoutSession?: 'page' | 'unauthorized' | 'redirect';
  /** What CSV files are in; `gmt` unless said. */
  readonly csvLayout?: OmarCsvLayout;
  /** Resources that CSV may name; all that are well named when left out. */
  readonly resources?: readonly string[];
  /** How meter data is downloaded; there is no such page when left out. */
  readonly download?: DownloadShape;
}

export interface OmarSimulator extends Listeners {
  readonly faults: Pick<OmarFaultMenu, 'arm' | 'clear' | 'armed'>;
  /** Shows an interval otherwise than it was sent, to every certificate, in what is downloaded. */
  alter(input: AlterationInput): void;
  /** Everything that was ever accepted, in the order of receipt. */
  holdings(): readonly OmarHolding[];
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
    csv: { layout: options.csvLayout ?? getOmarCsvLayout('gmt'), resources: options.resources },
    download: options.download,
    withoutSession: options.withoutSession ?? 'page',
    stopping: stopping.signal,
  });

  const holdings = () => toHoldings(ledger.all(), clock.now(), delays);
  const control = createControlServer(menu, alterations, holdings);
  const prepare = toStrangerPreparation(options, menu);
  const listeners = createListeners(options, { site, control, stopping, prepare });
  return Object.assign(listeners, {
    faults: menu,
    alter: (input: AlterationInput) => alterations.alter(input),
    holdings,
  });
}
