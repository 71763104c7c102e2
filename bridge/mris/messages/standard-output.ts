import { findElementsBelow, type XmlElement } from '../../../storage/formats/xml/xml-tree.ts';
import type { MrisMapping } from './mapping.ts';

/** What StandardOutput says, in its form of 2006 (`outputDataType`) or the later one. */
export interface StandardOutput {
  readonly batchId: string | undefined;
  /** The ISO's words, one after another; undefined where there are none. */
  readonly words: string | undefined;
}

/** Whether an element is such a document's. */
export function isStandardOutput({ local }: XmlElement, { standardOutput }: MrisMapping): boolean {
  return standardOutput.roots.includes(local);
}

/** Reads it by local names at any depth, since the namespace inside a fault is known to differ. */
export function toStandardOutput(
  element: XmlElement,
  { standardOutput: { batchId, words } }: MrisMapping,
): StandardOutput {
  const texts = (path: readonly string[]) => [
    ...new Set(
      findElementsBelow(element, path)
        .map(({ text }) => text.replace(/\s+/g, ' ').trim())
        .filter((text) => text !== ''),
    ),
  ];
  const ids = texts(batchId);
  return { batchId: ids.length === 1 ? ids[0] : undefined, words: texts(words).join('; ') || undefined };
}
