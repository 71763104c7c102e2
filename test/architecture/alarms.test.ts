import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { alarms } from '../../storage/model/alarms.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const sources = globSync('{bridge,server,storage}/**/*.ts', { cwd: root })
  .filter((file) => !file.startsWith('bridge/simulator/') && file !== 'storage/model/alarms.ts')
  .map((file) => ({ file, text: read(file) }));
const code = sources.map(({ text }) => text).join('\n');

/** What is measured, and alarms nobody by itself. */
const figures = [
  'mdma_request_seconds',
  'mdma_unreadable_requests_total',
  'mdma_retrievals_total',
  'mdma_retrieved_bytes_total',
  'mdma_postings_total',
  'mdma_posted_bytes_total',
  'mdma_connections',
];

describe('every alarm', () => {
  test('is told by way of the table: nobody writes a warning or an error to a log by himself', () => {
    expect(sources.length).toBeGreaterThan(300);
    const direct = sources.filter(({ text }) => /\blog(?:ger)?\.(?:warn|error|fatal)\(/.test(text));
    expect(direct.map(({ file }) => file)).toEqual([]);
  });

  test('is a metric of the table, or a mere figure', () => {
    const metrics = [...code.matchAll(/'(mdma_[a-z_]+)'/g)].map(([, name = '']) => name);
    expect(metrics).toContain('mdma_bridge_stops');
    const known = [...Object.keys(alarms), ...figures];
    expect(metrics.filter((name) => !known.includes(name))).toEqual([]);
  });

  test.each(Object.entries(alarms))(
    '%s: the code raises it, and %s.md quotes it and says what to do',
    (sign, page) => {
      expect(code).toContain(`'${sign}'`);
      const file = `ops/runbooks/${page}.md`;
      expect(existsSync(path.join(root, file)), file).toBe(true);
      const text = read(file).replaceAll(/\s+/g, ' ');
      const quoted = sign.startsWith('mdma_') ? `\`${sign}` : `"${sign}`;
      expect(text.replaceAll('"... ', '"')).toContain(quoted);
      for (const heading of [
        '**Signs.**',
        '**What it means.**',
        '**At risk.**',
        '**What to do.**',
        '**Over when**',
      ])
        expect(text, file).toContain(heading);
      expect(text, file).toMatch(/ 1\. .* 2\. /);
    },
  );
});
