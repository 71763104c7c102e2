/**
 * The shape of a document, as data: which elements in which order, and where the values stand. One template serves the
 * writer and the reader, so that a schema can be followed by changing a table.
 */
export interface XmlTemplate {
  readonly namespace: string;
  readonly document: XmlNode;
}

/** One element. It holds a value (`field`), a constant (`text`) or other elements (`children`). */
export interface XmlNode {
  readonly element: string;
  /** The element's text is this value of the record; without a value the element is left out. */
  readonly field?: string | undefined;
  /** The element's text is this; on reading it is not looked at. */
  readonly text?: string | undefined;
  /** The element stands once for each record of this list. */
  readonly each?: string | undefined;
  /** The element stands only in records of this kind; on reading it tells the kind. */
  readonly kind?: string | undefined;
  readonly children?: readonly XmlNode[] | undefined;
}

/** What a template's values are taken from, and read into. */
export interface XmlRecord {
  readonly kind?: string | undefined;
  readonly fields: Readonly<Record<string, string | undefined>>;
  readonly lists: Readonly<Record<string, Iterable<XmlRecord>>>;
}
