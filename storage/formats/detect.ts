import { type ProfileProposal, proposeProfile } from './cmep/propose-profile.ts';
import { type FaultTable, toFaultText } from './fault-list.ts';
import type { Fault, FormatName } from './format.ts';
import { isFirstLine, omarCsvLayouts } from './omar-csv/columns.ts';

/** What can keep a file from having a format; `docs/formats.md` shows the same table. */
export const detectFaults = {
  E_EMPTY: { level: 'error', reason: 'An empty file was probably cut.' },
  E_BOM: { level: 'error', reason: 'The formats are ASCII; a byte order mark belongs to a text editor.' },
  E_UTF16: { level: 'error', reason: 'The formats are ASCII, one byte a character.' },
  E_COMPRESSED: { level: 'error', reason: 'Files are posted as they are; compression is the transport’s.' },
  E_HTML: { level: 'error', reason: 'A web page was saved in place of the file it links to.' },
  E_X12_FRAGMENT: {
    level: 'error',
    reason: 'The separators of X12 stand in the ISA; a file that begins behind it cannot be read.',
  },
  E_X12_SET: { level: 'error', reason: 'Of X12 only 867 (usage) and 997 (acknowledgement) are read.' },
  E_NUL: { level: 'error', reason: 'A text format has no NUL bytes; the file is binary or damaged.' },
  E_UNKNOWN: { level: 'error', reason: 'The beginning fits none of the formats.' },
  E_NAME: { level: 'error', reason: 'Name and content disagree: one of the two is not what was meant.' },
  E_FORMAT: {
    level: 'error',
    reason: 'The format that was chosen and the content disagree; a name is passed over where one is chosen.',
  },
} as const satisfies FaultTable<string>;

export type DetectFaultCode = keyof typeof detectFaults;

export type Detection =
  | {
      readonly format: FormatName;
      readonly why: string;
      /** A dialect that the beginning fits (CMEP): for a person to choose, never used unasked. */
      readonly profile?: ProfileProposal | undefined;
    }
  | { readonly fault: Fault };

/** So much of a file's beginning is looked at. */
export const headBytes = 4_096;

const compressed: readonly (readonly [string, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['ZIP', [0x50, 0x4b, 0x03, 0x04]],
];
/** Length 216 and record code 1, both 16-bit little endian. */
const mdefStart = [0xd8, 0x00, 0x01, 0x00];

/** Formats that a name's extension may stand for; other extensions say nothing. */
const extensions: Readonly<Record<string, readonly FormatName[]>> = {
  dat: ['cmep', 'mdef', 'x12-867', 'x12-997'],
  // CMEP is comma-separated text too, and head-ends deliver it under that name.
  csv: ['cmep', 'omar-csv'],
  mde: ['mdef'],
  mdf: ['mdef'],
  mdef: ['mdef'],
  cmep: ['cmep'],
  txt: ['cmep', 'omar-csv', 'x12-867', 'x12-997'],
  edi: ['x12-867', 'x12-997'],
  x12: ['x12-867', 'x12-997'],
  867: ['x12-867'],
  997: ['x12-997'],
  // No format that is read: what is inside was not meant for a reader of it.
  gz: [],
  zip: [],
  zst: [],
  xml: [],
  pdf: [],
  xlsx: [],
};

/**
 * The format of a file by its content; the name only has to agree. Whether the rest is right, the scanner says.
 *
 * @param head the file's first bytes, up to {@link headBytes} of them, all if the file is shorter
 * @param fileName the poster's name for it, if there is one; with no or an unknown extension it is no conflict
 */
export function detectFormat(head: Uint8Array, fileName?: string): Detection {
  const bytes = head.subarray(0, headBytes);
  const found = detectBinary(bytes) ?? detectText(bytes);
  if ('fault' in found) return found;
  const extension = /\.([a-z0-9]+)$/i.exec(fileName ?? '')?.[1]?.toLowerCase() ?? '';
  const allowed = Object.hasOwn(extensions, extension) ? extensions[extension] : undefined;
  if (allowed === undefined || allowed.includes(found.format)) return found;
  const message = `The name ends in .${extension} (${allowed.join(' or ') || 'no format that is read'}), but the content is ${found.format}: ${found.why}.`;
  return toFault('E_NAME', message, new TextEncoder().encode(fileName));
}

/** Content that damage may have left so: of which format it is, whoever chose one knows better. */
const openFaults: readonly string[] = ['E_EMPTY', 'E_BOM', 'E_NUL', 'E_UNKNOWN'] satisfies DetectFaultCode[];
const openX12Faults: readonly string[] = ['E_X12_FRAGMENT', 'E_X12_SET'] satisfies DetectFaultCode[];

/**
 * The format of a file for which one was chosen. The content has to agree, the name is passed over: who chose knows it.
 * Content that shows no format is taken for the chosen one, so that its scanner says what is wrong with it.
 *
 * @param head as in {@link detectFormat}
 */
export function confirmFormat(head: Uint8Array, chosen: FormatName): Detection {
  const found = detectFormat(head);
  if ('fault' in found) {
    const { code } = found.fault;
    const isOpen = openFaults.includes(code) || (chosen.startsWith('x12') && openX12Faults.includes(code));
    return isOpen ? { format: chosen, why: 'it was chosen' } : found;
  }
  if (found.format === chosen) return found;
  const message = `The file was to be read as ${chosen}, but the content is ${found.format}: ${found.why}.`;
  return toFault('E_FORMAT', message, head.subarray(0, headBytes));
}

function detectBinary(bytes: Uint8Array): Detection | undefined {
  if (bytes.length === 0) return toFault('E_EMPTY', 'The file is empty.', bytes);
  if (startsWith(bytes, mdefStart)) {
    return { format: 'mdef', why: 'it starts with a 216-byte record of code 1, a meter header' };
  }
  if (startsWith(bytes, [0xef, 0xbb, 0xbf])) {
    return toFault('E_BOM', 'The file starts with a UTF-8 byte order mark; save it as plain ASCII.', bytes);
  }
  if (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff])) {
    return toFault('E_UTF16', 'The file is UTF-16 text; save it as plain ASCII.', bytes);
  }
  const packed = compressed.find(([, magic]) => startsWith(bytes, magic));
  if (packed !== undefined) {
    return toFault('E_COMPRESSED', `The file is compressed with ${packed[0]}; unpack it first.`, bytes);
  }
  const nul = bytes.indexOf(0);
  if (nul === -1) return undefined;
  return toFault('E_NUL', 'There is a NUL byte: no text format, and no MDEF either.', bytes, nul);
}

