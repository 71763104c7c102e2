import { SaxesParser } from 'saxes';

/** What an XML document says that it may not say, or that is not there. The message names the place. */
export class XmlFault extends Error {
  override readonly name = 'XmlFault';
}

/** The name of an element without its prefix. */
export interface XmlName {
  readonly local: string;
  readonly namespace: string;
}

/** Takes a document piece by piece, in its order. May throw `XmlFault`. */
export interface XmlHandler {
  open(name: XmlName): void;
  /** Character data of the element that is open; a run of it may come in several pieces. */
  text(piece: string): void;
  close(): void;
}

export interface XmlReader {
  /** The next characters. */
  write(characters: string): void;
  /** No more characters come. */
  end(): void;
}

/** No message of the ISO is nearly as deep; it bounds what is kept of a hostile one. */
const maxDepth = 40;

/**
 * Reads XML 1.0 with namespaces, holding nothing but what is open. A document type is refused, so there are no
 * entities but the five and character references: nothing can be expanded or fetched.
 *
 * @throws `XmlFault` from `write` and `end`, for what is not well-formed, a document type, or more than 40 levels
 */
export function createXmlReader(handler: XmlHandler): XmlReader {
  const parser = new SaxesParser({ xmlns: true });
  let depth = 0;
  parser.on('error', ({ message }) => {
    throw new XmlFault(`not well-formed XML: ${message}`);
  });
  parser.on('doctype', () => {
    throw new XmlFault('a document type, which no message has');
  });
  parser.on('opentag', ({ local, uri }) => {
    depth += 1;
    if (depth > maxDepth) throw new XmlFault(`more than ${maxDepth} levels of elements`);
    handler.open({ local, namespace: uri });
  });
  parser.on('text', (piece) => {
    if (depth > 0) handler.text(piece);
  });
  parser.on('cdata', (piece) => handler.text(piece));
  parser.on('closetag', () => {
    depth -= 1;
    handler.close();
  });
  return {
    write(characters) {
      parser.write(characters);
    },
    end() {
      parser.close();
    },
  };
}
