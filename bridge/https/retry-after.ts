import { dayMs, type Instant } from '../../storage/model/time.ts';
import type { Answer } from './connection.ts';

/**
 * How long `Retry-After` asks to wait (RFC 9110, 10.2.3): seconds or a date. At most a day, whatever it says.
 *
 * @returns undefined without the header, or for one that says neither
 */
export function findRetryAfterMs({ headers }: Answer, now: Instant): number | undefined {
  const [value] = [headers['retry-after'] ?? []].flat();
  if (value === undefined) return undefined;
  const waitMs = /^\s*\d{1,9}\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), dayMs);
}
