import { toPlainText } from '../../https/text.ts';

const maxWords = 500;

/**
 * What the page says that follows a failed upload (submission specification, 3.3.2): known by "Error in File
 * Processing" and nothing else, since no other word of it is documented.
 *
 * @returns the page's words, at most 500 characters; undefined when it is another page
 */
export function findErrorWords(html: string): string | undefined {
  const text = toPlainText(html);
  return /\bError in File Processing\b/i.test(text) ? text.slice(0, maxWords) : undefined;
}
