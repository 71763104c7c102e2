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
  text: string;
  /** How far along its children a strict reader is. */
  at: number;
  /** The elements with others in them that it has had, but for those of lists. */
  had: XmlNode[] | undefined;
}

/** More characters than any value has. */
const maxTextLength = 10_000;

/**
 * Takes a document by its template; `record` is what stands outside of every list, whole when the document has ended.
 */
export interface TemplateReader extends XmlHandler {
  readonly record: ReadRecord;
}

/** @throws `XmlFault` from the handler: another document, a value twice or too long, and what `isStrict` refuses */
export function createTemplateReader(
  template: XmlTemplate,
  { onRecord, isStrict = false }: TemplateReaderOptions = {},
): TemplateReader {
  const record: ReadRecord = { fields: {}, lists: {} };
  const frames: Frame[] = [];
  return {
    record,
    open(name) {
      const parent = frames.at(-1);
      const node = isStrict ? getNode(template, parent, name) : findNode(template, parent, name);
      if (node !== undefined && parent !== undefined) checkOnce(node, parent);
      const outer = parent?.record ?? record;
      const own: ReadRecord = node?.each === undefined ? outer : { fields: {}, lists: {} };
      if (node?.kind !== undefined) {
        if (own.kind !== undefined) throw new XmlFault(`both ${own.kind} and ${node.kind} in one record`);
        own.kind = node.kind;
      }
      frames.push({ node, record: own, text: '', at: 0, had: undefined });
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
      const list = frame?.node?.each;
      if (frame?.node === undefined) return;
      if (isStrict && frame.node.children !== undefined && frame.text.trim() !== '') {
        throw new XmlFault(`text between the elements of ${frame.node.element}`);
      }
      takeValue(frame.node, frame);
      const outer = frames.at(-1)?.record;
      if (list === undefined || outer === undefined) return;
      if (outer === record) {
        onRecord?.(list, frame.record);
        return;
      }
      outer.lists[list] ??= [];
      outer.lists[list].push(frame.record);
    },
  };
}

function takeValue({ field, element }: XmlNode, { record, text }: Frame): void {
  if (field === undefined) return;
  if (Object.hasOwn(record.fields, field)) throw new XmlFault(`element ${element} stands twice`);
  record.fields[field] = text.trim();
}

/** The node of an element by its local name; undefined for one that the template does not have. */
function findNode(
  { document }: XmlTemplate,
  parent: Frame | undefined,
  { local }: XmlName,
): XmlNode | undefined {
  if (parent !== undefined) return parent.node?.children?.find(({ element }) => element === local);
  if (local === document.element) return document;
  throw new XmlFault(`the document is ${local}, not ${document.element}`);
}

/** The node of an element that stands in its namespace and place. */
function getNode(template: XmlTemplate, parent: Frame | undefined, name: XmlName): XmlNode {
  if (name.namespace !== template.namespace) {
    throw new XmlFault(
      `element ${name.local} is in namespace "${name.namespace}", not "${template.namespace}"`,
    );
  }
  const children = parent === undefined ? [template.document] : (parent.node?.children ?? []);
  const at = children.findIndex(({ element }, index) => index >= (parent?.at ?? 0) && element === name.local);
  const node = children[at];
  if (node === undefined) {
    throw parent === undefined
      ? new XmlFault(`the document is ${name.local}, not ${template.document.element}`)
      : new XmlFault(`element ${name.local} may not stand here, in ${parent.node?.element}`);
  }
  if (parent !== undefined) parent.at = node.each === undefined ? at + 1 : at;
  return node;
}

/** Two of an element that is no list's would be read as one: their values and lists would run together. */
function checkOnce(node: XmlNode, parent: Frame): void {
  if (node.each !== undefined || node.children === undefined) return;
  if (parent.had?.includes(node)) throw new XmlFault(`element ${node.element} stands twice`);
  parent.had ??= [];
  parent.had.push(node);
}
