import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../../../storage/formats/detect.ts';
import { scan } from '../scan.ts';

const folder = new URL('../../../../../shared/data/x12/', import.meta.url);
const isThere = existsSync(folder);
if (!isThere) console.warn(`Skipped: the X12 samples are not here (${folder.pathname})`);

const read = (name: string) => readFileSync(new URL(name, folder));

interface Series {
  count: number;
  sum: number;
  first: string;
  last: string;
  /** Local time of the period's start and end. */
  from: string;
  to: string;
}

/** Reads the QTY of each PTD loop as plainly as can be, by splitting text; knows nothing of the scanner. */
function readNaively(text: string): Series[] {
  return text
    .split('PTD*')
    .slice(1)
    .map((part) => {
      const values = [...part.matchAll(/QTY\*..\*([^*]+)\*/g)].map(([, value = '']) => value);
      const [from = '', to = ''] = [...part.matchAll(/DTM\*15.\*\*\*\*DT\*(\d+)/g)].map(
        ([, stamp = '']) => stamp,
      );
      return {
        count: values.length,
        sum: values.reduce((sum, value) => sum + Number(value), 0),
        first: values[0] ?? '',
        last: values.at(-1) ?? '',
        from,
        to,
      };
    });
}

/** The wall clock of Los Angeles, as the samples write it. */
function toLocal(at: number): string {
  const text = new Date(at).toLocaleString('sv-SE', { timeZone: 'America/Los_Angeles' });
  return text.replace(/[-: ]/g, '').slice(0, 12);
}

function readByScanner(bytes: Uint8Array): Series[] {
  const { sets } = scan('x12-867', bytes, 'california');
  const ofLoops = sets.filter(({ set }) => set.measure === 'interval' || set.channel === 'TOTAL');
  return ofLoops.map(({ set, readings }) => ({
    count: readings.length,
    sum: readings.reduce((sum, { value }) => sum + Number(value), 0),
    first: readings[0]?.value ?? '',
    last: readings.at(-1)?.value ?? '',
    from: toLocal(set.periodStartAt),
    to: toLocal(set.periodEndAt),
  }));
}

const good = [
  { name: '867_interval_original.edi', purpose: 'OK', sets: 1, readings: 24, estimated: 3 },
  { name: '867_interval_corrected.edi', purpose: 'CORRECT', sets: 1, readings: 24, estimated: 0 },
  { name: '867_interval_duplicate.edi', purpose: 'RESEND', sets: 1, readings: 24, estimated: 0 },
  { name: '867_interval_dst_fall_25h.edi', purpose: 'OK', sets: 1, readings: 25, estimated: 0 },
  { name: '867_interval_dst_spring_23h.edi', purpose: 'OK', sets: 1, readings: 23, estimated: 0 },
  { name: '867_cumulative_estimated_read.edi', purpose: 'SUMMARY', sets: 2, readings: 3, estimated: 2 },
  { name: '867_cumulative_tou.edi', purpose: 'SUMMARY', sets: 10, readings: 14, estimated: 0 },
  { name: '867_history_response.edi', purpose: 'HISTORY', sets: 6, readings: 9, estimated: 0 },
  { name: '867_unmetered.edi', purpose: 'SUMMARY', sets: 1, readings: 1, estimated: 0 },
];

describe.skipIf(!isThere)('X12 samples', () => {
  it.each(good)(
    '$name is good, and every value of it is read',
    ({ name, purpose, sets: count, readings, estimated }) => {
      const bytes = read(`synthetic/${name}`);
      const { isRefused, summary, sets, faults } = scan('x12-867', bytes, 'california');
      expect(isRefused).toBe(false);
      expect(faults.filter(({ code }) => !code.startsWith('C_')).map(({ code }) => code)).toEqual(['W_TEST']);
      expect(summary).toMatchObject({ readingSets: count, readings, estimated });
      expect(sets[0]?.set.purpose).toBe(purpose);
      expect(readByScanner(bytes)).toEqual(readNaively(bytes.toString('latin1')));
      expect(detectFormat(bytes, name)).toMatchObject({ format: 'x12-867' });
    },
  );

  it('a cancellation is good and holds no readings', () => {
    const { isRefused, sets } = scan('x12-867', read('synthetic/867_interval_cancel.edi'), 'california');
    expect({ isRefused, sets }).toEqual({ isRefused: false, sets: [] });
  });

  it.each([
    ['synthetic/bad_interval_count.edi', { E_INTERVALS: 1 }],
    ['synthetic/bad_se_count.edi', { E_COUNT: 1 }],
    ['867_ca_sgip_v006_fragment.edi', { E_ISA_MISSING: 1 }],
    ['867_retail_github_test.edi', { E_ISA_LEN: 1 }],
  ])('%s is refused for what is wrong with it, and only that', (name, errors) => {
    const { sets, faultCounts } = scan('x12-867', read(name), 'california');
    expect(sets).toEqual([]);
    expect(Object.fromEntries(Object.entries(faultCounts).filter(([code]) => code.startsWith('E_')))).toEqual(
      errors,
    );
  });

  it('the Texas file has a sound envelope, and what California does not know is named', () => {
    const { sets, faultCounts } = scan('x12-867', read('867_txset_initial_read_ercot.edi'), 'california');
    expect(sets).toEqual([]);
    expect(faultCounts).toMatchObject({
      E_REQUIRED: 1,
      E_CODE: expect.any(Number),
      E_ORDER: expect.any(Number),
    });
    const ofEnvelope = ['E_ISA_LEN', 'E_COUNT', 'E_CONTROL', 'E_TRAILER', 'E_ENVELOPE', 'E_VERSION', 'E_END'];
    expect(Object.keys(faultCounts).filter((code) => ofEnvelope.includes(code))).toEqual([]);
  });

  it.each([
    ['synthetic/997_accepted.edi', 'x12-997'],
    ['synthetic/997_rejected.edi', 'x12-997'],
  ])('%s is a good acknowledgement', (name, format) => {
    expect(detectFormat(read(name), name)).toMatchObject({ format });
    expect(scan('x12-997', read(name), 'california').isRefused).toBe(false);
  });

  it('fragments and other sets are refused at once, with what is missing', () => {
    const codeOf = (name: string) => {
      const found = detectFormat(read(name), name);
      return 'fault' in found ? found.fault.code : found.format;
    };
    expect(codeOf('997_github_two_sets_one_rejected_fragment.edi')).toBe('E_X12_FRAGMENT');
    expect(codeOf('867_ca_sgip_v006_fragment.edi')).toBe('E_X12_FRAGMENT');
    expect(codeOf('867_retail_github_test.edi')).toBe('x12-867');
  });
});
