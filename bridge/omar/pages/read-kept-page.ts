import type { OmarWorkKind } from '../../../storage/model/forwarding.ts';
import { isMaintenancePage } from '../../https/maintenance-page.ts';
import { type Reading, toText } from '../../https/text.ts';
import { findErrorWords } from './error-page.ts';
import { parseFileErrors } from './file-errors.ts';
import { isLoginPage } from './login-page.ts';
import { parseStatusList } from './status-list.ts';
import { parseUploadAnswer } from './upload-answer.ts';

/**
 * What this program makes of a page that was kept because it was not recognised: what it reads in it now, or still why
 * not. A page that opened no session has nothing to read: its cookie did not come with it.
 */
export function readKeptPage(kind: OmarWorkKind, bytes: Uint8Array): Reading<unknown> {
  const html = toText(bytes);
  if (isLoginPage(html)) return { found: 'the log-in page' };
  const words = kind === 'upload' ? findErrorWords(html) : undefined;
  if (words !== undefined) return { found: `the ISO refused the file: ${words}` };
  const reading = readByKind(kind, html);
  if ('why' in reading && isMaintenancePage(html)) return { found: 'a maintenance page' };
  return reading;
}

function readByKind(kind: OmarWorkKind, html: string): Reading<unknown> {
  switch (kind) {
    case 'upload':
      return parseUploadAnswer(html);
    case 'status':
      return parseStatusList(html);
    case 'errors':
      return parseFileErrors(html);
    case 'download':
      return { why: 'only the beginning of a file that was downloaded is kept' };
    case 'session':
      return { why: 'no session cookie came with it' };
  }
}
