import { describe, expect, it } from 'vitest';
import { type CheckCode, checkTable } from '../../../../storage/formats/checks/check-table.ts';
import { maxMeters, maxSeriesRuns } from '../../../../storage/formats/checks/file-checks.ts';
import { maxUnknownReceivers } from '../../../../storage/formats/checks/party-check.ts';
import type { ScanOptions } from '../../../../storage/formats/format.ts';
import { toEquipmentRecord, toRecord, toTouRecord } from '../cmep/records.ts';
import { scanChunks, toBytes } from '../scan.ts';

/** An hourly KWH record of validated values, the first ending at the given hour of 1998-04-01 UTC. */
function toHours(hour: number, values: readonly string[], change: Readonly<Record<number, string>> = {}) {
  const data = values.map((value, index) => `${toStamp(hour + index)},,${value}`).join(',');
  return toRecord({ 14: String(values.length), ...change }, data);
}

function toStamp(hour: number): string {
  const at = new Date(Date.UTC(1998, 3, 1, hour)).toISOString();
  return at.replace(/[-T:]/g, '').slice(0, 12);
}

/** Opening and closing read of a register, at hours of 1998-04-01 UTC. */
function toReads(from: number, open: string, to: number, close: string, change = {}) {
  const data = `${toStamp(from)},,${open},${toStamp(to)},,${close}`;
  return toRecord({ 11: 'KWHREG', 13: '', 14: '2', ...change }, data);
}

interface Case {
  readonly code: CheckCode;
  readonly why: string;
  readonly text: string;
  /** Line of the record that is reported; 0 for the file. */
  readonly line: number;
  readonly message: RegExp;
  readonly options?: Partial<ScanOptions>;
}

const hours = ['1', '2', '3', '4'];
const other = { 8: 'OTHER' };

