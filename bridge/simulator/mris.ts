import type { Clock } from '../../storage/ports/clock.ts';
import type { MrisMapping } from '../mris/messages/mapping.ts';
import { type AlterationInput, createAlterations } from './alterations.ts';
import { createControlServer } from './control-server.ts';
import { createListeners, type ListenerOptions, type Listeners } from './listeners.ts';
import { createMrisFaultMenu, type MrisFaultInput, type MrisFaultMenu } from './mris/faults.ts';
import { type MrisHolding, toHoldings } from './mris/holdings.ts';
import { openLedger } from './mris/ledger.ts';
import type { PolicyAnswer } from './mris/refusals.ts';
import { createMrisSite } from './mris/site.ts';
import { toStrangerPreparation } from './stranger-certificate.ts';

export interface MrisSimulatorOptions extends ListenerOptions {
  readonly clock: Clock;
  /** As the clients of this simulator have it. */
  readonly mapping: MrisMapping;
  /** How long a batch is in process. */
  readonly validationMs: number;
  /** Whether the good records of a batch with errors are accepted; the whole batch is refused otherwise. */
  readonly isPartial?: boolean;
  /** Resources and SC ids that there are; all, where left out. Readings are shown as of the first SC id, unless asked. */
  readonly resources?: readonly string[];
  readonly scIds?: readonly string[];
  /** Most records of a retrieve: 200,000 at the ISO. */
  readonly maxRecords?: number;
  /** How far apart a user's retrieves must be: 30 seconds at the ISO. */
  readonly spacingMs?: number;
  readonly policyAnswer?: PolicyAnswer;
  /** Where what it holds is kept across restarts. */
  readonly stateFile?: string;
  /** Faults from the start on. */
  readonly faults?: readonly MrisFaultInput[];
}

export interface MrisSimulator extends Listeners {
  readonly faults: Pick<MrisFaultMenu, 'arm' | 'clear' | 'armed'>;
  /** Shows an interval otherwise than it was sent, to every certificate, in what is retrieved. */
  alter(input: AlterationInput): void;
  /** Everything that was ever accepted, in the order of receipt. */
  holdings(): readonly MrisHolding[];
}

const basePath = '/sst/stlmt';

/**
 * MRI-S as a server: the six services, as strict as what is known of the ISO's lets us believe them to be, with faults
 * to order. A certificate sees what certificates of its subject have sent.
 */
export function createMrisSimulator(options: MrisSimulatorOptions): MrisSimulator {
  const { clock } = options;
  const ledger = openLedger(options.stateFile);
  const menu = createMrisFaultMenu(options.faults ?? []);
  const alterations = createAlterations(() => clock.now());
  const stopping = new AbortController();
  const site = createMrisSite({
    ledger,
    mapping: options.mapping,
    clock,
    menu,
    alterations,
    basePath,
    validationMs: options.validationMs,
    isPartial: options.isPartial ?? false,
    resources: options.resources === undefined ? undefined : new Set(options.resources),
    scIds: options.scIds === undefined ? undefined : new Set(options.scIds),
    maxRecords: options.maxRecords ?? 200_000,
    spacingMs: options.spacingMs ?? 30_000,
    policyAnswer: options.policyAnswer ?? '429',
    stopping: stopping.signal,
  });

  const holdings = () => toHoldings(ledger.all(), clock.now());
  const control = createControlServer(menu, alterations, holdings);
  const prepare = toStrangerPreparation(options, menu);
  const listeners = createListeners(options, { site, control, stopping, path: basePath, prepare });
  return Object.assign(listeners, {
    faults: menu,
    alter: (input: AlterationInput) => alterations.alter(input),
    holdings,
  });
}
