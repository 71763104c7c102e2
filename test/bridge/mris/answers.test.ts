import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../../bridge/https/connection.ts';
import { readDocument } from '../../../bridge/mris/answers/read-document.ts';
import { createReadingList } from '../../../bridge/mris/answers/reading-list.ts';
import { toStatusOutcome } from '../../../bridge/mris/answers/status-outcome.ts';
import { toSubmitOutcome } from '../../../bridge/mris/answers/submit-outcome.ts';
import { toAttachmentHash } from '../../../bridge/mris/soap/attachment.ts';
import { createMeterDataReader } from '../../../storage/formats/meter-data-xml/reader.ts';
import { mapping, toDocument, toRows } from './mris-setup.ts';

const now = Date.UTC(2026, 10, 24);
const soap = 'http://schemas.xmlsoap.org/soap/envelope/';
const policyWords =
  'CAISO MRI-S Acceptable Use Policy Violation. Please retry your request again in 30 seconds';

const toAnswer = (
  body: string | Buffer,
  httpStatus = 200,
  headers: Record<string, string> = {},
): Exchange => ({
  kind: 'answered',
  answer: { httpStatus, headers: { 'content-type': 'text/xml', ...headers }, bytes: Buffer.from(body) },
});
const envelope = (body: string, header = '', prefix = 's:') =>
  `<${prefix}Envelope xmlns${prefix === '' ? '' : ':'}${prefix.slice(0, -1)}="${soap}"><${prefix}Header>${header}` +
  `</${prefix}Header><${prefix}Body>${body}</${prefix}Body></${prefix}Envelope>`;
const output = (inside: string) =>
  `<StandardOutput xmlns="http://www.caiso.com/soa/StandardOutput_v1.xsd#"><MessagePayload><EventLog>${inside}</EventLog></MessagePayload></StandardOutput>`;
const event = (words: string) => `<Event><description>${words}</description></Event>`;
const batch = (id: string) => `<Batch><mRID>${id}</mRID></Batch>`;
const fault = (detail: string) =>
  envelope(
    `<s:Fault><faultcode>s:Server</faultcode><faultstring>Error</faultstring><detail>${detail}</detail></s:Fault>`,
  );
const pack = (document: string | Buffer) => gzipSync(document).toString('base64');
const inside = (text: string) =>
  envelope(
    `<a:ISOAttachment xmlns:a="http://www.caiso.com/soa/2006-10-26/ISOAttachment.xsd"><a:AttachmentValue>${text}</a:AttachmentValue></a:ISOAttachment>`,
  );
const status = (description: string, id = '7') =>
  `<BatchValidationStatus xmlns="http://www.caiso.com/soa/BatchValidationStatus_v1.xsd#"><MessagePayload><BatchStatus><mRID>${id}</mRID>${description}</BatchStatus></MessagePayload></BatchValidationStatus>`;

const submitted = (exchange: Exchange) => toSubmitOutcome(exchange, mapping, now);
const asked = (exchange: Exchange) => toStatusOutcome('7', exchange, mapping, now);
async function retrieved(exchange: Exchange) {
  const list = createReadingList();
  const handler = createMeterDataReader(mapping.meterData, { onReading: list.add });
  const outcome = await readDocument('retrieve', exchange, { mapping, handler, now });
  return outcome.kind === 'read' ? list.readings : outcome;
}
const unrecognised = (why: RegExp) => ({
  kind: 'unrecognised',
  page: expect.objectContaining({ why: expect.stringMatching(why) }),
});

