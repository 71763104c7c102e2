import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkTable } from '../../../storage/formats/checks/check-table.ts';
import { cmepFaults } from '../../../storage/formats/cmep/faults.ts';
import { cmepSettings } from '../../../storage/formats/cmep/profile-settings.ts';
import { detectFaults } from '../../../storage/formats/detect.ts';
import type { FaultTable } from '../../../storage/formats/fault-list.ts';
import { formatNames } from '../../../storage/formats/format.ts';
import { mdefFaults } from '../../../storage/formats/mdef/faults.ts';
import { omarCsvFaults } from '../../../storage/formats/omar-csv/faults.ts';
import { profileNames } from '../../../storage/formats/scanners.ts';
import { lossReasons } from '../../../storage/formats/writer.ts';
import { x12Faults } from '../../../storage/formats/x12/faults.ts';

const text = readFileSync(new URL('../../../docs/formats.md', import.meta.url), 'utf8');

/** Rows `| CODE | level | reason |` of the section that the heading begins. */
function readRows(heading: string): Record<string, { level: string; reason: string }> {
  const section = text.split(/^## /m).find((one) => one.startsWith(heading)) ?? '';
  const rows = section.matchAll(/^\| `([CEWN]_[A-Z0-9_]+)` +\| (error|warning|note) +\| (.+?) +\|$/gm);
  return Object.fromEntries([...rows].map(([, code, level = '', reason = '']) => [code, { level, reason }]));
}

const tables: readonly { heading: string; table: FaultTable<string> }[] = [
  { heading: 'Which format', table: detectFaults },
  { heading: 'Checked beyond syntax', table: checkTable },
  { heading: 'CMEP', table: cmepFaults },
  { heading: 'X12', table: x12Faults },
  { heading: 'MDEF', table: mdefFaults },
  { heading: 'OMAR CSV', table: omarCsvFaults },
];

describe('docs/formats.md', () => {
  it.each(tables)('lists the faults of "$heading" as the code has them', ({ heading, table }) => {
    expect(readRows(heading)).toEqual(table);
  });

  it('lists the settings and switches of CMEP as the code has them', () => {
    const section = text.split(/^## /m).find((one) => one.startsWith('CMEP')) ?? '';
    const rows = [...section.matchAll(/^\| `([a-z0-9-]+)` \| ([^|]+) \|$/gm)].map(([, name, title]) => [
      name,
      title,
    ]);
    const settings = Object.entries(cmepSettings).map(([name, { title }]) => [name, title]);
    expect(rows).toEqual(settings);
  });

  it('lists what formats cannot carry as the code has it', () => {
    const section = text.split(/^## /m).find((one) => one.startsWith('What a format cannot carry')) ?? '';
    const rows = [...section.matchAll(/^\| `([a-z]+)` \| ([^|]+) \|$/gm)].map(([, reason, what]) => [
      reason,
      what,
    ]);
    expect(rows).toEqual(Object.entries(lossReasons));
  });

  it('names every profile', () => {
    const names = formatNames.flatMap(profileNames);
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});
