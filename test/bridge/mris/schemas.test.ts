import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createBatchStatusReader, toBatchStatusRequest } from '../../../bridge/mris/messages/batch-status.ts';
import { toRequestMeterData } from '../../../bridge/mris/messages/request-meter-data.ts';
import { toStandardOutput } from '../../../bridge/mris/messages/standard-output.ts';
import { toReadRequest, toSubmitRequest } from '../../../bridge/mris/services.ts';
import { toSigningIdentity } from '../../../bridge/mris/soap/identity.ts';
import { toOutput } from '../../../bridge/simulator/mris/answers.ts';
import type { HeldBatch } from '../../../bridge/simulator/mris/ledger.ts';
import { toStatusDocument } from '../../../bridge/simulator/mris/status-document.ts';
import { validationTexts } from '../../../bridge/simulator/validation-texts.ts';
import type { MeterReading } from '../../../storage/formats/meter-data-xml/meter-data-format.ts';
import { createMeterDataReader } from '../../../storage/formats/meter-data-xml/reader.ts';
import { writeReadings } from '../../../storage/formats/meter-data-xml/writer.ts';
import { createXmlReader } from '../../../storage/formats/xml/xml-reader.ts';
import { parseXmlTree } from '../../../storage/formats/xml/xml-tree.ts';
import { dayMs, minuteMs } from '../../../storage/model/time.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';
import { dayStartAt, mapping, toDocument, toPem, toRows, user } from './mris-setup.ts';

const samples = new URL('../../../../shared/data/iso/', import.meta.url).pathname;
const hasSamples = existsSync(samples);
const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;
if (!hasSamples)
  console.warn(`Skipped: the schemas and samples of the ISO's messages are not here (${samples})`);
if (!hasXmllint)
  console.warn('Skipped: xmllint is not installed, so nothing is validated against the schemas');

const folder = makeTemporaryFolder();

function expectValid(xml: string, schema: string): void {
  const file = path.join(folder, 'document.xml');
  writeFileSync(file, xml);
  const { status, stderr } = spawnSync(
    'xmllint',
    ['--noout', '--nonet', '--schema', path.join(samples, schema), file],
    { encoding: 'utf8' },
  );
  expect({ stderr, status }).toEqual({ stderr: `${file} validates\n`, status: 0 });
}

const settings = {
  basePath: '',
  attachments: 'plain',
  soapActions: mapping.soapActions,
  identity: toSigningIdentity(toPem(user)),
  hash: 'sha1',
  now: dayStartAt,
  newId: () => crypto.randomUUID(),
} as const;

/** An element as it stands in a message, with the namespaces of what is around it. */
function cut(xml: string, element: string): string {
  const found = new RegExp(`<((?:\\w+:)?)${element}\\b.*?</\\1${element}>`, 's').exec(xml)?.[0];
  if (found === undefined) throw new Error(`no ${element}`);
  return found.replace(/ wsu:Id=/, ' xmlns:wsu="urn:wsu" wsu:Id=');
}

