import type { Answer } from '../https/connection.ts';

/** How the cookie is given back: as browsers do, or after RFC 2109 with the version that was announced. */
export type CookieStyle = 'plain' | 'rfc2109';

/**
 * The `Cookie` header for the session that an answer of `/fr_top.jsp` opened: the first `Set-Cookie` and no other
 * (submission specification, 3.1.1.2), its name and value without its attributes.
 *
 * @returns undefined when the answer sets none
 */
export function findSessionCookie({ headers }: Answer, style: CookieStyle): string | undefined {
  const [first] = [headers['set-cookie'] ?? []].flat();
  const [pair = '', ...attributes] = (first ?? '').split(';').map((piece) => piece.trim());
  if (!/^[^=\s]+=/.test(pair)) return undefined;
  const version = attributes.map((each) => /^version\s*=\s*"?(\d+)"?$/i.exec(each)?.[1]).find(Boolean);
  return style === 'rfc2109' && version !== undefined ? `$Version=${version}; ${pair}` : pair;
}

/** Whether a redirect leads to where sessions begin: the root or the authentication page, or a page named for it. */
export function isLoginRedirect({ httpStatus, headers }: Answer): boolean {
  const [location] = [headers.location ?? []].flat();
  if (httpStatus < 300 || httpStatus > 399 || location === undefined) return false;
  const pathname = URL.parse(location, 'https://relative.invalid/')?.pathname ?? '';
  return /^\/(?:fr_top\.jsp)?$|\blog[io]n\b/i.test(pathname);
}
