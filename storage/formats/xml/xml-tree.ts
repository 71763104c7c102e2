import { createXmlReader, XmlFault, type XmlHandler, type XmlName } from './xml-reader.ts';

/** An element with all that is in it; for small documents. */
export interface XmlElement extends XmlName {
  readonly children: readonly XmlElement[];
  /** The element's own character data, without that of its children. */
  readonly text: string;
}

interface Growing extends XmlName {
  readonly children: Growing[];
  text: string;
}

const maxElements = 20_000;

/** A handler that keeps the document. */
export interface XmlTreeBuilder extends XmlHandler {
  /** The document's element; undefined before its end. */
  readonly root: XmlElement | undefined;
}

/** @throws `XmlFault` from the handler, for more than 20,000 elements */
export function createXmlTreeBuilder(): XmlTreeBuilder {
  const open: Growing[] = [];
  let elements = 0;
  let root: XmlElement | undefined;
  return {
    get root() {
      return root;
    },
    open(name) {
      elements += 1;
      if (elements > maxElements) throw new XmlFault(`more than ${maxElements} elements`);
      const element = { ...name, children: [], text: '' };
      open.at(-1)?.children.push(element);
      open.push(element);
    },
    text(piece) {
      const element = open.at(-1);
      if (element !== undefined) element.text += piece;
    },
    close() {
      const closed = open.pop();
      if (open.length === 0) root = closed;
    },
  };
}

/**
 * @param xml a whole document
 * @throws `XmlFault` when it cannot be read
 */
export function parseXmlTree(xml: string): XmlElement {
  const builder = createXmlTreeBuilder();
  const reader = createXmlReader(builder);
  reader.write(xml);
  reader.end();
  if (builder.root === undefined) throw new XmlFault('a document without an element');
  return builder.root;
}

/** The elements at the end of a path of local names, namespaces left aside; `[]` is the element itself. */
export function findElements(element: XmlElement, path: readonly string[]): readonly XmlElement[] {
  const [local, ...rest] = path;
  if (local === undefined) return [element];
  return element.children
    .filter((child) => child.local === local)
    .flatMap((child) => findElements(child, rest));
}

/** The same, beginning at any depth below the element. */
export function findElementsBelow(element: XmlElement, path: readonly string[]): readonly XmlElement[] {
  return [
    ...findElements(element, path),
    ...element.children.flatMap((child) => findElementsBelow(child, path)),
  ];
}