describe('an answer to a submit', () => {
  test.each([
    ['prefix of our own', 's:'],
    ['SOAP-ENV', 'SOAP-ENV:'],
    ['soapenv', 'soapenv:'],
    ['no prefix', ''],
  ])('is read with %s', (_, prefix) => {
    const body = output(`${batch('42')}${event('received')}`);
    expect(submitted(toAnswer(envelope(body, '', prefix)))).toEqual({
      kind: 'received',
      batchId: '42',
      words: 'received',
    });
  });

  test('is read with a mark at its beginning, a declaration, and a namespace that is not there', () => {
    const body = `\ufeff<?xml version="1.0"?>\n${envelope(`<StandardOutput xmlns="">${batch(' 42 ')}</StandardOutput>`)}`;
    expect(submitted(toAnswer(body))).toMatchObject({ kind: 'received', batchId: '42' });
  });

  test.each([
    ['v1', output(event('Signature validation status: false'))],
    [
      'v1 without namespace',
      `<StandardOutput>${event('Signature validation status: false')}</StandardOutput>`,
    ],
    [
      '2006',
      '<o:outputDataType xmlns:o="http://www.caiso.com/soa/2006-06-13/StandardOutput.xsd"><o:EventLog><o:Event>' +
        '<o:description>Signature validation status: false</o:description></o:Event></o:EventLog></o:outputDataType>',
    ],
  ])('with a fault is refused by the ISO’s words, in form %s', (_, detail) => {
    expect(submitted(toAnswer(fault(detail), 500))).toEqual({
      kind: 'refused',
      words: 'Signature validation status: false',
    });
  });

  test.each([
    ['a fault without words', toAnswer(fault(''), 500), { kind: 'unknown', why: 'HTTP 500: Error' }],
    [
      'a fault of time',
      toAnswer(fault(output(event('Backend timed out'))), 500),
      { kind: 'unknown', why: 'Backend timed out' },
    ],
    [
      'HTTP 502',
      toAnswer('<html>bad gateway</html>', 502, { 'content-type': 'text/html' }),
      { kind: 'unknown' },
    ],
    ['HTTP 429', toAnswer('slow down', 429, { 'retry-after': '7' }), { kind: 'unknown', waitMs: 7_000 }],
    ['a cut line', { kind: 'cut', why: 'reset' } as const, { kind: 'unknown', why: 'reset' }],
    ['nothing sent', { kind: 'not-sent', why: 'refused' } as const, { kind: 'unavailable', why: 'refused' }],
    [
      'words without a fault',
      toAnswer(envelope(output(event('Too many'))), 500),
      { kind: 'refused', words: 'Too many' },
    ],
    ['no batch id', toAnswer(envelope(output(event('done')))), unrecognised(/without a batch id: done/)],
    [
      'two batch ids',
      toAnswer(envelope(output(batch('1') + batch('2')))),
      unrecognised(/without a batch id/),
    ],
    [
      'a page',
      toAnswer('<html>Thank you</html>', 200, { 'content-type': 'text/html' }),
      unrecognised(/a page/),
    ],
    ['a redirect', toAnswer('', 302, { location: '/' }), unrecognised(/HTTP 302/)],
    ['an empty body', toAnswer(envelope('')), unrecognised(/empty body/)],
    [
      'half an envelope',
      toAnswer(envelope(output(batch('1'))).slice(0, -20)),
      unrecognised(/not well-formed/),
    ],
    ['another body', toAnswer(envelope('<Other/>')), unrecognised(/a body with Other/)],
    [
      'not authorized',
      toAnswer('<html>You are not authorized to access this page.</html>'),
      { kind: 'denied' },
    ],
    ['HTTP 401', toAnswer('', 401), { kind: 'denied' }],
  ])('%s', (_, exchange, expected) => {
    expect(submitted(exchange)).toMatchObject(expected);
  });
});

describe('the acceptable use policy is recognised', () => {
  const page = `<html><body><p>${policyWords}</p></body></html>`;
  const forms: [string, Exchange][] = [
    ...[200, 403, 429, 500, 503].map((code): [string, Exchange] => [
      `as a page with ${code}`,
      toAnswer(page, code, { 'content-type': 'text/html' }),
    ]),
    ['as plain text', toAnswer(policyWords, 200, { 'content-type': 'text/plain' })],
    ['over two lines', toAnswer(page.replace('Use Policy', 'Use\n  Policy'), 200)],
    ['in a fault', toAnswer(fault(output(event(policyWords))), 500)],
    ['in a fault string', toAnswer(fault('').replace('>Error<', `>${policyWords}<`), 500)],
    ['in a body', toAnswer(envelope(output(event(policyWords))))],
    ['in an attachment', toAnswer(inside(pack(output(event(policyWords)))))],
  ];
  test.each(forms)('%s', async (_, exchange) => {
    const expected = { kind: 'rate-limited', waitMs: 31_000, isSent: true };
    expect(await retrieved(exchange)).toEqual(expected);
    expect(await asked(exchange)).toEqual(expected);
  });

  test.each([
    ['60', 60_000],
    ['1', 31_000],
    [new Date(now + 90_000).toUTCString(), 90_000],
    ['soon', 31_000],
    ['999999999', 86_400_000],
  ])('with Retry-After %s', async (retryAfter, waitMs) => {
    expect(await retrieved(toAnswer(page, 429, { 'retry-after': retryAfter }))).toMatchObject({ waitMs });
  });
});

