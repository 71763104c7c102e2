import { lookup } from 'node:dns/promises';
import { raise } from '../model/alarms.ts';
import { MdmaError } from '../model/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClockState, ClockWatch } from '../ports/clock-watch.ts';
import { askChrony } from './ask-chrony.ts';
import { askSntp, type Lookup } from './ask-sntp.ts';
import type { ClockConfig } from './config.ts';

export interface ClockWatchDeps {
  readonly clock: Clock;
  /** Milliseconds of a clock that nobody can set. */
  readonly monotonicMs: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** Who knows the address of a time server; the machine's own resolver when left out. */
  readonly lookup?: Lookup;
  readonly log: Readonly<Record<'info' | 'warn' | 'error', (fields: object, words: string) => void>>;
}

export interface RunningClockWatch extends ClockWatch {
  /** Measures now, or waits for the measurement that is under way; resolves with what is known then. Never rejects. */
  measure(): Promise<ClockState>;
  stop(): void;
}

/** How far the clock was ahead, and when, by both clocks. */
interface Measurement {
  readonly offsetMs: number;
  readonly at: number;
  readonly monotonicMs: number;
}

/** Clients ask a time server no more often (RFC 4330, 10), however often somebody wants to know. */
const minIntervalMs = 15_000;

/**
 * One question at a time: a resolver that does not answer would otherwise use up the few threads that also read files.
 */
function createLookup(ask: Lookup): Lookup {
  let asking: ReturnType<Lookup> | undefined;
  return (host) => {
    asking ??= ask(host).finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

/** Asks the configured source once. */
function measureOffset(
  config: ClockConfig,
  deps: Pick<ClockWatchDeps, 'clock' | 'monotonicMs' | 'random'> & { readonly lookup: Lookup },
): Promise<number> {
  const timeoutMs = config.timeoutSeconds * 1000;
  if (config.source === 'chrony') return askChrony(config.chronycFile, timeoutMs);
  const server = { host: config.server ?? '', port: config.port, timeoutMs };
  const { clock, monotonicMs, lookup } = deps;
  return askSntp(server, { now: () => clock.now(), monotonicMs, nonce: deps.random(8), lookup });
}

/**
 * Watches the clock: measured once before it resolves, then again and again. Between two measurements a step of the
 * clock shows against the one that nobody can set. A clock that was off stays so until a measurement says otherwise;
 * one that cannot be measured is a warning (ruling 36).
 */
export async function watchClock(config: ClockConfig, deps: ClockWatchDeps): Promise<RunningClockWatch> {
  const { clock, monotonicMs, log } = deps;
  const maxMs = config.maxOffsetSeconds * 1000;
  let last: Measurement | undefined;
  let failure = '';
  let told: ClockState['kind'] | undefined;
  const checkMs = config.checkSeconds * 1000;
  const lookupOnce = createLookup(deps.lookup ?? lookup);
  let measuring: Promise<ClockState> | undefined;
  /** When the last measurement ended, by the clock that nobody can set. */
  let triedMs = Number.NEGATIVE_INFINITY;

  function state(): ClockState {
    if (config.source === 'none') {
      return toState('unwatched', null, 'nobody is asked how far the clock is off: see clock.source');
    }
    if (last === undefined) return toState('unmeasurable', null, failure);
    const drifted = clock.now() - last.at - (monotonicMs() - last.monotonicMs);
    const offsetMs = last.offsetMs + drifted;
    if (Math.abs(offsetMs) > maxMs) return toState('off', offsetMs, toWords(offsetMs, config));
    return failure === ''
      ? toState('good', offsetMs, toWords(offsetMs, config))
      : toState('unmeasurable', offsetMs, failure);
  }

  function toState(kind: ClockState['kind'], offsetMs: number | null, words: string): ClockState {
    return { kind, offsetMs, measuredAt: last?.at ?? null, words };
  }

  /** Says what changed, once. */
  function tell(): void {
    const now = state();
    if (now.kind === told) return;
    const { offsetMs } = now;
    if (now.kind === 'off')
      raise(log, 'error', 'nothing is posted or submitted until it is right', { offsetMs }, now.words);
    else if (now.kind === 'good') {
      if (told !== undefined) log.info({ offsetMs }, `the clock is right again: ${now.words}`);
    } else raise(log, 'warn', 'the clock is not measured', { offsetMs }, now.words);
    told = now.kind;
  }

  async function measureOnce(): Promise<ClockState> {
    if (config.source !== 'none') {
      try {
        const offsetMs = await measureOffset(config, { ...deps, lookup: lookupOnce });
        last = { offsetMs, at: clock.now(), monotonicMs: monotonicMs() };
        failure = '';
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
      }
    }
    triedMs = monotonicMs();
    tell();
    return state();
  }

  function measure(): Promise<ClockState> {
    measuring ??= measureOnce().finally(() => {
      measuring = undefined;
    });
    return measuring;
  }

  await measure();
  const timer = config.source === 'none' ? undefined : setInterval(measure, checkMs);
  timer?.unref();
  return {
    state,
    measure,
    demand(action) {
      const now = state();
      if (now.kind !== 'off') return;
      tell();
      // It may have been set right, or the machine may have slept: both are seen soon, whoever asks how often.
      if (monotonicMs() - triedMs >= Math.min(minIntervalMs, checkMs)) measure();
      throw new MdmaError('unavailable', `${action}: ${now.words}`, {
        retryAfterSeconds: Math.ceil(config.checkSeconds),
      });
    },
    stop: () => clearInterval(timer),
  };
}

function toWords(offsetMs: number, { source, server, maxOffsetSeconds }: ClockConfig): string {
  const seconds = (Math.abs(offsetMs) / 1000).toFixed(1);
  const by = source === 'sntp' ? `${source} ${server}` : source;
  const limit = Math.abs(offsetMs) > maxOffsetSeconds * 1000 ? `, more than ${maxOffsetSeconds}` : '';
  return `this machine's clock is ${seconds} seconds ${offsetMs < 0 ? 'behind' : 'ahead'}${limit} (${by})`;
}
