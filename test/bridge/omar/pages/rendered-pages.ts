import type { OmarStatus } from '../../../../bridge/omar/outcomes.ts';
import { getTestCertificates } from '../../../support/certificates.ts';
import { request } from '../../../support/https.ts';
import { startSimulator, toCsv } from '../omar-setup.ts';

/** The pages of OMAR-Online, each as the simulator's own code makes it and sends it. */
export interface RenderedPages {
  readonly first: string;
  readonly logIn: string;
  readonly maintenance: string;
  /** Of a file `sample5.csv`. */
  readonly uploaded: string;
  /** By the words that each is known by. */
  readonly refusals: Readonly<Record<(typeof refusalWords)[number], string>>;
  /** The row of one file, by the status that the file has. */
  readonly single: Readonly<Record<OmarStatus, string>>;
  /** Filtered to a file that is not there. */
  readonly absent: string;
  /** A list of 27 files: its first page and its last. */
  readonly list: readonly [string, string];
  /** The 27 kinds of errors of one file: the first page and the last. */
  readonly errors: readonly [string, string];
  /** The errors of a file that has none. */
  readonly noErrors: string;
}

export const uploadedName = 'sample5.csv';
/** How many files and kinds of errors there are, in two pages of 25 at most. */
export const rowCount = 27;
/** Size of the file `uploadedName` of the page `uploaded`. */
export const uploadedBytes = toBadCsv().length;
/** The first file that a simulator takes. */
export const firstFileId = '528527';
/** The file of each page in `single`. */
export const fileIdsByStatus: Readonly<Record<OmarStatus, string>> = {
  'Uploading File': '528527',
  'Upload Complete': '528527',
  'Running Validation': '528527',
  'Validation Passed': '528527',
  'Upload Error': '528528',
  'Validation Error': '528529',
  'Validation Failed': '528530',
};
/** What each refusal is known by. */
export const refusalWords = [
  'File extension must be',
  'File name must not exceed 40',
  'File name is not valid',
  'File is too large',
  'The form has no file',
  'must be sent with POST',
] as const;

const list = '/viewSubmittedDataDetails.jsp';
const filter = `${list}?dir=START&userAction=Filter&searchChoice=FILE_ID&searchValue=`;

/** Starts simulators and asks them for every page there is. */
export async function renderPages(): Promise<RenderedPages> {
  const site = await openSite({});
  const logIn = (await site.ask('GET', list, '')).toString();
  const uploaded = await site.upload(uploadedName, toBadCsv());
  const refusals = {
    'File extension must be': await site.upload('a.txt', toCsv(1)),
    'File name must not exceed 40': await site.upload(`${'a'.repeat(37)}.csv`, toCsv(1)),
    'File name is not valid': await site.upload('ä.csv', toCsv(1)),
    'File is too large': await site.upload('a.csv', Buffer.alloc(512_000)),
    'The form has no file': await site.upload('', toCsv(1)),
    'must be sent with POST': await site.read('/uploadProcess.jsp'),
  };
  for (let number = 2; number <= rowCount; number++) await site.upload(`unit${number}.csv`, toCsv(1));
  const first = await site.read(list);
  const last = await site.read(`${list}?dir=NEXT`);
  const errors = `/viewFileErrors.jsp?dir=START&userAction=ERROR&fid=`;
  const pages = {
    first: await site.read('/fr_top.jsp'),
    logIn,
    uploaded,
    refusals,
    list: [first, last] as const,
    errors: [
      await site.read(`${errors}${firstFileId}`),
      await site.read(`/viewFileErrors.jsp?userAction=ERROR&fid=${firstFileId}&dir=NEXT`),
    ] as const,
    noErrors: await site.read(`${errors}528528`),
    absent: await site.read(`${filter}1`),
    single: await renderStatuses(),
  };
  site.faults.arm({ fault: 'maintenance', kind: 'session', times: 1 });
  return { ...pages, maintenance: await site.read('/fr_top.jsp') };
}

/** One file, asked for while it goes through its statuses, and those that end otherwise. */
async function renderStatuses(): Promise<RenderedPages['single']> {
  let now = Date.UTC(2026, 10, 20);
  const delays = { uploadingMs: 10, uploadCompleteMs: 10, runningValidationMs: 10 };
  const site = await openSite({ clock: { now: () => now }, delays });
  await site.upload(uploadedName, toCsv(3));
  site.faults.arm({ fault: 'upload-error', kind: 'upload', times: 1 });
  await site.upload(uploadedName, toCsv(3));
  site.faults.arm({ fault: 'validation-error', kind: 'upload', times: 1 });
  await site.upload(uploadedName, toCsv(3));
  await site.upload(uploadedName, toBadCsv());
  const readAt = (ageMs: number, status: OmarStatus) => {
    now = Date.UTC(2026, 10, 20) + ageMs;
    return site.read(`${filter}${fileIdsByStatus[status]}`);
  };
  return {
    'Uploading File': await readAt(0, 'Uploading File'),
    'Upload Error': await readAt(10, 'Upload Error'),
    'Upload Complete': await readAt(10, 'Upload Complete'),
    'Running Validation': await readAt(20, 'Running Validation'),
    'Validation Error': await readAt(30, 'Validation Error'),
    'Validation Passed': await readAt(30, 'Validation Passed'),
    'Validation Failed': await readAt(30, 'Validation Failed'),
  };
}

async function openSite(options: Parameters<typeof startSimulator>[0]) {
  const simulator = await startSimulator(options);
  const { authority, staff: certificate } = await getTestCertificates();
  const toUrl = (target: string) => `${simulator.url}${target}`;
  const { headers } = await request('GET', toUrl('/fr_top.jsp'), { authority, certificate });
  const session = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const ask = async (method: string, target: string, cookie = session, body?: Buffer) => {
    const type = body && { 'content-type': 'multipart/form-data; boundary=b' };
    const options = { authority, certificate, headers: { cookie, ...type }, ...(body && { body }) };
    return (await request(method, toUrl(target), options)).body;
  };
  return {
    ask,
    faults: simulator.faults,
    read: async (target: string) => (await ask('GET', target)).toString(),
    upload: async (name: string, bytes: Buffer) => {
      const head = `--b\r\nContent-Disposition: form-data; name="datafile"; filename="${name}"\r\n\r\n`;
      const form = Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--b--\r\n')]);
      return (await ask('POST', '/uploadProcess.jsp', session, form)).toString();
    },
  };
}

/** Each row has an error of its own. */
function toBadCsv(): Buffer {
  const rows = Array.from({ length: rowCount }, (_, at) => `R${at},GEN,KWH,15,2004-03-02T00:15:00Z,x,\r\n`);
  return Buffer.from(rows.join(''));
}