describe('an answer about a batch', () => {
  test.each([
    ['SUCCESS', { kind: 'success', errors: [] }],
    ['ERROR', { kind: 'error', errors: [] }],
    ['RECEIVED', { kind: 'in-process', status: 'RECEIVED' }],
    ['Success', { kind: 'in-process', status: 'Success' }],
  ])('%s', async (word, expected) => {
    const document = status(`<description>${word}</description>`);
    expect(await asked(toAnswer(inside(pack(document))))).toEqual(expected);
  });

  test('without a word is in process', async () => {
    expect(await asked(toAnswer(inside(pack(status('')))))).toEqual({ kind: 'in-process', status: '' });
  });

  test.each([
    ['of another batch', status('<description>SUCCESS</description>', '8'), /another batch: 8/],
    ['of no batch', status('').replace('<mRID>7</mRID>', ''), /no batch id/],
    [
      'with two words',
      status('<description>ERROR</description><description>SUCCESS</description>'),
      /stands twice/,
    ],
    ['that is another document', '<Other/>', /the document is Other/],
  ])('%s is not recognised', async (_, document, why) => {
    expect(await asked(toAnswer(inside(pack(document))))).toEqual(unrecognised(why));
  });

  test('No data found in a fault, a body, an attachment', async () => {
    const words = 'No data found for the batch';
    const found = { kind: 'no-data-found', words };
    expect(await asked(toAnswer(fault(output(event(words))), 500))).toEqual(found);
    expect(await asked(toAnswer(envelope(output(event(words)))))).toEqual(found);
    expect(await asked(toAnswer(inside(pack(output(event(words))))))).toEqual(found);
  });
});

describe('a document that was retrieved', () => {
  const document = toDocument(toRows(3)).toString();

  test('a row that stands twice is there once; two that differ are both there', async () => {
    const [row] = toRows(1);
    const twice = document.replace(/(<MeasurementValue>.*?<\/MeasurementValue>)/, '$1$1');
    expect(await retrieved(toAnswer(inside(pack(twice))))).toHaveLength(3);
    const differing = twice.replace(row?.value ?? '', '99.9');
    expect(await retrieved(toAnswer(inside(pack(differing))))).toHaveLength(4);
  });

  test('unknown elements, other prefixes and namespaces are passed over', async () => {
    const changed = document
      .replace('<MessagePayload>', '<MessageHeader><TimeDate>x</TimeDate></MessageHeader><MessagePayload>')
      .replace('xmlns="http://www.caiso.com/soa/MeterData_v1.xsd#"', 'xmlns="urn:v2"')
      .replaceAll('<value>', '<note><value>9</value></note><value>');
    expect(await retrieved(toAnswer(inside(pack(changed))))).toEqual(
      await retrieved(toAnswer(inside(pack(document)))),
    );
  });

  test.each([
    [
      'without a value',
      document.replace(/<value>.*?<\/value>/, ''),
      /no value in an interval of EXAMPL_1_UNIT1/,
    ],
    ['without a resource', document.replace(/<mRID>.*?<\/mRID>/, ''), /no resourceId/],
    ['with a word for a value', document.replace('<value>0.250', '<value>none'), /expected a decimal/],
    [
      'with a time without a zone',
      document.replace('08:15:00.000Z', '08:15:00.000'),
      /expected a date and time/,
    ],
    [
      'with a day that there is not',
      document.replace('2020-03-01T08:15', '2020-02-30T08:15'),
      /expected a date/,
    ],
    [
      'with two kinds of resource',
      document.replace('</Measurements>', '</Measurements><RegisteredLoad/>'),
      /both/,
    ],
    ['that is cut', document.slice(0, -30), /not well-formed/],
    ['in no UTF-8', Buffer.from(document.replace('GEN', 'G\u00c4N'), 'latin1'), /cannot be unpacked/],
  ])('%s is not recognised', async (_, changed, why) => {
    expect(await retrieved(toAnswer(inside(pack(changed))))).toEqual(unrecognised(why));
  });
});

