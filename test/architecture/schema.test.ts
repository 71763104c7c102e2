import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { snapshotPath, toCurrentSchema } from './write-schema.ts';

it('schema.sql is what the migrations make; run "npm run schema" after adding one', () => {
  expect(readFileSync(snapshotPath, 'utf8')).toBe(toCurrentSchema());
});
