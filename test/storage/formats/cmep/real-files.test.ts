import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../../../storage/formats/detect.ts';
import { scan, toBytes } from '../scan.ts';
import { write } from './make-sets.ts';

const folder = new URL('../../../../../shared/data/cmep/', import.meta.url);
const isThere = existsSync(folder);
if (!isThere) console.warn(`Skipped: the real CMEP samples are not here (${folder.pathname})`);

interface Series {
  readonly count: number;
  /** In 10^-9 of the unit, added as whole numbers. */
  readonly sum: bigint;
  readonly first: string;
  readonly last: string;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** A decimal as a whole number of 10^-9, by moving its point in the text. */
function toNano(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(`${whole}${fraction.padEnd(9, '0')}`);
}

function addTo(all: Map<string, Series>, key: string, at: number, value: string): void {
  const { count, sum, first, firstAt } = all.get(key) ?? { count: 0, sum: 0n, first: value, firstAt: at };
  all.set(key, { count: count + 1, sum: sum + toNano(value), first, last: value, firstAt, lastAt: at });
}

/** Reads a file as plainly as can be, by splitting text; knows nothing of the scanner. */
function readNaively(text: string): Map<string, Series> {
  const all = new Map<string, Series>();
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const fields = line.split(',');
    for (let i = 14; i < fields.length; i += 3) {
      const [stamp = '', , value = ''] = fields.slice(i, i + 3);
      const at = stamp.replace(/(....)(..)(..)(..)(..)/, '$1-$2-$3T$4:$5:00Z');
      addTo(all, `${fields[7] || fields[5]} ${fields[10]}`, Date.parse(at), value);
    }
  }
  return all;
}

function readByScanner(bytes: Uint8Array, profile: string): Map<string, Series> {
  const all = new Map<string, Series>();
  for (const { set, readings } of scan('cmep', bytes, profile).sets)
    for (const { endAt, value } of readings) addTo(all, `${set.meter} ${set.unit}`, endAt, value);
  return all;
}

const files = [
  {
    name: 'sensus_rni_registers_2011.dat',
    profile: 'sensus-rni',
    summary: {
      records: 5,
      readingSets: 5,
      meters: 5,
      units: { GALREG: 4, SKWHREG: 1 },
      readings: 125,
      rawShare: 1,
    },
    milder: ['N_LF', 'W_OPEN_END', 'W_REG_PAIR'],
    strictErrors: { E_UNITS: 5, E_FLAG: 125, E_REQUIRED: 5 },
  },
  {
    name: 'smartsynch_kwh_kvarh_15min_2009.dat',
    profile: 'smartsynch',
    summary: {
      records: 6,
      readingSets: 6,
      meters: 1,
      units: { KWHREG: 1, KVARHREG: 1, KWH: 2, KVARH: 2 },
      readings: 194,
      rawShare: 1,
    },
    milder: ['N_LF', 'W_REG_PAIR'],
    strictErrors: { E_FLAG: 194 },
  },
];

describe.skipIf(!isThere)('real CMEP files', () => {
  it.each(files)('$name passes under $profile with every value', ({ name, profile, summary, milder }) => {
    const bytes = readFileSync(new URL(name, folder));
    const result = scan('cmep', bytes, profile);
    expect(result.isRefused).toBe(false);
    expect(Object.keys(result.faultCounts).sort()).toEqual(milder);
    expect(result.summary).toMatchObject(summary);
    const naive = readNaively(bytes.toString('latin1'));
    expect(naive.size).toBeGreaterThan(2);
    expect(readByScanner(bytes, profile)).toEqual(naive);
    expect(detectFormat(bytes, name)).toMatchObject({ format: 'cmep', profile: { profile } });
  });

  it.each(files)('$name means the same after it was written again', ({ name, profile }) => {
    const bytes = readFileSync(new URL(name, folder));
    const { text, losses } = write(scan('cmep', bytes, profile).sets, { profile });
    expect(losses).toEqual({});
    expect(readByScanner(toBytes(text), profile)).toEqual(readNaively(bytes.toString('latin1')));
    expect(readNaively(text.replaceAll('\r', ''))).toEqual(readNaively(bytes.toString('latin1')));
  });

  it.each(files)(
    '$name is refused by strict for what is wrong with it, and only that',
    ({ name, strictErrors }) => {
      const result = scan('cmep', readFileSync(new URL(name, folder)), 'strict');
      expect(result.isRefused).toBe(true);
      expect(result.sets).toEqual([]);
      const errors = Object.entries(result.faultCounts).filter(([code]) => code.startsWith('E_'));
      expect(Object.fromEntries(errors)).toEqual(strictErrors);
    },
  );
});
