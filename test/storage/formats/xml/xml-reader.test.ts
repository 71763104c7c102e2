import { describe, expect, test } from 'vitest';
import { createXmlReader, XmlFault } from '../../../../storage/formats/xml/xml-reader.ts';
import { findElements, findElementsBelow, parseXmlTree } from '../../../../storage/formats/xml/xml-tree.ts';

function read(pieces: readonly string[]): string[] {
  const seen: string[] = [];
  const reader = createXmlReader({
    open: ({ local, namespace }) => seen.push(`<${local}|${namespace}`),
    text: (piece) => seen.push(piece),
    close: () => seen.push('>'),
  });
  for (const piece of pieces) reader.write(piece);
  reader.end();
  return seen;
}

describe('createXmlReader()', () => {
  const xml = '<?xml version="1.0"?><!-- c --><p:a xmlns:p="urn:x"><b> &amp;&#65;<![CDATA[<c>]]></b></p:a>\n';

  test('hands on names without prefixes, text with its references, and no comments', () => {
    expect(read([xml])).toEqual(['<a|urn:x', '<b|', ' &A', '<c>', '>', '>']);
  });

  test('gives the same however the characters come', () => {
    expect(read([...xml]).join('')).toBe(read([xml]).join(''));
  });

  test.each([
    ['a document type', '<!DOCTYPE a><a/>', /a document type, which no message has/],
    ['a document type with entities', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', /a document type/],
    ['an entity that nobody declared', '<a>&b;</a>', /not well-formed/],
    ['a prefix that nobody declared', '<p:a/>', /not well-formed/],
    ['an element that does not end', '<a><b></a>', /not well-formed/],
    ['nothing', '', /not well-formed/],
    ['words', 'abc', /not well-formed/],
    ['two documents', '<a/><b/>', /not well-formed/],
    ['an attribute twice', '<a b="1" b="2"/>', /not well-formed/],
    ['a character that XML has not', '<a>\u0001</a>', /not well-formed/],
    ['41 levels', '<a>'.repeat(41), /more than 40 levels/],
  ])('refuses %s', (_, text, message) => {
    expect(() => read([text])).toThrow(XmlFault);
    expect(() => read([text])).toThrow(message);
  });
});

describe('parseXmlTree()', () => {
  const root = parseXmlTree('<a xmlns="urn:x">1<b>2<c>3</c></b><b>4</b>5</a>');

  test('keeps elements and their own text', () => {
    expect(root).toMatchObject({ local: 'a', namespace: 'urn:x', text: '15' });
    expect(root.children.map(({ text }) => text)).toEqual(['2', '4']);
  });

  test('finds by path from an element, and below it', () => {
    const texts = (found: readonly { text: string }[]) => found.map(({ text }) => text);
    expect(texts(findElements(root, ['b']))).toEqual(['2', '4']);
    expect(texts(findElements(root, ['b', 'c']))).toEqual(['3']);
    expect(texts(findElements(root, ['c']))).toEqual([]);
    expect(texts(findElementsBelow(root, ['c']))).toEqual(['3']);
  });

  test('is for small documents', () => {
    expect(() => parseXmlTree(`<a>${'<b/>'.repeat(20_000)}</a>`)).toThrow(/more than 20000 elements/);
  });
});