describe('a multipart answer', () => {
  const text = pack(toDocument(toRows(2)));
  const hashed = (hash: string) =>
    envelope('', `<attachmentHash xmlns="urn:any"><hashValue>${hash}</hashValue></attachmentHash>`);
  const whole = [
    '--B',
    'Content-Type: text/xml',
    'Content-ID: <soap>',
    '',
    hashed(toAttachmentHash(text)),
    '--B',
    'Content-ID: <attachment>',
    '',
    text,
    '--B--',
    '',
  ].join('\r\n');
  const type = { 'content-type': 'multipart/related; type="text/xml"; start="<soap>"; boundary="B"' };

  test.each([
    ['as it should be', whole],
    ['with bare line feeds', whole.replaceAll('\r\n', '\n')],
    ['with a preamble', `some words\r\n${whole}`],
    ['without its last line end', whole.trimEnd()],
    ['with a line end in the attachment', whole.replace(text, `${text}\r\n`)],
  ])('%s is read', async (_, body) => {
    expect(await retrieved(toAnswer(body, 200, type))).toHaveLength(2);
  });

  test('names its boundary bare, its envelope comes second', async () => {
    const [, first = '', second = ''] = whole.split(/--B(?:--)?\r\n/);
    const body = `--B\r\n${second}--B\r\n${first}--B--\r\n`;
    const bare = { 'content-type': 'Multipart/Related; boundary=B; start="<soap>"' };
    expect(await retrieved(toAnswer(body, 200, bare))).toHaveLength(2);
  });

  test.each([
    ['cut in the attachment', whole.slice(0, -40), /last boundary is missing/],
    ['cut before its end', whole.slice(0, -8), /last boundary is missing/],
    ['with another boundary', whole.replaceAll('--B', '--C'), /without its boundary/],
    [
      'with a wrong hash',
      whole.replace(toAttachmentHash(text), toAttachmentHash('x')),
      /does not have its hash/,
    ],
    ['without a hash', whole.replace(/<attachmentHash.*<\/attachmentHash>/, ''), /no attachmentHash/],
    ['without an attachment', whole.replace(/--B\r\nContent-ID: <attachment>[^-]*/, ''), /1 parts/],
    [
      'with a changed attachment',
      whole.replace(text, text.replace(/.{8}$/, 'AAAAAAA=')),
      /does not have its hash/,
    ],
    ['without headers in a part', whole.replace('Content-ID: <attachment>\r\n\r\n', ''), /without headers/],
  ])('%s is not recognised', async (_, body, why) => {
    expect(await retrieved(toAnswer(body, 200, type))).toEqual(unrecognised(why));
  });
});

describe('hostile answers', () => {
  const lol = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>';
  const xxe = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>';

  test.each([
    [
      'entities in the envelope',
      toAnswer(`<?xml version="1.0"?>${lol}${envelope('&b;')}`),
      /a document type/,
    ],
    ['a file in the envelope', toAnswer(`<?xml version="1.0"?>${xxe}${envelope('&f;')}`), /a document type/],
    [
      'entities in the attachment',
      toAnswer(inside(pack(`${lol}<MeterData>&b;</MeterData>`))),
      /a document type/,
    ],
    ['an unknown entity', toAnswer(inside(pack('<MeterData>&a;</MeterData>'))), /not well-formed/],
    ['depth', toAnswer(inside(pack('<MeterData>'.repeat(100_000)))), /more than 40 levels/],
    ['depth in the envelope', toAnswer(envelope('<a>'.repeat(100_000))), /more than 40 levels/],
    [
      'elements without end',
      toAnswer(envelope(`<a>${'<b/>'.repeat(50_000)}</a>`)),
      /more than 20000 elements/,
    ],
    ['no base64', toAnswer(inside('!!!')), /not base64/],
    ['no gzip', toAnswer(inside(Buffer.from('<MeterData/>').toString('base64'))), /cannot be unpacked/],
    [
      'half a gzip',
      toAnswer(inside(Buffer.from(pack('<MeterData/>'), 'base64').subarray(0, 20).toString('base64'))),
      /cannot be unpacked/,
    ],
    [
      'a long value',
      toAnswer(
        inside(pack(`<MeterData><MessagePayload><RegisteredResource><SCID>${'9'.repeat(20_000)}</SCID>`)),
      ),
      /more than 10000 characters/,
    ],
  ])('%s', async (_, exchange, why) => {
    expect(await retrieved(exchange)).toEqual(unrecognised(why));
  });

  test('white space without end before what is no base64 costs no time', async () => {
    const text = `${' '.repeat(20_000_000)}!`;
    expect(await retrieved(toAnswer(inside(text)))).toEqual(unrecognised(/not base64/));
  });

  test('more readings than the ISO gives', () => {
    const list = createReadingList();
    const [row] = toRows(1);
    if (row === undefined) throw new Error('no row');
    const add = (endAt: number) => list.add({ ...row, resourceKind: 'RegisteredGenerator', endAt });
    for (let at = 0; at < 250_000; at++) add(at);
    expect(() => add(250_000)).toThrow(/more than 250000 readings/);
  });

  test('a gzip bomb is given up at its limit', async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024, ' ')).toString('base64');
    expect(bomb.length).toBeLessThan(1_000_000);
    const before = process.memoryUsage().rss;
    expect(await retrieved(toAnswer(inside(bomb)))).toEqual(
      unrecognised(/an attachment over 67108864 bytes/),
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(250 * 1024 * 1024);
  }, 120_000);
});
