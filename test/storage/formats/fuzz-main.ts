/**
 * `npm run fuzz -- [--runs N] [--seed S] [path…]`: the property tests of the formats with N cases in all instead of the
 * gate's 20,000; a path narrows it to the tests whose file names contain it.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '100000' }, seed: { type: 'string' } },
});
if (!/^[1-9]\d*$/.test(values.runs) || !/^-?\d*$/.test(values.seed ?? '')) {
  console.error('Expected --runs and --seed to be whole numbers');
  process.exit(2);
}
const vitest = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));
const config = fileURLToPath(new URL('../../vitest.config.ts', import.meta.url));
const paths = positionals.length > 0 ? positionals : ['.property.test.ts'];
const args = ['run', '--config', config, '--testTimeout', '0', ...paths];
const { status } = spawnSync(process.execPath, [vitest, ...args], {
  stdio: 'inherit',
  env: { ...process.env, FUZZ_RUNS: values.runs, ...(values.seed && { FUZZ_SEED: values.seed }) },
});
process.exit(status ?? 1);
