import { describe, expect, test } from 'vitest';
import { bridgeConfigSchema, toBridgeSettings } from '../../bridge/config.ts';
import { toHeaderLine } from '../../storage/formats/omar-csv/columns.ts';

function refusalOf(value: unknown): string[] {
  const { error } = bridgeConfigSchema.safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const layout = {
  name: 'of-the-iso',
  columns: ['RESOURCE_ID', 'VALUE', 'INTERVAL_END_GMT'],
  headings: { VALUE: 'READING' },
  fixed: { MEASUREMENT_TYPE: 'LOAD', UOM: 'KWH', INTERVAL_MINUTES: '60' },
};

describe('bridge:', () => {
  test('takes the layout of CSV files by its name or spelt out, and shows it as it was written', () => {
    const named = bridgeConfigSchema.parse({ csvLayout: 'pacific-standard' });
    expect(toBridgeSettings(named).csvLayout.utcOffsetMinutes).toBe(-480);
    const config = bridgeConfigSchema.parse({ csvLayout: layout });
    expect(config.csvLayout).toEqual(layout);
    expect(toHeaderLine(toBridgeSettings(config).csvLayout)).toBe('RESOURCE_ID,READING,INTERVAL_END_GMT');
  });

  test('has a default for every setting, in the order of the real ISO', () => {
    const settings = toBridgeSettings(bridgeConfigSchema.parse({}));
    expect(settings).toMatchObject({ leaseMs: 45_000, uploadDeadlineMs: 20_000, overdueMs: 7_200_000 });
    expect(bridgeConfigSchema.parse({}).mris.followDelaysSeconds).toEqual([30, 60, 120, 300]);
    expect(settings.followDelaysMs).toEqual([60_000, 120_000, 300_000, 600_000, 900_000]);
  });

  test.each([
    ['an unknown key', { pollSecond: 1 }, /pollSecond/],
    ['a unit in a text', { leaseSeconds: '45s' }, /leaseSeconds/],
    ['a lease that no other bridge may wait for', { leaseSeconds: 60 }, /leaseSeconds/],
    [
      'an upload as long as the lease',
      { leaseSeconds: 20, uploadDeadlineSeconds: 11 },
      /at most half of leaseSeconds/,
    ],
    ['parts that the ISO does not take', { maxPartBytes: 500_000 }, /maxPartBytes/],
    ['batches that MRI-S does not take', { mris: { maxPartBytes: 15_000_000 } }, /mris.maxPartBytes/],
    ['no delay at all', { followDelaysSeconds: [] }, /followDelaysSeconds/],
    ['a layout that there is not', { csvLayout: 'mine' }, /^csvLayout: gmt, pacific-standard$/],
    [
      'a layout that is neither named nor spelt out',
      { csvLayout: 5 },
      /^csvLayout: the name of a layout, or its/,
    ],
    [
      'a setting that no layout has',
      { csvLayout: { ...layout, color: 1 } },
      /^csvLayout.color: only name, columns/,
    ],
    [
      'a column that there is not',
      { csvLayout: { ...layout, columns: ['X'] } },
      /^csvLayout.columns.0: one of/,
    ],
    [
      'a second layout of one name',
      { csvLayout: { ...layout, name: 'gmt' } },
      /^csvLayout.name: a name that no/,
    ],
  ])('refuses %s', (_, value, message) => {
    expect(refusalOf(value).join()).toMatch(message);
  });
});
