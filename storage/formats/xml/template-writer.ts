import type { XmlNode, XmlRecord, XmlTemplate } from './xml-template.ts';

/** The declaration before the document; every document is UTF-8. */
const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/**
 * The document in pieces: one for each record of the innermost lists, a few around them. The same record always gives
 * the same characters.
 */
export function* writeXml({ namespace, document }: XmlTemplate, record: XmlRecord): Generator<string> {
  yield declaration;
  yield* writeElement(document, record, ` xmlns="${toAttributeText(namespace)}"`);
  yield '\n';
}

/** Just one element of a template, for a record that has it. */
export function* writeElement(node: XmlNode, record: XmlRecord, attributes = ''): Generator<string> {
  const { element, kind, children = [] } = node;
  if (kind !== undefined && kind !== record.kind) return;
  if (!children.some(hasList)) {
    const text = toElementText(node, record, attributes);
    if (text !== '') yield text;
    return;
  }
  yield `<${element}${attributes}>`;
  for (const child of children) {
    if (child.each === undefined) yield* writeElement(child, record);
    else for (const one of record.lists[child.each] ?? []) yield* writeElement(child, one);
  }
  yield `</${element}>`;
}

function hasList({ each, children = [] }: XmlNode): boolean {
  return each !== undefined || children.some(hasList);
}

function toElementText(node: XmlNode, record: XmlRecord, attributes = ''): string {
  const { element, field, text, kind, children } = node;
  if (kind !== undefined && kind !== record.kind) return '';
  const content =
    children === undefined
      ? toText(field === undefined ? text : record.fields[field])
      : children.map((child) => toElementText(child, record)).join('');
  return content === undefined ? '' : `<${element}${attributes}>${content}</${element}>`;
}

function toText(value: string | undefined): string | undefined {
  return value === undefined ? undefined : toXmlText(value);
}

/** Characters as the text of an element. */
export function toXmlText(characters: string): string {
  if (!/[&<>\r]/.test(characters)) return characters;
  return characters
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

function toAttributeText(characters: string): string {
  return toXmlText(characters).replaceAll('"', '&quot;');
}