/** A record of CMEP, with commas or tabs between its fields; with tabs, headings may stand before it. */
const firstRecord = /^(?:[^\t\n]*\t[^\n]*\n)? *"?(MEP[A-Z]{2}\d{2}|MLA01)"? *[,\t]/i;

function detectText(bytes: Uint8Array): Detection {
  const text = new TextDecoder('latin1').decode(bytes);
  const [firstLine = ''] = text.split(/\r?\n/, 1);
  const type = firstRecord.exec(text)?.[1];
  if (type !== undefined) {
    return { format: 'cmep', why: `its first record is of type ${type}`, profile: proposeProfile(bytes) };
  }
  const layout = omarCsvLayouts.find((candidate) => isFirstLine(firstLine, candidate));
  if (layout !== undefined) {
    return { format: 'omar-csv', why: `its first line is that of the OMAR CSV layout ${layout.name}` };
  }
  if (/^\s*<(!doctype html|html|head|body)\b/i.test(text)) {
    return toFault('E_HTML', 'The file is a web page; download the file itself.', bytes);
  }
  const x12 = detectX12(text, bytes);
  if (x12 !== undefined) return x12;
  const message =
    'The first line is neither a CMEP record nor the header or a row of OMAR CSV, and the file is neither X12 nor MDEF.';
  return toFault('E_UNKNOWN', message, bytes);
}

/** An interchange by its first group and set; what stands in it the scanner says. */
function detectX12(text: string, bytes: Uint8Array): Detection | undefined {
  const separator = /^\s*ISA([^A-Za-z0-9\s])/.exec(text)?.[1];
  if (separator === undefined) {
    const first = /^\s*(GS|GE|ST|SE|IEA|TA1|BPT|PTD|QTY|AK\d)[^A-Za-z0-9\s,]/.exec(text)?.[1];
    if (first === undefined) return undefined;
    return toFault('E_X12_FRAGMENT', `The file begins with ${first}, inside an X12 interchange.`, bytes);
  }
  // The terminator is unknown where the ISA is broken: any one character that values do not hold.
  const elements = text.split(separator);
  const group = elements.findIndex((element) => /(^|[^A-Za-z0-9])GS$/.test(element));
  const set = elements.findIndex((element) => /(^|[^A-Za-z0-9])ST$/.test(element));
  const id = (group === -1 ? undefined : elements[group + 1]) ?? '';
  const number = /^\d{3}/.exec((set === -1 ? undefined : elements[set + 1]) ?? '')?.[0] ?? '';
  if (id === 'PT' || (id === '' && number === '867'))
    return { format: 'x12-867', why: 'it is an X12 interchange (ISA) of usage reports (PT, 867)' };
  if (id === 'FA' || (id === '' && number === '997'))
    return { format: 'x12-997', why: 'it is an X12 interchange (ISA) of acknowledgements (FA, 997)' };
  const found = id === '' ? 'without a group in its beginning' : `of ${id} ${number}`.trimEnd();
  return toFault(
    'E_X12_SET',
    `The file is an X12 interchange ${found}; expected PT (867) or FA (997).`,
    bytes,
  );
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

function toFault(code: DetectFaultCode, message: string, bytes: Uint8Array, byteOffset = 0): Detection {
  const text = toFaultText(bytes, byteOffset, Math.min(bytes.length, byteOffset + 60));
  const { level } = detectFaults[code];
  return { fault: { code, level, line: 0, field: 'file', fieldNumber: 0, byteOffset, text, message } };
}
