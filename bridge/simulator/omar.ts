import type { Clock } from '../../storage/ports/clock.ts';
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
}

export interface OmarSimulator extends Listeners {
  readonly faults: Pick<OmarFaultMenu, 'arm' | 'clear' | 'armed'>;
  /** Everything that was ever accepted, in the order of receipt. */
  holdings(): readonly OmarHolding[];
}

/**
 * OMAR-Online as a server: as strict as the two specifications let us believe the ISO's to be, with faults to order.
 * A certificate sees what certificates of its subject have sent.
 */
export function createOmarSimulator(options: OmarSimulatorOptions): OmarSimulator {
  const { clock, delays } = options;
  const ledger = openLedger(options.stateFile);
  const menu = createOmarFaultMenu(options.faults ?? []);
  const stopping = new AbortController();
  const site = createOmarSite({
    ledger,
    delays,
    clock,
    menu,
    withoutSession: options.withoutSession ?? 'page',
    stopping: stopping.signal,
  });

  const holdings = () => toHoldings(ledger.all(), clock.now(), delays);
  const control = createControlServer(menu, holdings);
  const prepare = toStrangerPreparation(options, menu);
  const listeners = createListeners(options, { site, control, stopping, prepare });
  return Object.assign(listeners, { faults: menu, holdings });
}
