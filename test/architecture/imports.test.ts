import { describe, expect, it } from 'vitest';
import { findCycles, readModules } from './module-graph.ts';
import { findWriters, rules, sourceRules } from './rules.ts';

const modules = readModules();

/** Fewer means that the reader of modules broke, and every rule below passes on nothing. */
const minModules = 500;

it(`reads at least ${minModules} modules and finds imports in them`, () => {
  expect(modules.length).toBeGreaterThanOrEqual(minModules);
  expect(modules.filter(({ imports }) => imports.length > 0).length).toBeGreaterThan(modules.length / 2);
});

describe('imports', () => {
  for (const { name, why, from, forbids } of rules) {
    it(`${name}: ${why}`, () => {
      const subjects = modules.filter(({ path }) => from(path));
      expect(subjects.length).toBeGreaterThan(0);
      const broken = subjects.flatMap(({ path, imports }) =>
        imports
          .filter((imported) => forbids(imported, path))
          .map((imported) => `${path} imports ${imported}`),
      );
      expect(broken).toEqual([]);
    });
  }
});

describe('sources', () => {
  for (const { name, why, from, forbids } of sourceRules) {
    it(`${name}: ${why}`, () => {
      const broken = modules
        .filter(from)
        .filter(({ source }) => forbids.test(source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')))
        .map(({ path }) => path);
      expect(broken).toEqual([]);
    });
  }
});

it('one durable writer: what is written at run time is written durably, by storage/disk', () => {
  expect(modules.flatMap(({ fileSystemNames }) => fileSystemNames)).toContain('link');
  expect(findWriters(modules)).toEqual([]);
});

it('no cycles, type-only ones included', () => {
  expect(findCycles(modules)).toEqual([]);
});
