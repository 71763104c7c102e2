import { Gauge, type Registry } from 'prom-client';
import type { ClockWatch } from '../ports/clock-watch.ts';

/** What a program's metrics tell of its clock; nothing of the offset while it is not known. */
export function addClockMetrics(registers: Registry[], clockWatch: Pick<ClockWatch, 'state'>): void {
  new Gauge({
    name: 'mdma_clock_offset_seconds',
    help: 'How far the clock is ahead of the true time, where it is measured',
    registers,
    collect() {
      const { offsetMs } = clockWatch.state();
      this.reset();
      if (offsetMs !== null) this.set(offsetMs / 1000);
    },
  });
  new Gauge({
    name: 'mdma_clock_state',
    help: '1 for the state that the clock is in: unwatched, unmeasurable, good or off',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset();
      this.set({ state: clockWatch.state().kind }, 1);
    },
  });
}