// biome-ignore format: one row a case
const files: readonly Case[] = [
  { code: 'C_DUPLICATE', why: 'the same record twice', text: toHours(9, hours) + toHours(9, hours), line: 2, message: /4 of the 4 readings of EL123456 KWH stood before, the first of 1998-04-01T09:00Z/ },
  { code: 'C_DUPLICATE', why: 'again after another meter', text: toHours(9, hours) + toHours(9, hours, other) + toHours(12, hours), line: 3, message: /1 of the 4 readings .* the first of 1998-04-01T12:00Z/ },
  { code: 'C_DUPLICATE', why: 'half hours over hours', text: toHours(9, hours) + toRecord({ 13: '00000030', 14: '2' }, '199804011130,,1,199804011200,,1'), line: 2, message: /1 of the 2 readings .* 1998-04-01T12:00Z/ },
  { code: 'C_DUPLICATE', why: 'a period of use twice', text: toTouRecord() + toTouRecord(), line: 2, message: /1 of the 1 readings of EL123456 KWH W:ON-PEAK/ },
  { code: 'C_DUPLICATE', why: 'a register read twice', text: toReads(0, '5', 24, '9') + toReads(0, '5', 24, '9'), line: 2, message: /2 of the 2 readings of EL123456 KWHREG/ },
  { code: 'C_DUPLICATE', why: 'a read between others, twice', text: toReads(0, '1', 24, '2') + toReads(12, '1', 18, '2') + toReads(18, '1', 48, '3'), line: 3, message: /1 of the 2 .* the first of 1998-04-01T18:00Z/ },
  { code: 'C_DUPLICATE', why: 'unmetered, of one account', text: [1, 2, 1].map((n) => toHours(9, hours, { 4: `A${n}`, 8: 'UNMETERED' })).join(''), line: 3, message: /of UNMETERED A1 KWH stood before/ },
  { code: 'C_OVERLAP', why: 'hours that end at half past', text: toHours(9, hours) + toRecord({ 14: '1' }, '199804011130,,1'), line: 2, message: /^1998-04-01T10:30Z to 1998-04-01T11:30Z of EL123456 KWH overlaps/ },
  { code: 'C_OVERLAP', why: 'periods of use that overlap', text: toTouRecord() + toTouRecord({ 14: '199803150800', 15: '199804020800' }), line: 2, message: /overlaps a period/ },
  { code: 'C_GAP', why: 'two hours are missing', text: toHours(9, hours) + toHours(15, hours), line: 2, message: /Nothing covers 1998-04-01T12:00Z to 1998-04-01T14:00Z of EL123456 KWH/ },
  { code: 'C_GAP', why: 'with another meter between', text: toHours(15, hours) + toHours(9, hours, other) + toHours(9, hours), line: 1, message: /12:00Z to 1998-04-01T14:00Z/ },
  { code: 'C_GAP', why: 'a whole hour is missing in a record', text: toRecord({ 14: '2' }, '199804010900,,1,199804011100,,1'), line: 1, message: /09:00Z to 1998-04-01T10:00Z/ },
  { code: 'C_GAP', why: 'a month is missing', text: toTouRecord() + toTouRecord({ 7: '199807010000', 14: '199805010700', 15: '199806010700' }), line: 2, message: /1998-04-01T08:00Z to 1998-05-01T07:00Z/ },
  { code: 'C_SPACING', why: 'an interval less than fits', text: toRecord({ 14: '2' }, '199804010900,,1,199804011100,,1'), line: 1, message: /2 intervals of 60 minutes, ending 1998-04-01T09:00Z to 1998-04-01T11:00Z; there is room for 3/ },
  { code: 'C_SPACING', why: '59 minutes in an hourly record', text: toRecord({ 14: '2' }, '199804010900,,1,199804010959,,1'), line: 1, message: /not evenly spaced/ },
  { code: 'C_REGISTER_SUM', why: 'a wrong multiplier', text: toReads(8, '1000', 12, '1020', { 12: '40' }) + toHours(9, ['200', '200', '200', '245'], { 12: '1' }), line: 1, message: /From 1998-04-01T08:00Z to 1998-04-01T12:00Z the register of EL123456 KWHREG rose by 800, its intervals add up to 845; expected at most 40 between them/ },
  { code: 'C_REGISTER_SUM', why: 'a tolerance exceeded by the smallest digit', text: toReads(8, '1.5', 12, '11.50001') + toHours(9, ['2', '2', '2', '3']), line: 1, message: /rose by 10.00001, its intervals add up to 9; expected at most 1 between/ },
  { code: 'C_REGISTER_SUM', why: 'reads that follow each other', text: toHours(9, hours) + toReads(8, '5', 10, '7') + toReads(10, '7', 12, '10'), line: 2, message: /rose by 5, its intervals add up to 10/ },
  { code: 'C_KVARH_ALONE', why: 'no active energy', text: toHours(9, hours, { 11: 'KVARH' }), line: 1, message: /KVARH without KWH/ },
  { code: 'C_KVARH_ALONE', why: 'active energy of the other direction only', text: toHours(9, hours) + toHours(9, hours, { 11: 'GKVARH' }), line: 2, message: /GKVARH without GKWH/ },
  { code: 'C_KVARH_ALONE', why: 'a register without one', text: toReads(8, '1', 12, '2', { 11: 'KVARHREG' }) + toHours(9, hours, other), line: 1, message: /KVARHREG without KWH/ },
  { code: 'C_FUTURE', why: 'after the record itself', text: toRecord({ 14: '1' }, '199804021000,,1'), line: 1, message: /1998-04-02T10:00Z lies after/ },
  { code: 'C_FUTURE', why: 'after now', text: toRecord({ 7: '203001010000', 14: '1' }, '203001010000,,1'), line: 1, message: /2030-01-01T00:00Z lies after/ },
  { code: 'C_FUTURE', why: 'a period ending after its record', text: toTouRecord({ 15: '199806010800' }), line: 1, message: /1998-06-01/ },
  { code: 'C_ESTIMATED_SHARE', why: 'one reading of four, of the only account', text: toRecord({ 14: '2' }, '199804010900,E,1,,,1'), line: 0, message: /^100 % of the accounts and 50 % of the readings are estimated/ },
  { code: 'C_PARTY_UNKNOWN', why: 'another receiver than the mailbox’s', text: toHours(9, hours), line: 1, message: /987654321 is not one that the file may name: 111111111, 222222222/, options: { receivers: ['111111111', '222222222'] } },
  { code: 'C_PARTY_UNKNOWN', why: 'a record without readings', text: toHours(9, hours) + toEquipmentRecord({ 5: '111111111' }), line: 2, message: /111111111 is not one that the file may name: 987654321/, options: { receivers: ['987654321'] } },
  { code: 'C_PARTIES_MIXED', why: 'a record without readings', text: toEquipmentRecord({ 5: '111111111' }) + toHours(9, hours), line: 2, message: /receivers 111111111 and 987654321; expected one/ },
  { code: 'C_PARTIES_MIXED', why: 'two senders', text: toHours(9, hours) + toHours(9, hours, { 3: '111111111', ...other }), line: 2, message: /senders 123456789 and 111111111; expected one/ },
  { code: 'C_PARTIES_MIXED', why: 'a record without readings of another sender', text: toHours(9, hours) + toEquipmentRecord({ 3: '111111111' }), line: 2, message: /senders 123456789 and 111111111; expected one/ },
  { code: 'C_PARTIES_MIXED', why: 'two receivers', text: toHours(9, hours) + toHours(9, hours, { 5: '111111111', ...other }), line: 2, message: /receivers 987654321 and 111111111; expected one/ },
];

