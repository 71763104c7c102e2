import { describe, expect, it } from 'vitest';
import { purposes } from '../../../storage/formats/cmep/header.ts';
import { createMdefWriter } from '../../../storage/formats/mdef/mdef-writer.ts';
import { createOmarCsvWriter } from '../../../storage/formats/omar-csv/omar-csv-writer.ts';
import { purposeCodes } from '../../../storage/formats/x12/codes.ts';
import { toGiven, write } from './write.ts';

const writers = [
  { format: 'MDEF', create: createMdefWriter, profile: 'pacific-standard' },
  { format: 'OMAR CSV', create: createOmarCsvWriter, profile: 'gmt' },
];
/** Whether the readings are usage, by every purpose that a format read here can name. */
const isUsage: Readonly<Record<string, boolean>> = {
  OK: true,
  RESEND: true,
  SUMMARY: true,
  HISTORY: true,
  CORRECT: true,
  CANCEL: false,
  PROFILE: false,
  REJECT: false,
  TEMPLATE: false,
};
const cases = writers.flatMap((writer) => Object.keys(isUsage).map((purpose) => ({ ...writer, purpose })));

describe('formats that name no purpose', () => {
  it.each(cases)('$format, $purpose', ({ create, profile, purpose }) => {
    const { readings, losses } = write(create, profile, [toGiven(['1'], { purpose })]);
    expect({ readings, purpose: losses.purpose ?? 0 }).toEqual(
      isUsage[purpose] ? { readings: 1, purpose: 0 } : { readings: 0, purpose: 1 },
    );
  });

  it('have a case for every purpose', () => {
    const all = new Set([...purposes, ...purposeCodes.map(({ purpose }) => purpose)]);
    expect([...all].sort()).toEqual(Object.keys(isUsage).sort());
  });
});
