import type { Instant } from '../../storage/model/time.ts';
import type { Answer, Exchange } from '../https/connection.ts';
import { toText } from '../https/text.ts';
import { toUnrecognised } from '../https/unrecognised.ts';
import type { UploadOutcome } from './outcomes.ts';
import { isLoginPage } from './pages/login-page.ts';
import type { UploadAnswer } from './pages/upload-answer.ts';
import { parseUploadPage } from './pages/upload-page.ts';
import { isLoginRedirect } from './session.ts';
import { findUnavailable } from './visit.ts';

/**
 * What follows from the answer to an upload. As soon as the first byte was handed over, only the ISO's own words end
 * the doubt: the success page for this very name, "Error in File Processing", a 401 or the log-in page itself. Not even a
 * 503 proves that nothing was accepted, for it may come from a machine before the application; nor does a redirect to
 * where sessions begin, for an application may answer so when it has taken a form, too.
 *
 * @param name the name the file was sent under
 * @param now of the answer
 */
export function toUploadOutcome(name: string, exchange: Exchange, now: Instant): UploadOutcome {
  if (exchange.kind === 'not-sent') return { kind: 'unavailable', why: exchange.why };
  if (exchange.kind === 'cut') return { kind: 'unknown', why: exchange.why };
  const { answer } = exchange;
  const html = toText(answer.bytes);
  const reading = parseUploadPage(html);
  if ('found' in reading) {
    return reading.found.kind === 'refused' ? reading.found : toReceived(name, answer, reading.found.answer);
  }
  if (isLoginRedirect(answer)) {
    return { kind: 'unknown', why: `HTTP ${answer.httpStatus}, sent on to where sessions begin` };
  }
  const isRedirect = answer.httpStatus >= 300 && answer.httpStatus <= 399;
  if (answer.httpStatus === 401 || (!isRedirect && isLoginPage(html))) {
    return { kind: 'session-ended', why: `HTTP ${answer.httpStatus}, asked to log in` };
  }
  const unavailable = findUnavailable(answer, html, now);
  if (unavailable !== undefined) return { ...unavailable, kind: 'unknown' };
  return toUnrecognised('upload', answer, reading.why);
}

function toReceived(name: string, answer: Answer, found: UploadAnswer): UploadOutcome {
  const { sourceName, fileId, savedAs, bytes } = found;
  if (answer.httpStatus > 299) {
    return toUnrecognised('upload', answer, `the success page under HTTP ${answer.httpStatus}`);
  }
  if (sourceName !== name)
    return toUnrecognised('upload', answer, `an answer about another file: ${sourceName}`);
  return { kind: 'received', fileId, savedAs, bytes };
}
