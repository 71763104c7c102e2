import type { OmarWorkKind } from '../../../storage/model/forwarding.ts';
import { isMaintenancePage } from '../../https/maintenance-page.ts';
import { type Reading, toText } from '../../https/text.ts';
import { parseFileErrors } from './file-errors.ts';
import { isLoginPage } from './login-page.ts';
import { parseStatusList } from './status-list.ts';
import { parseUploadPage } from './upload-page.ts';

/**
 * What this program makes of a page that was kept because it was not recognised: what it reads in it now, or still why
 * not. A page that opened no session has nothing to read: its cookie did not come with it.
 */
export function readKeptPage(kind: OmarWorkKind, bytes: Uint8Array): Reading<unknown> {
  const html = toText(bytes);
  if (isLoginPage(html)) return { found: 'the log-in page' };
  const reading = readByKind(kind, html);
  if ('why' in reading && isMaintenancePage(html)) return { found: 'a maintenance page' };
  return reading;
}

function readByKind(kind: OmarWorkKind, html: string): Reading<unknown> {
  switch (kind) {
    case 'upload':
      return readUploadPage(html);
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

function readUploadPage(html: string): Reading<unknown> {
  const reading = parseUploadPage(html);
  if ('why' in reading) return reading;
  const page = reading.found;
  return { found: page.kind === 'saved' ? page.answer : `the ISO refused the file: ${page.words}` };
}
