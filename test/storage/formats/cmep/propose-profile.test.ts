import { describe, expect, it } from 'vitest';
import { proposeProfile } from '../../../../storage/formats/cmep/propose-profile.ts';
import { detectFormat, headBytes } from '../../../../storage/formats/detect.ts';
import { toBytes } from '../scan.ts';
import { headings, toRecord, toTabbed } from './records.ts';

const data = (text: string, change: Readonly<Record<number, string>> = {}) =>
  toRecord({ ...change, 14: '1' }, text);
const long = Array.from(
  { length: 288 },
  (_, i) => `2014070601${String(i % 60).padStart(2, '0')},A,${i}`,
).join(',');

// biome-ignore format: one row a case
const heads: readonly { why: string; text: string; profile?: string; says?: RegExp }[] = [
  { why: 'the protocol as written', text: toRecord(), profile: 'strict', says: /its first record is without fault under strict/ },
  { why: 'several records', text: toRecord() + toRecord({ 8: 'M2' }), profile: 'strict', says: /its first 2 records are/ },
  { why: 'a flag with a mask', text: data('199804010900,R0,1'), profile: 'sensus-rni', says: /strict finds E_FLAG in line 1/ },
  { why: 'a flag with two bytes', text: data('199804010900,R 00 00,1'), profile: 'smartsynch', says: /strict finds E_FLAG/ },
  { why: 'the sender, though strict would take it for an adjustment', text: data('199804010900,A,1', { 3: 'DCSI' }), profile: 'nisc-dcsi', says: /its sender is DCSI/ },
  { why: 'the sender Yukon', text: data('199804010900,R 00 00,1', { 3: 'CANNON', 5: '' }), profile: 'yukon', says: /sender is CANNON/ },
  { why: 'marks between triplets', text: data('199804010900,,1#', { 3: 'Schneider Electric' }), profile: 'schneider' },
  { why: 'a purpose in mixed case', text: data('199804010900,,1', { 9: 'History' }), profile: 'sce-1998', says: /E_PURPOSE/ },
  { why: 'an hour that comes twice', text: toRecord({ 7: '200612010000', 14: '2' }, '200610290100,R0,1,200610290100,R0,2'), profile: 'local-time', says: /strict finds E_FLAG/ },
  { why: 'a record that is longer than the head', text: toRecord({ 3: 'DCSI', 14: '288' }, long), profile: 'nisc-dcsi', says: /288 triplets; strict allows 48/ },
  { why: 'tabs and headings', text: headings + toTabbed(data('199804010900,,1')), profile: 'strict:tab', says: /^its first record is without fault under strict:tab, while strict finds E_/ },
  { why: 'tabs', text: toTabbed(data('199804010900,,1')), profile: 'strict:tab', says: /strict finds E_ASCII/ },
  { why: 'a sender that does not keep to its dialect', text: data('199804010900,X,1', { 3: 'SENSUS' }) },
  { why: 'nothing that fits', text: data('199804010900,X,1') },
  { why: 'a record cut by the end of the file', text: toRecord().trimEnd() },
];

describe('proposeProfile', () => {
  it.each(heads)('goes by $why', ({ text, profile, says = /./ }) => {
    const found = proposeProfile(toBytes(text).subarray(0, headBytes));
    expect(found?.profile).toBe(profile);
    if (profile !== undefined) expect(found?.why).toMatch(says);
    expect(detectFormat(toBytes(text))).toMatchObject({ format: 'cmep', profile: found });
  });
});
