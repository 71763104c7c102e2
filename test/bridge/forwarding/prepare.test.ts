import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Transaction } from '../../../storage/model/transaction.ts';
import { readWhole } from '../../../storage/read-file.ts';
import { toCmepFile } from '../../bench/cmep-data.ts';
import { customer, toMdefRecords } from '../../storage/formats/mdef/build-mdef.ts';
import { cumulative, header, loop, toFile, toSet } from '../../storage/formats/x12/build-x12.ts';
import { createBridgeWorld, type MapInput, toOmarCsvFile } from '../../support/bridge-world.ts';

/** One hour of a meter in CMEP, 2025-11-19 from 08:00 UTC on, in quarter hours. */
function toCmep(meter: string, values: readonly string[], purpose = 'OK', unit = 'KWH'): string {
  const triplets = values.map(
    (value, index) => `20251119${['0815', '0830', '0845', '0900'][index]},${value}`,
  );
  return `MEPMD01,19970819,MDMA,,ESP,,202511200930,${meter},${purpose},E,${unit},1,00000015,${values.length},${triplets.join(',')}\r\n`;
}

/** What a bridge makes of a posting and sends; the texts of the parts, and what was left out. */
async function forward(
  text: string,
  input: { map: readonly MapInput[]; settings?: object; corrects?: string },
) {
  const world = await createBridgeWorld();
  await world.map(input.map);
  const posting = await world.post(Buffer.from(text, 'latin1'));
  if (input.corrects !== undefined) {
    await world.post(Buffer.from(input.corrects, 'latin1'), { corrects: posting.transaction });
  }
  await world.runBridge(input.settings);
  await world.waitUntilAll(({ dueAt }) => dueAt === null);
  const forwardings = (await world.listForwardings()).toReversed();
  const [first] = forwardings;
  const found = await world.store.catalogue.forwardings.findForwarding(first?.id ?? 0);
  const prepared = found?.history.find(({ kind }) => kind === 'prepared')?.body as
    | { left: object }
    | undefined;
  const texts = [];
  for (const { file } of forwardings.flatMap(({ parts }) => parts)) {
    const stored = await world.store.files.open('on-line', file.key);
    const bytes = Buffer.alloc(file.bytes);
    await stored.read(bytes, 0);
    await stored.close();
    texts.push(bytes.toString('latin1'));
  }
  return { world, forwardings, texts, left: prepared?.left };
}

const csvHeader = 'RESOURCE_ID,MEASUREMENT_TYPE,UOM,INTERVAL_MINUTES,INTERVAL_END_GMT,VALUE,QUALITY\r\n';

