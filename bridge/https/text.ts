import { load } from 'cheerio';

/** What a page says in one place, or why it cannot be read. */
export type Reading<T> = { readonly found: T } | { readonly why: string };

const utf8 = new TextDecoder('utf-8', { fatal: true });
const windows1252 = new TextDecoder('windows-1252');

/** A page's characters: UTF-8 where it is that, else the code of the browsers that the specifications name. */
export function toText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return windows1252.decode(bytes);
  }
}

/**
 * What a page shows, as one line: without tags, however damaged, scripts and comments; entities resolved; white space
 * folded.
 */
export function toPlainText(html: string): string {
  const bare = html
    .replace(/<!--[\s\S]*?(?:-->|$)/g, ' ')
    .replace(/<(script|style)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .replaceAll('<', ' ');
  return toFolded(load(bare).text());
}

/** White space of every kind folded to single blanks, none at the ends. */
export function toFolded(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
