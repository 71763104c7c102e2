import { describe, expect, test } from 'vitest';
import { createTemplateReader, type ReadRecord } from '../../../../storage/formats/xml/template-reader.ts';
import { writeXml } from '../../../../storage/formats/xml/template-writer.ts';
import { createXmlReader } from '../../../../storage/formats/xml/xml-reader.ts';
import type { XmlRecord, XmlTemplate } from '../../../../storage/formats/xml/xml-template.ts';

const template: XmlTemplate = {
  namespace: 'urn:x&y',
  document: {
    element: 'Order',
    children: [
      { element: 'number', field: 'number' },
      { element: 'source', text: 'us & them' },
      {
        element: 'Line',
        each: 'lines',
        children: [
          { element: 'Book', kind: 'Book', children: [{ element: 'isbn', field: 'id' }] },
          { element: 'Copy', each: 'copies', children: [{ element: 'mark', field: 'mark' }] },
          { element: 'Map', kind: 'Map', children: [{ element: 'sheet', field: 'id' }] },
        ],
      },
    ],
  },
};
const line = (kind: string, id: string, marks: string[]): XmlRecord => ({
  kind,
  fields: { id },
  lists: { copies: marks.map((mark) => ({ fields: { mark }, lists: {} })) },
});
const record: XmlRecord = {
  fields: { number: '7' },
  lists: { lines: [line('Map', 'a<b>&"c"\r', ['1', '2']), line('Book', ' i ', [])] },
};
const xml =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Order xmlns="urn:x&amp;y"><number>7</number><source>us &amp; them</source>' +
  '<Line><Copy><mark>1</mark></Copy><Copy><mark>2</mark></Copy>' +
  '<Map><sheet>a&lt;b&gt;&amp;"c"&#13;</sheet></Map></Line><Line><Book><isbn> i </isbn></Book></Line></Order>\n';

function read(text: string, isStrict = false) {
  const lines: [string, ReadRecord][] = [];
  const handler = createTemplateReader(template, { isStrict, onRecord: (...one) => lines.push(one) });
  const reader = createXmlReader(handler);
  reader.write(text);
  reader.end();
  return { document: handler.record, lines };
}

describe('a template', () => {
  test('writes a record in its order, in pieces', () => {
    const pieces = [...writeXml(template, record)];
    expect(pieces.join('')).toBe(xml);
    expect(pieces.length).toBeGreaterThan(8);
  });

  test('leaves out what has no value, and keeps an empty one', () => {
    const written = (number: string | undefined) =>
      [...writeXml(template, { fields: { number }, lists: {} })].join('');
    expect(written(undefined)).not.toContain('number');
    expect(written('')).toContain('<number></number>');
  });

  test.each([false, true])('reads what it wrote, strictly: %s', (isStrict) => {
    const copy = (mark: string) => ({ fields: { mark }, lists: {} });
    expect(read(xml, isStrict)).toEqual({
      document: { fields: { number: '7' }, lists: {} },
      lines: [
        ['lines', { kind: 'Map', fields: { id: 'a<b>&"c"' }, lists: { copies: [copy('1'), copy('2')] } }],
        ['lines', { kind: 'Book', fields: { id: 'i' }, lists: {} }],
      ],
    });
  });

  test.each([
    ['another namespace', xml.replace('urn:x', 'urn:z'), /in namespace "urn:z&y"/],
    ['an unknown element', xml.replace('<Line>', '<x/><Line>'), /x may not stand here, in Order/],
    [
      'another order',
      xml.replace(/(<number>.*<\/number>)(<source>.*<\/source>)/, '$2$1'),
      /number may not stand/,
    ],
    [
      'an element twice',
      xml.replace('<number>7</number>', '<number>7</number><number>7</number>'),
      /number may not/,
    ],
    ['text between', xml.replace('<Line>', 'x<Line>'), /text between the elements of Order/],
  ])('a strict reader refuses %s, another does not', (_, text, message) => {
    expect(() => read(text, true)).toThrow(message);
    expect(() => read(text.replace(/<number>7<\/number>$/, ''))).not.toThrow(/may not|namespace|between/);
  });

  test.each([
    ['another document', '<Other/>', /the document is Other, not Order/],
    ['a value twice', xml.replace('<source>', '<number>8</number><source>'), /element number stands twice/],
    ['two kinds at once', xml.replace('<Map>', '<Book/><Map>'), /both Book and Map/],
    [
      'a value without end',
      xml.replace('>7<', `>${'7'.repeat(10_001)}<`),
      /more than 10000 characters in number/,
    ],
  ])('no reader takes %s', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  test('white space without end is not kept', () => {
    expect(read(xml.replace('<Line>', `${' '.repeat(100_000)}<Line>`)).lines).toHaveLength(2);
  });
});