const scanText = (text: string, options: Partial<ScanOptions> = {}) =>
  scanChunks('cmep', [toBytes(text)], { profile: 'strict', ...options });

describe('checks beyond syntax', () => {
  it.each(files)('$code: $why', ({ code, text, line, message, options }) => {
    const { faults, isRefused } = scanText(text, options);
    const fault = faults.find((one) => one.code === code);
    expect(fault, JSON.stringify(faults)).toMatchObject({ line, level: checkTable[code].level });
    expect(fault?.message).toMatch(message);
    const starts = [0, ...[...text.matchAll(/\r\n/g)].map(({ index }) => index + 2)];
    expect(fault?.byteOffset).toBe(starts[Math.max(0, line - 1)]);
    expect(isRefused).toBe(false);
  });

  it.each(files)('$code can be an error or off: $why', ({ code, text, options = {} }) => {
    const asError = scanText(text, { ...options, levels: { [code]: 'error' } });
    expect(asError.isRefused).toBe(true);
    expect(asError.faults.find((one) => one.code === code)?.level).toBe('error');
    const off = scanText(text, { ...options, levels: { [code]: 'off' } });
    expect(Object.keys(off.faultCounts)).not.toContain(code);
  });

  it('hands on no record in which a check found an error', () => {
    const text = toHours(9, hours) + toHours(9, hours) + toHours(13, hours);
    const { sets, summary } = scanText(text, { levels: { C_DUPLICATE: 'error' } });
    expect(sets.map(({ set }) => set.line)).toEqual([1, 3]);
    expect(summary.readingSets).toBe(2);
  });

  it('has a case for every code', () => {
    // account-tally.test.ts has C_ACCOUNT_CAP.
    const covered = new Set<string>([...files.map(({ code }) => code), 'C_CAP', 'C_ACCOUNT_CAP']);
    expect(Object.keys(checkTable).filter((code) => !covered.has(code))).toEqual([]);
  });
});

/** What is right, each for a reason. */
// biome-ignore format: one row a case
const right: readonly { why: string; text: string; options?: Partial<ScanOptions> }[] = [
  { why: 'records out of order leave no gap', text: toHours(13, hours) + toHours(9, hours) + toHours(17, hours) },
  { why: 'neither do series that take turns', text: toHours(9, hours) + toHours(9, hours, other) + toHours(13, hours) + toHours(13, hours, other) },
  { why: 'a hole that a later record fills', text: toRecord({ 14: '2' }, '199804010900,,1,199804011100,,1') + toRecord({ 14: '1' }, '199804011000,,1'), options: { levels: { C_SPACING: 'off' } } },
  { why: 'hours that are off by a minute leave no gap', text: toRecord({ 14: '3' }, '199804010900,,1,199804010959,,1,199804011100,,1') + toHours(12, hours), options: { levels: { C_SPACING: 'off' } } },
  { why: 'quarter hours after hours', text: toHours(9, hours) + toRecord({ 13: '00000015', 14: '1' }, '199804011215,,1') },
  { why: 'another channel, commodity, account or sender is another series', text: toHours(9, hours) + toHours(9, hours, { 3: '2' }) + toHours(9, hours, { 4: 'A1', 8: 'UNMETERED' }) + toHours(9, hours, { 4: 'A2', 8: 'UNMETERED' }), options: { levels: { C_PARTIES_MIXED: 'off' } } },
  { why: 'registers are read now and then', text: toReads(0, '1', 24, '2') + toReads(30, '2', 31, '3'), options: { now: Date.UTC(2026, 0, 1), levels: { C_FUTURE: 'off' } } },
  { why: 'a closing read is the next opening read', text: toReads(0, '1', 10, '2') + toReads(10, '2', 20, '3') },
  { why: 'months follow each other', text: toTouRecord() + toTouRecord({ 7: '199805020000', 14: '199804010800', 15: '199805010700' }) },
  { why: 'within one unit of the multiplier (VEE test vector)', text: toReads(8, '1000', 12, '1020', { 12: '40' }) + toHours(9, ['200', '200', '200', '212']) },
  { why: 'multipliers on both sides', text: toReads(8, '100', 12, '102', { 12: '4E1' }) + toHours(9, ['2', '2', '2', '2'], { 12: '10' }) },
  { why: 'a register that rolled over says nothing', text: toReads(8, '99990', 12, '15') + toHours(9, hours), options: { levels: { W_REG_PAIR: 'off' } } },
  { why: 'a register of another time says nothing', text: toReads(8, '1', 13, '2') + toHours(9, ['100', '100', '100', '100']) },
  { why: 'intervals with a missing value do not add up', text: toReads(8, '1', 12, '50') + toRecord({ 14: '4' }, '199804010900,,1,,N,,,,1,,,1') },
  { why: 'reactive energy beside its active register', text: toHours(9, hours, { 11: 'KVARH' }) + toReads(8, '1', 12, '2') },
  { why: 'few estimates in many readings', text: Array.from({ length: 50 }, (_, index) => toHours(9 + 4 * index, hours)).join('').replace(',,1,', ',E,1,'), options: { levels: { C_FUTURE: 'off' } } },
  { why: 'estimates of one account in ten', text: Array.from({ length: 10 }, (_, index) => toHours(9, hours, { 4: `A${index}`, 8: `M${index}` })).join('').replace(',,1,', ',E,1,') },
  { why: 'a receiver of the mailbox', text: toHours(9, hours), options: { receivers: ['1', '987654321'] } },
  { why: 'equipment whose receiver is a radio', text: toEquipmentRecord({ 3: 'SENSUS', 4: 'SPS:130000', 5: '4711' }), options: { profile: 'sensus-rni', receivers: ['1'] } },
  { why: 'a record that names no receiver', text: toRecord({ 5: '', 14: '1' }, '199804010900,R0,1'), options: { profile: 'sensus-rni', receivers: ['1'] } },
];

