import { XmlFault, type XmlHandler, type XmlName } from './xml-reader.ts';
import type { XmlNode, XmlTemplate } from './xml-template.ts';

/** A record as it was read. */
export interface ReadRecord {
  kind?: string;
  readonly fields: Record<string, string>;
  readonly lists: Record<string, ReadRecord[]>;
}

export interface TemplateReaderOptions {
  /** A record of one of the outermost lists, when its element ends. It is not kept. */
  readonly onRecord?: (list: string, record: ReadRecord) => void;
  /**
   * Strict: as a schema check is. Every element in its namespace and order, none unknown, none twice, nothing between
   * them. Otherwise elements are found by their local names and others are passed over.
   */
  readonly isStrict?: boolean;
}

interface Frame {
  /** Undefined inside of what is passed over. */
  readonly node: XmlNode | undefined;
  readonly record: ReadRecord;
  readonly list: string | undefined;
  text: string;
  /** How far along its children a strict reader is. */
  at: number;
}

/** More characters than any value has. */
const maxTextLength = 10_000;

/** Takes a document by its template; `record` is what stands outside of every list, whole when the document has ended. */
export interface TemplateReader extends XmlHandler {
  readonly record: ReadRecord;
}

/** @throws `XmlFault` from the handler: another document, a value twice or too long, and what `isStrict` refuses */
export function createTemplateReader(
  { namespace, document }: XmlTemplate,
  { onRecord, isStrict = false }: TemplateReaderOptions = {},
): TemplateReader {
  const record: ReadRecord = { fields: {}, lists: {} };
  const frames: Frame[] = [];

  function findNode(parent: Frame | undefined, name: XmlName): XmlNode | undefined {
    if (isStrict && name.namespace !== namespace) {
      throw new XmlFault(`element ${name.local} is in namespace "${name.namespace}", not "${namespace}"`);
    }
    if (parent === undefined) {
      if (name.local === document.element) return document;
      throw new XmlFault(`the document is ${name.local}, not ${document.element}`);
    }
    const children = parent.node?.children ?? [];
    if (!isStrict) return children.find(({ element }) => element === name.local);
    const at = children.findIndex(({ element }, index) => index >= parent.at && element === name.local);
    const node = children[at];
    if (node === undefined) {
      throw new XmlFault(`element ${name.local} may not stand here, in ${parent.node?.element}`);
    }
    parent.at = node.each === undefined ? at + 1 : at;
    return node;
  }

  function finish({ node, text, list, record: own }: Frame, parent: Frame | undefined): void {
    if (node === undefined) return;
    if (isStrict && node.children !== undefined && text.trim() !== '') {
      throw new XmlFault(`text between the elements of ${node.element}`);
    }
    if (node.field !== undefined) {
      if (Object.hasOwn(own.fields, node.field)) throw new XmlFault(`element ${node.element} stands twice`);
      own.fields[node.field] = text.trim();
    }
    if (list === undefined || parent === undefined) return;
    if (parent.record === record) {
      onRecord?.(list, own);
      return;
    }
    parent.record.lists[list] ??= [];
    parent.record.lists[list].push(own);
  }

  return {
    record,
    open(name) {
      const parent = frames.at(-1);
      const node = findNode(parent, name);
      const outer = parent?.record ?? record;
      const own: ReadRecord = node?.each === undefined ? outer : { fields: {}, lists: {} };
      if (node?.kind !== undefined) {
        if (own.kind !== undefined) throw new XmlFault(`both ${own.kind} and ${node.kind} in one record`);
        own.kind = node.kind;
      }
      frames.push({ node, record: own, list: node?.each, text: '', at: 0 });
    },
    text(piece) {
      const frame = frames.at(-1);
      if (frame?.node === undefined) return;
      frame.text += piece;
      if (frame.text.length > maxTextLength) {
        if (frame.text.trim() === '') frame.text = '';
        else throw new XmlFault(`more than ${maxTextLength} characters in ${frame.node.element}`);
      }
    },
    close() {
      const frame = frames.pop();
      if (frame !== undefined) finish(frame, frames.at(-1));
    },
  };
}
