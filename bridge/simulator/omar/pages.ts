import type { OmarStatus } from '../../omar/outcomes.ts';
import type { HeldFile } from './ledger.ts';

/** A row of the list as the page shows it. */
export interface ListedFile {
  readonly file: HeldFile;
  readonly status: OmarStatus;
  readonly shownName: string;
}

const receivedFormat = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** The page after a successful upload (submission specification, 3.3.1). */
export function toUploadedPage({ fileId, name, bytes }: HeldFile): string {
  const cell = (text: string) => `<tr>\n<td class="formgray">${toEscaped(text)}</td>\n</tr>\n`;
  return toPage(
    `<table>\n${cell(`${name} Meter file uploaded and Saved As ${fileId}_${name}`)}${cell(`File Size : ${bytes}`)}` +
      `${cell(`File Id: ${fileId} (save this file id for future reference and file status inquiries)`)}</table>\n`,
  );
}

/** The page after a failed upload, or for a request that makes no sense (submission specification, 3.3.2). */
export function toErrorPage(words: string): string {
  const cell = (text: string) => `<tr><td class="formgray">${toEscaped(text)}</td></tr>\n`;
  return toPage(`<table>\n${cell('Error in File Processing')}${cell(words)}</table>\n`);
}

/** One page of the list (status specification, 3.2). What is not known while uploading is blank. */
export function toListPage(rows: readonly ListedFile[]): string {
  const headings = [
    'File Id',
    'File Format',
    'Status',
    'File Name',
    'Received Date and Time',
    'Record Count',
  ];
  const cells = rows.map(({ file, status, shownName }) => [
    String(file.fileId),
    file.format,
    status,
    shownName,
    receivedFormat.format(file.receivedAt).replace(',', ''),
    status === 'Uploading File' || status === 'Upload Error' ? '' : String(file.records),
  ]);
  return toPage(toTable(headings, cells) + toLinks('viewSubmittedDataDetails.jsp?'));
}

/** One page of the errors of a file (status specification, 3.3). */
export function toErrorsPage(fileId: string, errors: HeldFile['errors']): string {
  const cells = errors.map(({ words, occurrences }) => [words, String(occurrences)]);
  return toPage(
    toTable(['Error', 'Occurrences'], cells) + toLinks(`viewFileErrors.jsp?userAction=ERROR&fid=${fileId}&`),
  );
}

export const topPage = toPage('<h1>OMAR-Online</h1>\n');
export const loginPage = toPage('<h1>OMAR-Online Log In</h1>\n<p>Select your certificate to continue.</p>\n');
export const maintenancePage = toPage(
  '<h1>OMAR-Online is down for maintenance</h1>\n<p>Try again later.</p>\n',
);
export const policyPage = toPage('<p>Too many requests. Please retry your request later.</p>\n');
export const forbiddenPage = toPage('<h1>You are not authorized to access this page</h1>\n');
export const notFoundPage = toPage('<h1>Not Found</h1>\n');
export const busyPage = toPage('<h1>Service busy</h1>\n');
export const unknownPage = toPage('<p>Thank you for your submission. Processing continues.</p>\n');

/**
 * The same words in a page as it may look one day, or as the specifications' scan shows it: damaged tags, an open
 * quotation mark, odd letter case and spacing, and in tables with headings a column more at the front.
 */
export function toDamaged(html: string): string {
  return html
    .replaceAll('<tr><th>', '<tr><th>Late</th><th>')
    .replaceAll('<tr><td>', '<tr><td>N</td><td>')
    .replaceAll('class="formgray"', 'class="formgray ')
    .replaceAll('File Size : ', 'Fie Size:')
    .replaceAll('File Id: ', 'Fie&nbsp;Id : ')
    .replaceAll('<th>File Id', '<th>\nFILE&nbsp;ID')
    .replaceAll('</td>', '<fd>')
    .replaceAll('</tr>', '<fr>')
    .replaceAll('<td', '<TD')
    .replaceAll('<th>', '<TH ALIGN=left>');
}

const newNames: Readonly<Record<string, string>> = {
  'Meter file uploaded and Saved As': 'was stored under the title',
  'File Size': 'Length',
  'File Id': 'Document',
  'File Name': 'Title',
  'File Format': 'Kind',
  Status: 'Progress',
  'Received Date and Time': 'Since',
  'Record Count': 'Entries',
  Error: 'Finding',
  Occurrences: 'Times',
};

/** The same words in a page as after a new release: columns in another order, and everything by another name. */
export function toNewLayout(html: string): string {
  return Object.entries(newNames)
    .reduce((page, [from, to]) => page.replaceAll(from, to), html)
    .replace(/<tr>(<(t[hd])>.*)<\/tr>/g, (_, cells: string, tag: string) => {
      const apart = cells.split(`</${tag}>`).slice(0, -1);
      return `<tr>${apart.reverse().join(`</${tag}>`)}</${tag}></tr>`;
    });
}

/** The same page, every row of its table twice. */
export function toDoubled(html: string): string {
  return html.replace(/<tr><td>.*<\/tr>\n/g, '$&$&');
}

function toTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const toRow = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${toEscaped(cell)}</${tag}>`).join('')}</tr>\n`;
  return `<table border="1">\n${toRow(headings, 'th')}${rows.map((row) => toRow(row, 'td')).join('')}</table>\n`;
}

function toLinks(address: string): string {
  const link = (dir: string, text: string) => `<a href="${toEscaped(`${address}dir=${dir}`)}">${text}</a>`;
  return `${link('PREV', 'Previous')} ${link('NEXT', 'Next')}\n`;
}

function toPage(content: string): string {
  return `<html><body>\n${content}</body></html>\n`;
}

function toEscaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
