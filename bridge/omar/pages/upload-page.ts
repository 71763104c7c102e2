import { type Reading, toPlainText } from '../../https/text.ts';
import { findErrorWords } from './error-page.ts';
import { parseUploadAnswer, type UploadAnswer } from './upload-answer.ts';

/** Which of the two answers to an upload a page is (submission specification, 3.3): the file was saved, or refused. */
export type UploadPage =
  | { readonly kind: 'saved'; readonly answer: UploadAnswer }
  | { readonly kind: 'refused'; readonly words: string };

/** Whatever only the page after a successful upload says. */
const success = /\bmeter file uploaded\b|\bsaved as\b|\bfil?e id ?:? ?\d/i;

/** A page that says both is neither: the file may be there. */
export function parseUploadPage(html: string): Reading<UploadPage> {
  const words = findErrorWords(html);
  if (words === undefined) {
    const reading = parseUploadAnswer(html);
    return 'why' in reading ? reading : { found: { kind: 'saved', answer: reading.found } };
  }
  return success.test(toPlainText(html))
    ? { why: 'success and error on one page' }
    : { found: { kind: 'refused', words } };
}