describe('checks beyond syntax find nothing where', () => {
  it.each(right)('$why', ({ text, options }) => {
    const { faults, isRefused } = scanText(text, options);
    expect(faults).toEqual([]);
    expect(isRefused).toBe(false);
  });
});

describe('checks beyond syntax, past what they remember', () => {
  it('say so once, and go on while a meter’s records follow each other', () => {
    function* chunks() {
      for (let i = 0; i < maxMeters; i++) yield toBytes(toHours(9, ['1'], { 8: `M${i}` }));
      yield toBytes(toHours(9, hours, { 8: 'LAST' }) + toHours(9, hours, { 8: 'LAST' }));
      yield toBytes(toHours(15, hours, { 8: 'LAST' }) + toHours(9, hours, { 8: 'LATER', 11: 'KVARH' }));
      yield toBytes(toHours(9, ['1'], { 8: 'M7' }) + toHours(9, hours, { 8: 'LAST' }));
    }
    const { faultCounts, isRefused } = scanChunks('cmep', chunks(), {
      profile: 'strict',
      onReadingSet: () => undefined,
    });
    // LAST comes back unseen at the end; M7 is remembered.
    expect(faultCounts).toEqual({ C_CAP: 1, C_DUPLICATE: 2, C_GAP: 1, C_KVARH_ALONE: 1 });
    expect(isRefused).toBe(false);
  });

  it('go on with receivers that are not known, and say that they are no longer remembered', () => {
    const receivers = Array.from({ length: maxUnknownReceivers + 1 }, (_, index) => `R${index}`);
    const last = receivers.at(-1) as string;
    const all = [...receivers, 'R0', last, 'OWN', last];
    const text = all.map((receiver) => toEquipmentRecord({ 5: receiver })).join('');
    const { faultCounts, faults } = scanText(text, { receivers: ['OWN'], maxFaults: 2_000 });
    expect(faultCounts).toEqual({
      C_PARTIES_MIXED: 1,
      C_PARTY_UNKNOWN: maxUnknownReceivers + 3,
      C_CAP: 1,
    });
    expect(faults.find(({ code }) => code === 'C_CAP')).toMatchObject({
      line: maxUnknownReceivers + 1,
      text: last,
    });
  });

  it('leave out the gaps of a series with more holes than they remember', () => {
    const text = Array.from({ length: maxSeriesRuns + 50 }, (_, index) => toHours(9 + 2 * index, ['1'])).join(
      '',
    );
    const { faultCounts } = scanText(text, { levels: { C_FUTURE: 'off' } });
    expect(faultCounts).toEqual({ C_CAP: 1 });
  });
});
