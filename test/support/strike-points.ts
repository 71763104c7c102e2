import { writeSync } from 'node:fs';

type Act = (...args: never[]) => Promise<unknown>;

/**
 * Points at which a program of the fault tests can be killed. Each that is come by is written to standard output:
 * `{"name":…}`.
 */
export interface StrikePoints {
  /** From here on points count; what a program does to start is no part of the test. */
  arm(): void;
  reach(name: string): void;
  /** How often `act` was begun, this time included. */
  count(act: string): number;
  /** The same function, with a point before and one after it. */
  around<F extends Act>(act: string, run: F): F;
  /** The same object of functions, with points around those named. */
  aroundAll<T extends object>(target: T, acts: readonly (keyof T & string)[]): T;
}

/**
 * @param killAt the name of the point at which the process kills itself: `before link 1` is ahead of the first call of
 *   `link` since the points were armed
 */
export function createStrikePoints(killAt: string | undefined): StrikePoints {
  const counts = new Map<string, number>();
  let isArmed = false;

  function count(act: string): number {
    const next = (counts.get(act) ?? 0) + 1;
    if (isArmed) counts.set(act, next);
    return next;
  }

  function reach(name: string): void {
    if (!isArmed) return;
    writeSync(1, `${JSON.stringify({ name })}\n`);
    if (name === killAt) process.kill(process.pid, 'SIGKILL');
  }

  function around<F extends Act>(act: string, run: F): F {
    async function pointed(this: unknown, ...args: never[]): Promise<unknown> {
      const number = count(act);
      reach(`before ${act} ${number}`);
      const result = await run.apply(this, args);
      reach(`after ${act} ${number}`);
      return result;
    }
    return pointed as F;
  }

  return {
    arm() {
      isArmed = true;
    },
    reach,
    count,
    around,
    aroundAll: (target, acts) => ({
      ...target,
      ...Object.fromEntries(acts.map((act) => [act, around(act, target[act] as Act)])),
    }),
  };
}