describe('prepare, CMEP', () => {
  test('takes what is due of the mapped meters, and counts the rest', async () => {
    const text =
      toCmep('M1', [',1.5', 'E,2', 'A,3', 'R,4']) +
      toCmep('M2', [',1', ',2']) +
      toCmep('M1', [',1', ',2', ',3'], 'HISTORY') +
      toCmep('M1', [',5', ',6'], 'OK', 'KVARH');
    const { texts, left, forwardings } = await forward(text, { map: ['M1'] });
    expect(texts).toEqual([
      `${csvHeader}R_M1,LOAD,KWH,15,2025-11-19T08:15:00Z,1.500,\r\n` +
        'R_M1,LOAD,KWH,15,2025-11-19T08:30:00Z,2.000,E\r\n' +
        'R_M1,LOAD,KWH,15,2025-11-19T08:45:00Z,3.000,\r\n',
    ]);
    expect(left).toEqual({ unmapped: 4, raw: 1, flagsDropped: 1 });
    expect(forwardings).toMatchObject([
      { state: 'accepted', unmapped: 4, parts: [{ records: 3, extension: 'csv' }] },
    ]);
  });

  test('takes an 867 the same way, through its own reader', async () => {
    const segments = [...header, ...loop, ...cumulative].map((one) => one.replace('*C1*', '*DR*'));
    const text = toFile({ sets: [toSet(segments)] })
      .replaceAll('20000104', '20251119')
      .replaceAll('19991203', '20251018');
    const { texts, left, forwardings } = await forward(text, { map: ['MTR1'] });
    expect(texts.map((each) => each.replace(csvHeader, ''))).toEqual([
      'R_MTR1,LOAD,KWH,60,2025-11-19T09:00:00Z,10.000,\r\n' +
        'R_MTR1,LOAD,KWH,60,2025-11-19T10:00:00Z,9.500,\r\n' +
        'R_MTR1,LOAD,KWH,60,2025-11-19T11:00:00Z,12.250,E\r\n' +
        'R_MTR1,LOAD,KWH,60,2025-11-19T12:00:00Z,11.000,\r\n',
    ]);
    expect(left).toEqual({ unmapped: 9 });
    expect(forwardings).toMatchObject([{ state: 'accepted' }]);
  });

  test('a posting gives the same parts whether or not it was corrected before it was sent', async () => {
    const text = toCmep('M1', [',1']) + toCmep('M2', [',2']);
    const corrects = toCmep('M1', [',9']);
    const { texts, left, forwardings } = await forward(text, { map: ['M1', 'M2'], corrects });
    expect(texts.map((each) => each.replace(csvHeader, ''))).toEqual([
      'R_M1,LOAD,KWH,15,2025-11-19T08:15:00Z,1.000,\r\nR_M2,LOAD,KWH,15,2025-11-19T08:15:00Z,2.000,\r\n',
      'R_M1,LOAD,KWH,15,2025-11-19T08:15:00Z,9.000,\r\n',
    ]);
    expect(left).toEqual({});
    expect(forwardings.map(({ state }) => state)).toEqual(['accepted', 'accepted']);
  });

  test('the same posting gives the same parts, below the limit, a day of a resource in one', async () => {
    const text = Buffer.from(toCmepFile(15_000, 1)).toString('latin1');
    const map = ['MTR000000001', 'MTR000000002', 'MTR000000003', 'MTR000000004', 'MTR000000005'];
    const runs = [];
    for (let run = 0; run < 2; run += 1)
      runs.push(await forward(text, { map, settings: { maxPartBytes: 15_000 } }));
    const [one, two] = runs;
    expect(one?.texts).toHaveLength(3);
    expect(one?.texts).toEqual(two?.texts);
    expect(one?.forwardings[0]?.parts.map(({ file }) => file.bytes < 15_000)).toEqual([true, true, true]);
  });

  test('what is due but cannot be converted is for a person, not empty', async () => {
    const { forwardings } = await forward(toCmep('M1', [',-1', ',-2']), { map: ['M1'] });
    const reason = 'nothing that is due in it can be converted: 2 negative';
    expect(forwardings).toMatchObject([{ state: 'person', reason, parts: [] }]);
  });

  test('what a correction replaced wholly, as far as it is mapped, is not sent', async () => {
    const text = toCmep('M1', [',1']) + toCmep('M2', [',2']);
    const { forwardings } = await forward(text, { map: ['M1'], corrects: toCmep('M1', [',9']) });
    expect(forwardings).toMatchObject([
      { state: 'superseded', dueAt: null, parts: [] },
      { state: 'accepted' },
    ]);
  });

  test('nothing left to send ends as empty, not as accepted', async () => {
    // Mapped on the day of its first interval, which has no value, and not on the next.
    const text = toCmep('M1', ['N,', ',1']).replace('202511190830', '202511200830');
    const map = [{ meter: 'M1', effectiveTo: '2025-11-20' }];
    const { forwardings, left } = await forward(text, { map });
    expect(forwardings).toMatchObject([{ state: 'empty', dueAt: null, parts: [] }]);
    expect(left).toEqual({ unmapped: 1, missing: 1 });
  });

  test('an interval twice is stopped before anything is sent', async () => {
    const text = toCmep('M1', [',1']) + toCmep('M1', [',2'], 'SUMMARY');
    const { forwardings, world } = await forward(text, { map: ['M1'] });
    expect(forwardings).toMatchObject([
      { state: 'person', reason: expect.stringContaining('would be refused') },
    ]);
    expect(world.simulator.holdings()).toEqual([]);
  });

  test('where one part cannot be made, those before it are not kept', async () => {
    const day = toCmepFile(3_000, 1).toString('latin1');
    const twice = toCmep('Z2', [',1']) + toCmep('Z2', [',2'], 'SUMMARY');
    const { forwardings, world } = await forward(day + twice, {
      map: ['MTR000000001', 'Z2'],
      settings: { maxPartBytes: 5_500 },
    });
    expect(forwardings).toMatchObject([
      { state: 'person', reason: expect.stringContaining('would be refused') },
    ]);
    // The posted file alone.
    expect(await Array.fromAsync(world.store.files.list('on-line'))).toHaveLength(1);
  });

  test('a day that no part can hold is for a person', async () => {
    const text = Buffer.from(toCmepFile(3_000, 1)).toString('latin1');
    const { forwardings } = await forward(text, { map: ['MTR000000001'], settings: { maxPartBytes: 1_000 } });
    expect(forwardings).toMatchObject([
      {
        state: 'person',
        reason: expect.stringMatching(/R_MTR000000001 on 2025-11-19: \d+ bytes of one day/),
      },
    ]);
  });
});