describe.skipIf(!hasSamples || !hasXmllint)('what is written is valid', () => {
  const request = { resourceIds: ['A', 'B'], startAt: dayStartAt, endAt: dayStartAt + dayMs };

  test('MeterData: several resources of every kind', () => {
    const rows = [
      ...toRows(96),
      ...toRows(4, { resourceId: 'LOAD_1', measurementType: 'LOAD' }),
      ...toRows(1, {
        resourceId: 'TIE_1',
        measurementType: 'INTERTIE',
        intervalMinutes: 60,
        endAt: dayStartAt + 60 * minuteMs,
      }),
    ];
    expectValid(toDocument(rows).toString(), 'proposed/MeterData_v1.proposed.xsd');
  });

  test('MeterData as it is held: with SC id, quality and update', () => {
    const held = toRows(4).map((row) => ({
      ...row,
      resourceKind: 'RegisteredGenerator',
      scId: 'SC1',
      updatedAt: dayStartAt,
    }));
    const xml = [...writeReadings(held, mapping.meterData)].join('');
    expectValid(xml, 'proposed/MeterData_v1.proposed.xsd');
  });

  test('RequestMeterData with everything, and with ALL', () => {
    const all = { measurementType: 'GEN', scId: 'SC1', intervalMinutes: 15, updatedSinceAt: dayStartAt };
    for (const one of [
      { ...request, ...all },
      { ...request, resourceIds: 'ALL' as const },
    ]) {
      expectValid(toRequestMeterData(one, mapping), 'proposed/RequestMeterData_v1.proposed.xsd');
    }
  });

  test('BatchValidationStatus as the request', () => {
    expectValid(toBatchStatusRequest('123', mapping), 'reconstructed/BatchValidationStatus_v1.xsd');
  });

  test('the headers, and the attachment in a body', async () => {
    const plain = String((await toSubmitRequest(toDocument(toRows(1)), settings)).body);
    expectValid(cut(plain, 'CAISOWSHeader'), 'reconstructed/CAISOWSHeader.xsd');
    expectValid(cut(plain, 'attachmentHash'), 'reconstructed/attachmenthash.xsd');
    expectValid(cut(plain, 'standardAttachmentInfor'), 'reconstructed/StandardAttachmentInfor.xsd');
    const inside = await toSubmitRequest(toDocument(toRows(1)), { ...settings, attachments: 'doc-attach' });
    expectValid(cut(String(inside.body), 'ISOAttachment'), 'reconstructed/ISOAttachment.xsd');
    const read = String(toReadRequest('status', '<a/>', settings).body);
    expectValid(cut(read, 'CAISOWSHeader'), 'reconstructed/CAISOWSHeader.xsd');
  });

  test('the simulator’s own documents', () => {
    const words = Object.values(validationTexts).join(' & ');
    for (const output of [{ words }, { words, batchId: '1' }]) {
      expectValid(toOutput(output, new Set(), mapping), 'reconstructed/StandardOutput_v1.xsd');
    }
    expectValid(
      toOutput({ words }, new Set(['output-2006']), mapping),
      'reconstructed/StandardOutput_2006-06-13.xsd',
    );
  });

  test.each([0, 60_000])('the simulator’s answer about a batch in error, after %i ms', (ageMs) => {
    const series = { resourceId: 'A', resourceKind: 'RegisteredLoad', measurementType: 'LOAD' };
    const batch: HeldBatch = {
      batchId: '1',
      owner: '',
      receivedAt: dayStartAt,
      validationMs: 60_000,
      bytes: 1,
      sha256: '',
      records: 1,
      ends: 'error',
      errors: [
        { message: 'all of it', intervalEndsAt: [] },
        { message: 'some of it', series, intervalEndsAt: [dayStartAt, dayStartAt + 1] },
      ],
      readings: [],
    };
    const document = toStatusDocument(batch, dayStartAt + ageMs, mapping);
    expectValid(document, 'reconstructed/BatchValidationStatus_v1.xsd');
  });
});

describe.skipIf(!hasSamples)('the samples are read', () => {
  const read = (name: string) => readFileSync(path.join(samples, 'proposed', name), 'utf8');

  test('SubmitMeterData', () => {
    const readings: MeterReading[] = [];
    const handler = createMeterDataReader(mapping.meterData, { onReading: (one) => readings.push(one) });
    const reader = createXmlReader(handler);
    for (const piece of read('SubmitMeterData.sample.xml').match(/.{1,7}/gs) ?? []) reader.write(piece);
    reader.end();
    const of = (minutes: number, value: string) => ({
      resourceId: 'EXAMPL_1_UNIT1',
      resourceKind: 'RegisteredGenerator',
      measurementType: 'GEN',
      intervalMinutes: 15,
      unit: 'MWH',
      endAt: dayStartAt + minutes * minuteMs,
      value,
      isEstimated: false,
    });
    expect(readings).toEqual([
      of(15, '1.250'),
      of(30, '1.250'),
      { ...of(45, '1.300'), quality: 'EST', isEstimated: true },
    ]);
  });

  test.each([
    ['BatchStatus.success.sample.xml', 'SUCCESS', []],
    [
      'BatchStatus.error.sample.xml',
      'ERROR',
      [
        {
          message: 'Batch rejected: one or more records failed validation.',
          intervalEndsAt: [],
          priority: 1,
          loggedAt: Date.UTC(2020, 2, 2, 18, 0, 9),
        },
        {
          message: 'Resource is not associated with the submitting SC for the trade date.',
          resourceId: 'EXAMPL_1_UNIT1',
          resourceKind: 'RegisteredGenerator',
          measurementType: 'GEN',
          intervalEndsAt: [Date.UTC(2020, 2, 1, 8, 45)],
          priority: 1,
          loggedAt: Date.UTC(2020, 2, 2, 18, 0, 9),
        },
      ],
    ],
  ])('%s', (name, status, errors) => {
    const handler = createBatchStatusReader(mapping);
    const reader = createXmlReader(handler);
    reader.write(read(name));
    reader.end();
    expect(handler.finish()).toEqual({
      batchId: '123456789',
      status,
      createdAt: Date.UTC(2020, 2, 2, 18, 0, 2),
      errors,
    });
  });

  test('StandardOutput', () => {
    const output = toStandardOutput(parseXmlTree(read('StandardOutput.accepted.sample.xml')), mapping);
    expect(output).toEqual({
      batchId: '123456789',
      words: 'The submission has been received for validation.',
    });
  });
});
