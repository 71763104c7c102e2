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

/**
 * The same page for an HTML parser, which takes everything from a quotation mark to the next one for one attribute, rows
 * of a table and all: a tag whose marks do not pair loses its attributes.
 */
export function toMended(html: string): string {
  const isPaired = (tag: string, mark: string) => tag.split(mark).length % 2 === 1;
  return html.replace(/<(\/?[a-z]\w*)(?!\w)[^<>]*>/gi, (tag, name) =>
    isPaired(tag, '"') && isPaired(tag, "'") ? tag : `<${name}>`,
  );
}

/** White space of every kind folded to single blanks, none at the ends. */
export function toFolded(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