describe('prepare, a correction of a few intervals', () => {
  const rowsOf = (text: string | undefined) => (text ?? '').replace(csvHeader, '').trimEnd().split('\r\n');

  /** Posts each in turn, the later ones as corrections of the one before, and gives the last one's rows. */
  async function correct(texts: readonly string[], map: readonly MapInput[] = ['M1']) {
    const world = await createBridgeWorld();
    await world.map(map);
    let corrects: Transaction | undefined;
    for (const text of texts) {
      const input = corrects === undefined ? {} : { corrects };
      corrects = (await world.post(Buffer.from(text, 'latin1'), input)).transaction;
    }
    await world.runBridge();
    await world.waitUntilAll(({ dueAt }) => dueAt === null);
    const forwarding = (await world.listForwardings()).find(({ transaction }) => transaction === corrects);
    const [part] = forwarding?.parts ?? [];
    if (part === undefined) return { world, forwarding, rows: [] };
    const bytes = await readWhole(world.store.files, part.file);
    return { world, forwarding, rows: rowsOf(Buffer.from(bytes).toString('latin1')) };
  }

  test('brings the complete day, interval by interval the newest', async () => {
    const { rows, world } = await correct([
      toCmep('M1', [',1', ',2', 'E,3', ',4']) + toCmep('M2', [',7']),
      toCmep('M1', [',1', ',20', 'R,33', ',4'].slice(0, 3)),
      toCmep('M1', [',10']),
    ]);
    expect(rows).toEqual([
      'R_M1,LOAD,KWH,15,2025-11-19T08:15:00Z,10.000,',
      'R_M1,LOAD,KWH,15,2025-11-19T08:30:00Z,20.000,',
      'R_M1,LOAD,KWH,15,2025-11-19T08:45:00Z,3.000,E',
      'R_M1,LOAD,KWH,15,2025-11-19T09:00:00Z,4.000,',
    ]);
    await world.expectOnceEach();
  });

  test('takes only the days and meters that it touches', async () => {
    const other = toCmep('M1', [',8', ',9']).replaceAll('20251119', '20251118');
    const { rows } = await correct(
      [toCmep('M1', [',1', ',2']) + other + toCmep('M2', [',7']), toCmep('M1', [',10'])],
      ['M1', 'M2'],
    );
    expect(rows).toEqual([
      'R_M1,LOAD,KWH,15,2025-11-19T08:15:00Z,10.000,',
      'R_M1,LOAD,KWH,15,2025-11-19T08:30:00Z,2.000,',
    ]);
  });

  test('gives a day that another posting holds half, also where that one is no part of the correction', async () => {
    const world = await createBridgeWorld();
    await world.map(['M1']);
    const late = toCmep('M1', [',5', ',6'])
      .replaceAll('202511190815', '202511191015')
      .replaceAll('202511190830', '202511191030');
    await world.post(Buffer.from(late));
    const { transaction } = await world.post(Buffer.from(toCmep('M1', [',1', ',2'])));
    await world.post(Buffer.from(toCmep('M1', [',10'])), { corrects: transaction });
    await world.runBridge();
    await world.waitUntilAll(({ state }) => state === 'accepted');
    const [latest] = await world.listForwardings();
    expect(latest?.parts[0]?.records).toBe(4);
  });

  test('is the same whenever it is made, also when it was corrected meanwhile', async () => {
    const later = toCmep('M1', [',20']).replace('202511190815', '202511190830');
    const texts = [toCmep('M1', [',1', ',2', ',3']), toCmep('M1', [',10']), later];
    const { world } = await correct(texts);
    const made = (await world.listForwardings()).map(({ parts }) => parts[0]?.file.sha256);
    const again = await correct(texts.slice(0, 2));
    expect((await again.world.listForwardings()).map(({ parts }) => parts[0]?.file.sha256)).toEqual(
      made.slice(1),
    );
  });

  test('finds its days in a large file, also across the pieces that it is read in', async () => {
    const names = Array.from({ length: 30 }, (_, at) => `MTR0000000${at + 70}`);
    const original = toCmepFile(600_000, 1).toString('latin1');
    const record = (meter: string) =>
      `MEPMD01,19970819,MDMA,,ESP,,202511210930,${meter},OK,E,KWH,1,00000015,1,202511190815,,7\r\n`;
    const { rows, forwarding } = await correct([original, names.map(record).join('')], names);
    expect(forwarding?.parts).toHaveLength(1);
    expect(rows).toHaveLength(30 * 96);
    expect(rows.filter((row) => row.endsWith('2025-11-19T08:15:00Z,7.000,'))).toHaveLength(30);
    const records = original.split('\r\n').filter((line) => names.some((name) => line.includes(name)));
    const values = records.flatMap((line) => line.split(',').slice(14)).filter((_, at) => at % 3 === 2);
    const sum = (texts: readonly string[]) => texts.reduce((total, text) => total + Number(text), 0);
    const firsts = records.filter((_, at) => at % 2 === 0).map((line) => line.split(',')[16] ?? '');
    expect(sum(rows.map((row) => row.split(',')[5] ?? ''))).toBeCloseTo(
      sum(values) - sum(firsts) + 7 * 30,
      3,
    );
  });

  test('is for a person where a reading of it cannot be carried: what it replaces would go again in its place', async () => {
    const { forwarding } = await correct([toCmep('M1', [',1', ',2', ',3']), toCmep('M1', [',10', ',-20'])]);
    expect(forwarding).toMatchObject({
      state: 'person',
      reason: expect.stringMatching(/^1 readings \(negative\) of the correction cannot be carried/),
    });
  });

  test('over intervals of another length leaves no energy counted twice', async () => {
    const hour = toCmep('M1', [',4']).replace('00000015', '00000100').replace('202511190815', '202511190900');
    const whole = await correct([hour, toCmep('M1', [',1', ',1', ',1', ',2'])]);
    expect(whole.rows).toHaveLength(4);
    const partly = await correct([hour, toCmep('M1', [',1'])]);
    expect(partly.forwarding).toMatchObject({
      state: 'person',
      reason: expect.stringMatching(
        /^transaction 1, meter M1: the correction covers a part of the 60 minutes that end at 2025-11-19T09:00/,
      ),
    });
  });

  test('is stopped where the earlier file is not what was posted', async () => {
    const world = await createBridgeWorld();
    await world.map(['M1']);
    const { transaction } = await world.post(Buffer.from(toCmep('M1', [',1', ',2'])));
    await world.post(Buffer.from(toCmep('M1', [',10'])), { corrects: transaction });
    const stop = await world.runBridge({ pollSeconds: 60 });
    await stop();
    const { key } = await world.store.catalogue.postings.getSource(transaction);
    const place = path.join(world.storage.filesFolder, key);
    writeFileSync(place, readFileSync(place, 'latin1').replace(',2\r', ',3\r'), 'latin1');
    await world.runBridge();
    await world.waitUntilAll(
      ({ state, reason }) => state === 'accepted' || reason.includes('Cannot read file'),
    );
  });
});

