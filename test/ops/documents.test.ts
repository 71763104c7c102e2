import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createMrisFaultMenu, mrisFaults } from '../../bridge/simulator/mris/faults.ts';
import { createOmarFaultMenu, omarFaults } from '../../bridge/simulator/omar/faults.ts';
import { createTestClock } from '../support/store.ts';
import { runMdma } from './run-mdma.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const runbooks = readdirSync(path.join(root, 'ops/runbooks')).map((name) => `ops/runbooks/${name}`);
const documents = ['', 'docs/', 'docs/decisions/']
  .flatMap((folder) => readdirSync(path.join(root, folder)).map((name) => folder + name))
  .filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md');
const pages = [...runbooks, ...documents].map((name) => ({
  name,
  text: readFileSync(path.join(root, name), 'utf8').replaceAll(/^ *```.*?^ *```$/gms, ''),
}));

interface Written {
  /** `submissions close`. */
  readonly words: string;
  readonly options: readonly string[];
}

/** Every `mdma …` in code, with the options that stand in the same piece of code; comments are left out. */
function listCommands(text: string): Written[] {
  const spans = [...text.matchAll(/`([^`]+)`/g), ...text.matchAll(/^ {4}(\S.*)$/gm)];
  return spans.flatMap(([, code = '']) => {
    const written = /(?:^|\s)mdma(?! mdma )((?:\s+[a-z][a-z-]+(?![\w.-]))+)(.*)$/s.exec(
      code.replaceAll(/\s+/g, ' ').replace(/ #.*/, ''),
    );
    if (written === null) return [];
    const [, words = '', rest = ''] = written;
    return [{ words: words.trim(), options: rest.match(/--[a-z][a-z-]+/g) ?? [] }];
  });
}

const commands = pages.flatMap(({ name, text }) => listCommands(text).map((each) => ({ name, ...each })));

describe('what the pages for operators tell them to type', () => {
  test('is found at all', () => {
    const found = commands.map(({ words }) => words);
    expect(found).toEqual(
      expect.arrayContaining(['stops page', 'stops release', 'submissions close', 'restore']),
    );
    expect(found.length).toBeGreaterThan(25);
  });

  test.each(commands)('$name: mdma $words $options', async ({ words, options }) => {
    const asked = [...words.split(' '), '--help'];
    const { code, stdout } = await runMdma(asked, { cwd: root, clock: createTestClock() });
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: mdma ${words}(?:\\|\\S+)? `));
    const help = stdout.includes('Commands:') ? stdout + (await helpOfDefault(words)) : stdout;
    for (const option of options) expect(help).toContain(option);
  });
});

/** `mdma submissions --state person` is `mdma submissions list --state person`. */
async function helpOfDefault(words: string): Promise<string> {
  const asked = [...words.split(' '), 'list', '--help'];
  return (await runMdma(asked, { cwd: root, clock: createTestClock() })).stdout;
}

test('README is read in one sitting', () => {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

test.each(pages)('$name points at files that are there', ({ name, text }) => {
  const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, link = '']) =>
    path.join(path.dirname(name), link),
  );
  const sources = [...text.matchAll(/`((?:bridge|storage|server|docs|ops)\/[\w./-]+)`/g)].map(
    ([, file = '']) => file,
  );
  expect([...links, ...sources].filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
});

test('the page about forwarding leads to every runbook', () => {
  const text = readFileSync(path.join(root, 'docs/forwarding.md'), 'utf8');
  expect(runbooks.filter((name) => !text.includes(`(../${name})`))).toEqual([]);
});

test('the menus of faults of the simulators are those of the code', () => {
  const text = readFileSync(path.join(root, 'docs/simulators.md'), 'utf8');
  const menus = text.split('what happens |\n| --- | --- | --- |\n').slice(1);
  expect(menus).toHaveLength(2);
  for (const [at, faults] of [omarFaults, mrisFaults].entries()) {
    const rows = menus[at]?.split('\n\n')[0]?.trim().split('\n');
    expect(rows).toEqual(
      Object.entries(faults).map(([name, [kind, does]]) => `| \`${name}\` | ${kind} | ${does} |`),
    );
  }
});

describe('the page of the simulators', () => {
  const page = readFileSync(path.join(root, 'docs/simulators.md'), 'utf8');
  const helpOf = async (which: string) => {
    const clock = createTestClock();
    const { stdout } = await runMdma(['simulator', which, '--help'], { cwd: root, clock });
    return stdout.split('Global Options:')[0] ?? '';
  };
  const optionsOf = async (which: string) =>
    [...(await helpOf(which)).matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option = '']) => option);
  const listOptions = (of: string) =>
    page
      .split('\n')
      .filter((line) => line.startsWith('| `--') && line.includes(` | ${of} | `))
      .flatMap((line) => line.split('|')[1]?.match(/--[a-z-]+/g) ?? []);

  test.each([
    ['omar', 'mris'],
    ['mris', 'omar'],
  ])('has every option of %s, and those that %s has not, in their table', async (which, other) => {
    const options = await optionsOf(which);
    for (const option of options) expect(page).toMatch(new RegExp(`${option}(?![a-z-])`));
    const others = await optionsOf(other);
    const own = options.filter((option) => !others.includes(option));
    expect(listOptions(`\`${which}\``).sort()).toEqual(own.sort());
    expect(options).toEqual(expect.arrayContaining(listOptions('both')));
  });

  test.each([
    ['omar', createOmarFaultMenu([{ fault: 'busy', kind: 'upload', times: 1 }])],
    ['mris', createMrisFaultMenu([{ fault: 'busy', kind: 'submit', times: 1 }])],
  ] as const)('and the help of %s have every setting of a fault', async (which, menu) => {
    const help = (await helpOf(which)).replaceAll(/\s+/g, '');
    const settings = Object.keys(menu.armed()[0] ?? {}).filter((name) => !['fault', 'kind'].includes(name));
    expect(settings).toEqual(expect.arrayContaining(['times', 'after', 'delayMs', 'code']));
    for (const setting of settings) {
      expect(page).toContain(`\`${setting}\``);
      expect(help).toContain(`,${setting}=N`);
    }
  });

  test('has every address of the control listener', () => {
    const source = readFileSync(path.join(root, 'bridge/simulator/control-server.ts'), 'utf8');
    const addresses = [...source.matchAll(/case '[A-Z]+ (\/[a-z]+)'/g)].map(([, address = '']) => address);
    expect(addresses).toEqual(expect.arrayContaining(['/holdings', '/faults', '/alterations']));
    for (const address of addresses) expect(page).toContain(`curl http://127.0.0.1:9480${address}`);
  });
});
