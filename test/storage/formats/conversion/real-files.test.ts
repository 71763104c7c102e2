import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scan } from '../scan.ts';
import { writeAndRead } from './convert.ts';
import { expectKept, type Way } from './expect-kept.ts';

const folder = new URL('../../../../../shared/data/cmep/', import.meta.url);
const isThere = existsSync(folder);
if (!isThere)
  console.warn(`Skipped: conversions of the real CMEP samples, which are not here (${folder.pathname})`);

/** The samples are raw, which neither 867 nor MDEF nor OMAR CSV carries: as they are, and as if they were validated. */
const files = [
  { name: 'sensus_rni_registers_2011.dat', profile: 'sensus-rni' },
  { name: 'smartsynch_kwh_kvarh_15min_2009.dat', profile: 'smartsynch' },
];
const ways: readonly Way[] = [
  { format: 'x12-867', profile: 'california' },
  { format: 'mdef', profile: 'pacific-standard' },
  { format: 'omar-csv', profile: 'gmt' },
  { format: 'cmep', profile: 'strict' },
];
const cases = files.flatMap((file) => ways.map((by) => ({ ...file, by, to: by.format })));

describe.skipIf(!isThere)('real CMEP files', () => {
  it.each(cases)('$name to $to and back keeps all or counts what is lost', ({ name, profile, by }) => {
    const bytes = readFileSync(new URL(name, folder));
    const home: Way = { format: 'cmep', profile };
    expectKept(scan('cmep', bytes, profile).sets, by, home);
  });

  it.each(ways)('quarter-hours, said to be validated, all come back from $format', (by) => {
    const [, smartsynch] = files;
    const text = readFileSync(new URL(smartsynch?.name ?? '', folder), 'latin1').replaceAll(
      ',R 00 00,',
      ',,',
    );
    const { sets } = scan('cmep', Buffer.from(text, 'latin1'), 'smartsynch');
    const intervals = sets.filter(({ set }) => set.measure === 'interval');
    expect(expectKept(intervals, by, { format: 'cmep', profile: 'smartsynch' })).toBe(192);
  });
});

const tou = new URL('../../../../../shared/data/x12/synthetic/867_cumulative_tou.edi', import.meta.url);
if (!existsSync(tou))
  console.warn(`Skipped: conversion of an 867 with times of use, which is not here (${tou.pathname})`);

describe.skipIf(!existsSync(tou))('an 867 with a register for each time of use', () => {
  it('gives CMEP the reads of the total, 8000 and 8080', () => {
    const { sets } = scan('x12-867', readFileSync(tou), 'california');
    const written = writeAndRead(sets, 'cmep', 'strict');
    const registers = written.sets.filter(({ set }) => set.measure === 'register');
    expect(registers.map(({ readings }) => readings.map(({ value }) => value))).toEqual([['8000', '8080']]);
    expect(written.result.losses.identity).toBe(6);
  });
});
