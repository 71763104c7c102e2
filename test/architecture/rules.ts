import type { Module } from './module-graph.ts';

/** A rule of ARCHITECTURE.md: who may not import what, and why. */
export interface Rule {
  readonly name: string;
  readonly why: string;
  /** The rule's subjects. */
  readonly from: (path: string) => boolean;
  readonly forbids: (imported: string, from: string) => boolean;
}

const within =
  (...folders: string[]) =>
  (path: string) =>
    folders.some((folder) => path === folder || path.startsWith(`${folder}/`));

const pure = within(
  'storage/model',
  'storage/formats',
  'bridge/forwarding/states.ts',
  'bridge/forwarding/decide.ts',
  'bridge/forwarding/backoff.ts',
);

/** Small libraries without a world around them, by name (ruling 37): a parser of XML. */
const pureLibraries = ['saxes'];

/** Assembly may import features (ruling 37); `http` and the files beside it serve all of them. */
const assembly = within('server/pages', 'server/jobs', 'server/openapi', 'server/http');
const featureOf = (path: string) => /^server\/([^/]+)\/[^/]/.exec(path)?.[1];

/** Programs that are clients by nature: they talk to our own server as a participant would. */
const clients = within('ops/commands', 'ops/quick-start', 'ops/client');

export const rules: readonly Rule[] = [
  {
    name: 'two programs',
    why: 'server and bridge meet in the store only, so that each can be stopped, moved and read alone',
    from: within('server', 'bridge'),
    forbids: (imported, from) => (from.startsWith('server/') ? within('bridge') : within('server'))(imported),
  },
  {
    name: 'ground floor',
    why: 'storage knows nothing of who uses it',
    from: within('storage'),
    forbids: within('server', 'bridge', 'ops', 'certs'),
  },
  {
    name: 'pure words',
    why: 'formats, words and decisions are tested and reasoned about without a world around them',
    from: pure,
    forbids: (imported) => !pure(imported) && !pureLibraries.includes(imported),
  },
  {
    name: 'one chooser',
    why: 'a driver is chosen in storage/open.ts and nowhere else',
    from: (path) => !within('storage/sql', 'storage/disk', 'storage/open.ts')(path),
    forbids: within('storage/sql', 'storage/disk'),
  },
  {
    name: 'features apart',
    why: 'a feature of the server is read, changed and removed alone',
    from: (path) => featureOf(path) !== undefined && !assembly(path),
    forbids: (imported, from) => {
      const feature = featureOf(imported);
      return feature !== undefined && feature !== featureOf(from) && !assembly(imported);
    },
  },
  {
    name: 'their site, one door',
    why: "the ISO's sites are reached through bridge/omar and bridge/mris only, both by bridge/https",
    from: (path) => !within('bridge/https', 'bridge/omar', 'bridge/mris')(path) && !clients(path),
    forbids: (imported) => imported === 'undici' || imported === 'cheerio',
  },
  {
    name: 'Koa stays in the server',
    why: 'storage and bridge do not depend on how HTTP is spoken',
    from: (path) => !within('server', 'bridge/simulator')(path),
    forbids: (imported) => ['koa', '@koa/router', 'koa-body'].includes(imported),
  },
  {
    name: 'no barrel, no dump',
    why: 'a name that admits no boundary has none',
    from: () => true,
    forbids: (imported) => /(^|\/)(index|utils?|helpers?|common|types)\.ts$/.test(imported),
  },
];

/** Words in a source that only some files may use, comments left out. */
export interface SourceRule {
  readonly name: string;
  readonly why: string;
  readonly from: (module: Module) => boolean;
  readonly forbids: RegExp;
}

const isEntry = within('server/main.ts', 'bridge/main.ts', 'ops/mdma.ts');

export const sourceRules: readonly SourceRule[] = [
  {
    name: 'one clock',
    why: 'time is handed in, so that retention, leases and names can be tested',
    from: ({ path }) => path !== 'storage/ports/clock.ts' && !isEntry(path),
    forbids: /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/,
  },
  {
    name: 'one environment',
    why: 'what a program does follows from its arguments and its configuration',
    from: ({ path }) => !isEntry(path),
    forbids: /\bprocess\.(env|exit)\b/,
  },
];

/** What reads of `node:fs`; everything else writes, or may. */
const readingNames = new Set([
  'access',
  'close',
  'constants',
  'createReadStream',
  'Dirent',
  'FileHandle',
  'readdir',
  'readdirSync',
  'readFile',
  'readFileSync',
  'read',
  'stat',
  'statfs',
  'Stats',
  'watch',
]);

/** One durable writer: what is written at run time is written durably, by storage/disk (ruling 37). */
export function findWriters(modules: readonly Module[]): string[] {
  return modules
    .filter(({ path }) => within('server', 'bridge', 'storage')(path))
    .filter(({ path }) => !within('storage/disk', 'bridge/simulator')(path))
    .flatMap(({ path, fileSystemNames }) =>
      fileSystemNames.filter((name) => !readingNames.has(name)).map((name) => `${path} imports ${name}`),
    );
}
