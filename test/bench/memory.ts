import { readdirSync, readFileSync } from 'node:fs';

/** Memory of a server with all its processes, in bytes. */
export interface Memory {
  /** Resident, pages shared by several processes counted in each. */
  readonly rssBytes: number;
  /** Proportional: a shared page is divided among those that share it. */
  readonly pssBytes: number;
  /** The highest resident size so far of each process, added up. */
  readonly peakRssBytes: number;
}

/** Reads /proc; a process that ends meanwhile counts as nothing. */
export function readMemory(pid: number): Memory {
  const pids = toTree(pid);
  const sum = (file: string, field: string) =>
    pids.reduce((total, each) => total + readKib(`/proc/${each}/${file}`, field), 0) * 1024;
  return {
    rssBytes: sum('status', 'VmRSS'),
    pssBytes: sum('smaps_rollup', 'Pss'),
    peakRssBytes: sum('status', 'VmHWM'),
  };
}

function readKib(file: string, field: string): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readOrEmpty(file));
  return Number(match?.[1] ?? 0);
}

function toTree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name)) parents.set(Number(name), readParent(`/proc/${name}/status`));
  }
  const tree = [root];
  for (const pid of tree) {
    for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  }
  return tree;
}

function readParent(file: string): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readOrEmpty(file))?.[1] ?? 0);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}