describe('prepare, by the mapping', () => {
  test('carries unit and direction: MWh, and net energy the other way round', async () => {
    const map: MapInput[] = [
      { meter: 'M1', isoUnit: 'MWH' },
      { meter: 'M2', direction: 'received', measurementType: 'GEN' },
    ];
    const text = toCmep('M1', [',1500', ',2']) + toCmep('M2', [',-4', ',5']);
    const { texts, left } = await forward(text, { map });
    expect(texts.map((each) => each.replace(csvHeader, ''))).toEqual([
      'R_M1,LOAD,MWH,15,2025-11-19T08:15:00Z,1.500,\r\n' +
        'R_M1,LOAD,MWH,15,2025-11-19T08:30:00Z,0.002,\r\n' +
        'R_M2,GEN,KWH,15,2025-11-19T08:15:00Z,4.000,\r\n',
    ]);
    expect(left).toEqual({ negative: 1 });
  });

  test('stops what names a resource that the account does not hold, with its meter and line', async () => {
    const world = await createBridgeWorld([], { over: { resources: ['R_M1', 'SITE_*'] } });
    await world.map(['M1', 'M2']);
    await world.post(Buffer.from(toCmep('M1', [',1']) + toCmep('M2', [',2'])));
    await world.runBridge();
    await world.waitUntilAll(({ dueAt }) => dueAt === null);
    expect(await world.listForwardings()).toMatchObject([
      {
        state: 'person',
        reason: 'account sc-one does not hold resource R_M2, which meter M2 in line 2 is mapped to',
        parts: [],
      },
    ]);
    expect(world.simulator.holdings()).toEqual([]);
  });

  test('what a layout fixes otherwise is for a person, with its meter and line: it is not sent as something else', async () => {
    const csvLayout = {
      name: 'of-the-iso',
      columns: ['INTERVAL_END_GMT', 'RESOURCE_ID', 'VALUE'],
      fixed: { MEASUREMENT_TYPE: 'LOAD', UOM: 'KWH', INTERVAL_MINUTES: '15' },
    };
    const map = ['M1', { meter: 'M2', measurementType: 'GEN' }];
    const settings = { csvLayout };
    const { texts } = await forward(toCmep('M1', [',1']), { map, settings });
    expect(texts).toEqual(['INTERVAL_END_GMT,RESOURCE_ID,VALUE\r\n2025-11-19T08:15:00Z,R_M1,1.000\r\n']);
    // It has no place for the flag: that is told, with what else was left.
    const flagged = await forward(toCmep('M1', ['E,1', ',2', 'E,3']), { map, settings });
    expect(flagged.left).toEqual({ flagsDropped: 2 });
    const both = toCmep('M1', [',1']) + toCmep('M2', [',2']);
    const { world, forwardings } = await forward(both, { map, settings });
    expect(forwardings).toMatchObject([
      {
        state: 'person',
        reason:
          'meter M2, unit KWH, line 2: MEASUREMENT_TYPE of resource R_M2 is "GEN", in layout of-the-iso always "LOAD"',
        parts: [],
      },
    ]);
    expect(world.simulator.holdings()).toEqual([]);
  });

  test('a backfill brings what was mapped later, under names that follow', async () => {
    const world = await createBridgeWorld();
    await world.map(['M1']);
    const { transaction } = await world.post(Buffer.from(toCmep('M1', [',1']) + toCmep('M2', [',2'])));
    await world.runBridge();
    await world.waitUntilAll(({ state }) => state === 'accepted');
    await world.map(['M2']);
    await world.store.catalogue.resources.backfill(transaction, { by: 'anna', reason: 'mapped now' });
    await world.waitUntilAll(({ state }) => state === 'accepted');
    const [second, first] = await world.listForwardings();
    expect(second).toMatchObject({ backfill: 1, unmapped: 0, parts: [{ number: 2, records: 1 }] });
    expect(first).toMatchObject({ backfill: 0, unmapped: 1, parts: [{ number: 1, records: 1 }] });
    await world.expectOnceEach();
  });
});

