import { type Reading, toPlainText } from '../../https/text.ts';

/** What the page after a successful upload says (submission specification, 3.3.1). */
export interface UploadAnswer {
  readonly sourceName: string;
  readonly savedAs: string;
  readonly bytes: number;
  readonly fileId: string;
}

// "Fie" is how the specification's own scan prints "File".
// From the beginning of a word only: else a page of one long word would take the square of its length.
const saved = /(?<!\S)(\S+\.(?:csv|dat)) Meter file uploaded and Saved As ?:? ?(\S+\.(?:csv|dat))(?!\S)/gi;
const size = /\bfil?e size ?:? ?(\d{1,3}(?:,\d{3})+|\d+)\b(?![.,]\d)(?! ?[kmg]b)/gi;
const id = /\bfil?e id ?:? ?(\d+)\b/gi;

/**
 * Reads the words, not the tags, since the specification says that the page "may differ slightly" and prints its
 * sample with damaged tags. The file id is that of "File Id", or else the number before the saved name; where the page
 * has both they must agree.
 */
export function parseUploadAnswer(html: string): Reading<UploadAnswer> {
  if (/\d$/.test(html)) return { why: 'a page that ends in a number: it may have been cut' };
  const text = toPlainText(html);
  const names = [...text.matchAll(saved)];
  const [, sourceName, savedAs] = names[0] ?? [];
  if (sourceName === undefined || savedAs === undefined || names.length > 1) {
    return { why: `${names.length} times "Meter file uploaded and Saved As" with two file names` };
  }
  const sizes = toDistinct(text, size);
  if (sizes.length !== 1) return { why: `${sizes.length} values of "File Size"` };
  const prefix = /^(\d+)_/.exec(savedAs)?.[1];
  const ids = new Set([...toDistinct(text, id), ...(prefix === undefined ? [] : [prefix])]);
  const [fileId] = ids;
  if (fileId === undefined || ids.size > 1) {
    return { why: `${ids.size} values of "File Id" and the number before the saved name` };
  }
  return { found: { sourceName, savedAs, bytes: Number(sizes[0]?.replaceAll(',', '')), fileId } };
}

function toDistinct(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ''))];
}
