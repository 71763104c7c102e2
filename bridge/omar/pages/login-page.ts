import { toFolded, toPlainText } from '../../https/text.ts';
import { loadPage } from './load-page.ts';

const maxCharacters = 2_000;

/**
 * Whether this is the page that asks to log in, which no document shows. It must say so in its title or a heading, be
 * short, and have nothing of a page about files, because for an upload it counts as proof that nothing was accepted.
 */
export function isLoginPage(html: string): boolean {
  const text = toPlainText(html);
  if (text.length > maxCharacters || /meter|saved|file|upload|received|record/i.test(text)) return false;
  const page = loadPage(html);
  if ('why' in page) return false;
  const heading = toFolded(page.found('title, h1, h2, h3').text());
  return /\b(?:log[ -]?[io]n|sign[ -]?in|session (?:has |is )?(?:expired|ended|over|timed out))\b/i.test(
    heading,
  );
}
