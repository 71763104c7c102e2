import type { BenchServer, MissingServer } from './bench-server.ts';
import type { Wrk } from './load/wrk.ts';
import type { RowResult, Series, Target } from './result.ts';
import { type RunningServer, startServer } from './running-server.ts';
import type { Workspace } from './workspace.ts';

/** What a row has to work with. */
export interface Bench {
  readonly workspace: Workspace;
  readonly servers: readonly (BenchServer | MissingServer)[];
  readonly wrk: Wrk | { readonly missing: string };
  readonly isPinned: boolean;
  readonly rounds: number;
  readonly seconds: number;
  /** Only sees that everything runs: fewer readers, smaller files. */
  readonly isQuick: boolean;
}

/** One line of the table of targets. */
export interface BenchRow {
  readonly name: string;
  readonly title: string;
  readonly targets: readonly Target[];
  run(bench: Bench): Promise<RowResult>;
}

/** One measured figure of a round. */
export interface Figure {
  readonly metric: string;
  readonly unit: string;
  readonly value: number;
}

/**
 * Starts the named servers together, warms each up, then measures them in turn, A B A B, so that what changes on the
 * machine meanwhile meets all alike.
 */
export async function alternate(
  bench: Bench,
  names: readonly string[],
  measure: (running: RunningServer, seconds: number) => Promise<readonly Figure[]>,
): Promise<RowResult> {
  const { present, notes } = selectServers(bench, names);
  const running: RunningServer[] = [];
  const collected = new Collected();
  try {
    for (const server of present) running.push(await startServer(server, bench.workspace, bench.isPinned));
    for (const each of running) await measure(each, 1);
    for (let round = 0; round < bench.rounds; round++) {
      for (const each of running) collected.add(each.server.name, await measure(each, bench.seconds));
    }
  } finally {
    await Promise.all(running.map((each) => each.stop()));
  }
  return { series: collected.toSeries(), notes };
}

/** As `alternate`, with a server started anew for every measurement: for memory, which a process does not give back. */
export async function alternateAnew(
  bench: Bench,
  names: readonly string[],
  measure: (running: RunningServer) => Promise<readonly Figure[]>,
): Promise<RowResult> {
  const { present, notes } = selectServers(bench, names);
  const collected = new Collected();
  for (let round = 0; round < bench.rounds; round++) {
    for (const server of present) {
      const running = await startServer(server, bench.workspace, bench.isPinned);
      try {
        collected.add(server.name, await measure(running));
      } finally {
        await running.stop();
      }
    }
  }
  return { series: collected.toSeries(), notes };
}

function selectServers({ servers }: Bench, names: readonly string[]) {
  const chosen = servers.filter(({ name }) => names.includes(name));
  const present = chosen.filter((server): server is BenchServer => !('missing' in server));
  const notes = chosen.flatMap((server) =>
    'missing' in server ? [`${server.name} is missing: ${server.missing}`] : [],
  );
  return { present: present.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name)), notes };
}

class Collected {
  readonly #series = new Map<string, Series & { values: number[] }>();

  add(server: string, figures: readonly Figure[]): void {
    for (const { metric, unit, value } of figures) {
      const key = `${server} ${metric}`;
      const series = this.#series.get(key) ?? { server, metric, unit, values: [] };
      this.#series.set(key, series);
      series.values.push(value);
    }
  }

  toSeries(): Series[] {
    return [...this.#series.values()];
  }
}
