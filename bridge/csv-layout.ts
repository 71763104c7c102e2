import { z } from 'zod';
import { getOmarCsvLayout, type OmarCsvLayout, omarCsvLayouts } from '../storage/formats/omar-csv/columns.ts';
import { parseOmarCsvLayout } from '../storage/formats/omar-csv/parse-layout.ts';
import { MdmaError, toInvalid } from '../storage/model/errors.ts';

/**
 * The layout that a setting names or spells out.
 *
 * @throws `invalid-request` naming the setting, its value and what was expected
 */
export function parseCsvLayout(setting: unknown): OmarCsvLayout {
  if (typeof setting === 'string') return getOmarCsvLayout(setting);
  const layout = parseOmarCsvLayout(setting);
  if (omarCsvLayouts.some(({ name }) => name === layout.name)) {
    const expected = 'a name that no layout has yet';
    throw toInvalid('Cannot use the OMAR CSV layout', { at: 'name', value: layout.name, expected });
  }
  return layout;
}

/** A setting that stays as it was written; `parseCsvLayout` takes what this lets pass. */
export const csvLayoutSchema = z
  .union([z.string(), z.record(z.string(), z.unknown())], { error: 'the name of a layout, or its settings' })
  .superRefine((setting, context) => {
    for (const { at, expected } of listFaults(setting)) {
      const place = at
        .split(/[.[\]]+/)
        .filter((step) => step !== '' && step !== 'layout' && step !== 'profile');
      context.addIssue({ code: 'custom', path: place, message: expected });
    }
  });

function listFaults(setting: unknown): MdmaError['faults'] {
  try {
    parseCsvLayout(setting);
    return [];
  } catch (error) {
    if (error instanceof MdmaError) return error.faults;
    throw error;
  }
}
