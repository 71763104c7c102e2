import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { toCmepFile } from '../../bench/cmep-data.ts';
import { cumulative, header, loop, toFile, toSet } from '../../storage/formats/x12/build-x12.ts';
import { createBridgeWorld, toOmarCsvFile } from '../../support/bridge-world.ts';

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
  input: { map: readonly string[]; settings?: object; end?: string; corrects?: string },
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

  test('leaves out what a correction has replaced before it was sent', async () => {
    const text = toCmep('M1', [',1']) + toCmep('M2', [',2']);
    const corrects = toCmep('M1', [',9']);
    const { texts, left, forwardings } = await forward(text, { map: ['M1', 'M2'], corrects });
    expect(texts.map((each) => each.replace(csvHeader, ''))).toEqual([
      'R_M2,LOAD,KWH,15,2025-11-19T08:15:00Z,2.000,\r\n',
      'R_M1,LOAD,KWH,15,2025-11-19T08:15:00Z,9.000,\r\n',
    ]);
    expect(left).toEqual({ superseded: 1 });
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

  test('nothing left to send ends as empty, not as accepted', async () => {
    const text = toCmep('M1', [',1']) + toCmep('M2', [',2']);
    const { forwardings } = await forward(text, { map: ['M1'], corrects: toCmep('M1', [',9']) });
    expect(forwardings).toMatchObject([{ state: 'empty', dueAt: null, parts: [] }, { state: 'accepted' }]);
  });

  test('an interval twice is stopped before anything is sent', async () => {
    const text = toCmep('M1', [',1']) + toCmep('M1', [',2'], 'SUMMARY');
    const { forwardings, world } = await forward(text, { map: ['M1'] });
    expect(forwardings).toMatchObject([
      { state: 'person', reason: expect.stringContaining('would be refused') },
    ]);
    expect(world.simulator.holdings()).toEqual([]);
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
