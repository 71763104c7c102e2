import { readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize, relative } from 'node:path';
import { parseSync } from 'oxc-parser';

/** One source file: its path from the project's folder, and what it imports. */
export interface Module {
  readonly path: string;
  readonly source: string;
  /** Project files as paths from the project's folder, packages and `node:` modules as written. */
  readonly imports: readonly string[];
  /** Names taken from `node:fs` and `node:fs/promises`; `*` stands for all of them. */
  readonly fileSystemNames: readonly string[];
}

const projectFolder = join(import.meta.dirname, '../..');

const codeFolders = ['server', 'bridge', 'storage', 'ops', 'certs'];

/** Every TypeScript file of the product, tests left out. Type-only imports count. */
export function readModules(): Module[] {
  return codeFolders.flatMap(listSources).map((path) => {
    const source = readFileSync(join(projectFolder, path), 'utf8');
    const { module, errors } = parseSync(path, source);
    if (errors.length > 0) throw new Error(`Cannot parse ${path}: ${errors[0]?.message}`);
    const specifiers = [
      ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
      ...module.staticExports.flatMap(({ entries }) =>
        entries.flatMap(({ moduleRequest }) => (moduleRequest === null ? [] : [moduleRequest.value])),
      ),
      ...module.dynamicImports.map(({ moduleRequest }) =>
        source.slice(moduleRequest.start, moduleRequest.end).replace(/^['"`]|['"`]$/g, ''),
      ),
    ];
    const fileSystemNames = module.staticImports
      .filter(({ moduleRequest }) => /^(node:)?fs(\/promises)?$/.test(moduleRequest.value))
      .flatMap(({ entries }) => entries.map(({ importName }) => importName.name ?? '*'));
    const imports = [...new Set(specifiers)].map((specifier) => resolve(path, specifier));
    return { path, source, imports, fileSystemNames };
  });
}

function listSources(folder: string): string[] {
  const absolute = join(projectFolder, folder);
  if (statSync(absolute, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(absolute, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return relative('.', normalize(join(dirname(from), specifier)));
  return builtinModules.includes(specifier) ? `node:${specifier}` : specifier;
}

/** The cycles of the graph, each as the paths along it. */
export function findCycles(modules: readonly Module[]): string[][] {
  const importsOf = new Map(modules.map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  const cycles: string[][] = [];
  const visit = (path: string, trail: string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) cycles.push([...trail.slice(at), path]);
    if (at >= 0 || done.has(path)) return;
    for (const next of importsOf.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const { path } of modules) visit(path, []);
  return cycles;
}
