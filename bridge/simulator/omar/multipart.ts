/** The one file of an upload form, or what is wrong with the form in words for the error page. */
export type UploadForm = { readonly name: string; readonly bytes: Buffer } | { readonly why: string };

const field = /^form-data; *name="datafile"; *filename="([^"\r\n]+)"$/i;

/** Reads multipart/form-data (RFC 1867) with exactly one part, the file in the field `datafile`. */
export function parseUploadForm(contentType: string, body: Buffer): UploadForm {
  const [, quoted, bare] =
    /^multipart\/form-data; *boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))$/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) return { why: 'The request is not multipart/form-data' };
  const opening = Buffer.from(`--${boundary}\r\n`);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  if (!body.subarray(0, opening.length).equals(opening))
    return { why: 'The form does not begin with its boundary' };
  const end = body.indexOf(delimiter, opening.length);
  const rest = end < 0 ? '' : body.subarray(end + delimiter.length).toString('latin1');
  if (rest.startsWith('\r\n')) return { why: 'Only one meter data file can be uploaded at a time' };
  if (!/^--(\r\n)?$/.test(rest)) return { why: 'The form does not end with its boundary' };
  const part = body.subarray(opening.length, end);
  const blank = part.indexOf('\r\n\r\n');
  const disposition = part
    .subarray(0, Math.max(blank, 0))
    .toString('latin1')
    .split('\r\n')
    .map((line) => /^content-disposition: *(.*)$/i.exec(line)?.[1])
    .find((value) => value !== undefined);
  const name = field.exec(disposition ?? '')?.[1];
  if (name === undefined) return { why: 'The form has no file in the field datafile' };
  return { name, bytes: Buffer.from(part.subarray(blank + 4)) };
}
