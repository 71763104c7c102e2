import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, dumpSchema } from '../../storage/sql/migrate.ts';

/** The snapshot of what the migrations make, for readers and for the gate. */
export const snapshotPath = new URL('../../storage/sql/schema.sql', import.meta.url);

export function toCurrentSchema(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mdma-schema-'));
  try {
    const path = join(folder, 'catalogue.sqlite');
    createDatabase(path, 'snapshot', 0);
    return `-- Written by "npm run schema" from the migrations; do not edit.\n\n${dumpSchema(path)}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) writeFileSync(snapshotPath, toCurrentSchema());
