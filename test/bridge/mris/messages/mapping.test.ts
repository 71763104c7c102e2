import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadMapping } from '../../../../bridge/mris/messages/mapping.ts';
import { writeMeterData } from '../../../../storage/formats/meter-data-xml/writer.ts';
import { makeTemporaryFolder } from '../../../support/temporary-folder.ts';
import {
  dayStartAt,
  laterAt,
  makeClient,
  mapping,
  startSimulator,
  toDocument,
  toRows,
} from '../mris-setup.ts';

const folder = makeTemporaryFolder();
const shipped = readFileSync(
  new URL('../../../../bridge/mris/messages/default-mapping.yaml', import.meta.url),
  'utf8',
);

function load(text: string) {
  const file = path.join(folder, 'mapping.yaml');
  writeFileSync(file, text);
  return loadMapping(file);
}

/** The shipped file with one thing changed. */
function change(from: string | RegExp, to: string): string {
  const text = shipped.replace(from, to);
  if (text === shipped) throw new Error(`nothing to change: ${from}`);
  return text;
}

describe('loadMapping()', () => {
  test('without a file takes the one that is shipped', async () => {
    expect(await load(shipped)).toEqual(mapping);
  });

  test('takes JSON too', async () => {
    const { parse } = await import('yaml');
    expect(await load(JSON.stringify(parse(shipped)))).toEqual(mapping);
  });

  test.each([
    ['no YAML', 'a: [', /Cannot use mapping file .*mapping\.yaml: /],
    ['nothing', '', /Cannot use mapping file .*: the file: /],
    ['a key too many', change('estimated: EST', 'estimated: EST\n  guessed: G'), /meterData: .*guessed/],
    [
      'a wrong name',
      change('element: MeterData', 'element: Meter Data'),
      /meterData\.document\.element: the name of an element/,
    ],
    [
      'an element without anything',
      change('{ element: unit, field: unit }', '{ element: unit }'),
      /one of field, text and children/,
    ],
    [
      'an element with two things',
      change('{ element: unit, field: unit }', '{ element: unit, field: unit, text: MWH }'),
      /one of field, text and children/,
    ],
    [
      'a field that is missing',
      change(/ +- \{ element: unit, field: unit \}\n/, ''),
      /meterData\.document: unit missing in list "series"/,
    ],
    [
      'a field that there is not',
      change('field: unit', 'field: uom'),
      /there is no field "uom" in list "series"/,
    ],
    [
      'a list that there is not',
      change('each: intervals', 'each: readings'),
      /there is no list "series\.readings"/,
    ],
    [
      'a kind that there is not',
      change('LOAD: { resource: RegisteredLoad', 'LOAD: { resource: Load'),
      /meterData\.measurementTypes\.LOAD\.resource: no element of the document has the kind "Load"/,
    ],
    [
      'a resource of no kind',
      change('resourceKinds: {}', 'resourceKinds: { PUMP: Pump }'),
      /resourceKinds\.PUMP: no element/,
    ],
    ['a unit without a power', change('powerOfTen: -3', 'powerOfTen: x'), /meterData\.units\.0\.powerOfTen/],
    [
      'no interval length',
      change('intervalMinutes: [5, 15, 60]', 'intervalMinutes: []'),
      /measurementTypes\.GEN\.intervalMinutes/,
    ],
    ['a section too few', shipped.slice(0, shipped.indexOf('soapActions:')), /soapActions/],
  ])('refuses %s, naming the place', async (_, text, message) => {
    await expect(load(text)).rejects.toThrow(message);
    await expect(load(text)).rejects.toMatchObject({ code: 'invalid-request' });
  });

  test('names a file that is not there', async () => {
    await expect(loadMapping(path.join(folder, 'none.yaml'))).rejects.toThrow(/none\.yaml: ENOENT/);
  });

  test('another file gives other documents, which client and simulator then both speak', async () => {
    const other = await load(
      change(/MeasurementValue\n/, 'Reading\n')
        .replaceAll('MeterData_v1.xsd#', 'MeterData_v2.xsd#')
        .replace('{ element: value, field: value }', '{ element: quantity, field: value }')
        .replace('{ element: unit, field: unit }', '{ element: uom, field: unit }'),
    );
    const document = Buffer.from([...writeMeterData(toRows(4), other.meterData)].join(''));
    expect(document.toString()).toMatch(
      /MeterData_v2.*<uom>MWH<\/uom><Reading>.*<quantity>0\.250<\/quantity>/,
    );
    const simulator = await startSimulator({ mapping: other });
    const client = await makeClient(simulator.url, { mapping: other });
    await client.submitMeterData(document, laterAt);
    expect(await client.batchStatus('123456789')).toEqual({ kind: 'success', errors: [] });
    const request = { resourceIds: 'ALL', startAt: dayStartAt, endAt: dayStartAt + 86_400_000 } as const;
    expect(await client.retrieveMeterData(request)).toMatchObject({ readings: { length: 4 } });
    await client.submitMeterData(toDocument(toRows(1)), laterAt);
    expect(await client.batchStatus('123456790')).toMatchObject({ kind: 'error' });
  });
});