describe('prepare, pass-through', () => {
  test('what is too large is refused, not split', async () => {
    const world = await createBridgeWorld();
    const rows = Array.from(
      { length: 40 },
      (_, index) =>
        `R_1,LOAD,KWH,60,2025-11-${10 + (index % 10)}T${10 + Math.floor(index / 10)}:00:00Z,1.000,\r\n`,
    );
    await world.post(Buffer.from(csvHeader + rows.join('')), { passThrough: true });
    await world.runBridge({ maxPartBytes: 1_000 });
    await world.waitUntilAll(({ state }) => state === 'person');
    const [forwarding] = await world.listForwardings();
    expect(forwarding?.reason).toMatch(/too large to pass through: \d+ bytes, the ISO takes 1000/);
    expect(world.simulator.holdings()).toEqual([]);
  });

  test('CSV in another layout than the ISO takes is a person’s, and MDEF is not concerned', async () => {
    const world = await createBridgeWorld();
    await world.post(toOmarCsvFile(1), { passThrough: true });
    await world.post(Buffer.concat(toMdefRecords([{ values: [1, 2, 3, 4] }])), { passThrough: true });
    const columns = ['RESOURCE_ID', 'INTERVAL_END_GMT', 'VALUE'];
    const fixed = { MEASUREMENT_TYPE: 'LOAD', UOM: 'KWH', INTERVAL_MINUTES: '60' };
    await world.runBridge({ csvLayout: { name: 'of-the-iso', columns, fixed } });
    await world.waitUntilAll(({ dueAt }) => dueAt === null);
    expect(await world.listForwardings()).toMatchObject([
      { state: 'accepted' },
      {
        state: 'person',
        reason: expect.stringMatching(
          /^OMAR CSV in layout gmt, the ISO takes of-the-iso \(bridge\.csvLayout\); post/,
        ),
        parts: [],
      },
    ]);
    await world.expectOnceEach();
  });

  test('what names a resource that the account does not hold is a person’s, with its line', async () => {
    const world = await createBridgeWorld([], { over: { resources: ['R_1', 'SITE_*'] } });
    const [, row = ''] = Buffer.from(toOmarCsvFile(2)).toString('latin1').split('\r\n');
    await world.post(toOmarCsvFile(1), { passThrough: true });
    await world.post(Buffer.from(`${Buffer.from(toOmarCsvFile(1)).toString('latin1')}${row}\r\n`), {
      passThrough: true,
    });
    await world.post(Buffer.concat(toMdefRecords([{ values: [1, 2, 3, 4] }])), { passThrough: true });
    await world.runBridge();
    await world.waitUntilAll(({ dueAt }) => dueAt === null);
    expect(await world.listForwardings()).toMatchObject([
      {
        state: 'person',
        reason: `account sc-one does not hold resource ${customer}, which line 2 names`,
        parts: [],
      },
      {
        state: 'person',
        reason: 'account sc-one does not hold resource R_2, which line 3 names',
        parts: [],
      },
      { state: 'accepted' },
    ]);
    expect(world.simulator.holdings()).toHaveLength(1);
    await world.expectOnceEach();
  });

  test('bytes that are not those that were posted are never sent; staff see why', async () => {
    const world = await createBridgeWorld();
    const posting = await world.post(toOmarCsvFile(1), { passThrough: true });
    const { key } = await world.store.catalogue.postings.getSource(posting.transaction);
    const place = path.join(world.storage.filesFolder, key);
    const bytes = readFileSync(place);
    writeFileSync(place, Buffer.from(bytes.toString('latin1').replace('0.001', '0.002'), 'latin1'));
    const stopBridge = await world.runBridge();
    await world.waitUntilAll(({ reason }) => reason.startsWith('the step failed: Cannot read file'));
    expect(world.simulator.holdings()).toEqual([]);
    writeFileSync(place, bytes);
    await world.waitUntilAll(({ state }) => state === 'accepted');
    await stopBridge();
    await world.expectOnceEach();
  });
});
