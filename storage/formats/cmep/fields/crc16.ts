interface CrcVariant {
  /** As standards name it. */
  readonly title: string;
  /** The polynomial: with its bits turned round where bytes are taken lowest bit first. */
  readonly polynomial: number;
  readonly isReflected: boolean;
  readonly start: number;
}

/**
 * The ways in which a CRC-16 may be meant: CMEP's text names none (facts, section 4). The check values of `123456789`
 * are BB3D, 29B1 and 31C3.
 */
export const crcVariants = {
  arc: { title: 'CRC-16/ARC', polynomial: 0xa001, isReflected: true, start: 0 },
  'ccitt-false': { title: 'CRC-16/CCITT-FALSE', polynomial: 0x1021, isReflected: false, start: 0xffff },
  xmodem: { title: 'CRC-16/XMODEM', polynomial: 0x1021, isReflected: false, start: 0 },
} as const satisfies Readonly<Record<string, CrcVariant>>;

export type CrcName = keyof typeof crcVariants;

/** What each byte adds, by variant; made when a file first has a CRC. */
const tables = new Map<CrcName, Uint16Array>();

/** The CRC of `bytes[start, end)`. */
export function toCrc16(bytes: Uint8Array, start: number, end: number, name: CrcName): number {
  const variant = crcVariants[name];
  const table = getTable(name);
  let crc: number = variant.start;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    crc = variant.isReflected
      ? (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] as number)
      : ((crc << 8) & 0xffff) ^ (table[(crc >>> 8) ^ byte] as number);
  }
  return crc;
}

/** `H` and four hexadecimal digits, as it stands in a record. */
export function toCrcText(crc: number): string {
  return `H${crc.toString(16).toUpperCase().padStart(4, '0')}`;
}

function getTable(name: CrcName): Uint16Array {
  const known = tables.get(name);
  if (known !== undefined) return known;
  const table = Uint16Array.from({ length: 256 }, (_, byte) => toTableEntry(byte, crcVariants[name]));
  tables.set(name, table);
  return table;
}

function toTableEntry(byte: number, { polynomial, isReflected }: CrcVariant): number {
  let crc = isReflected ? byte : byte << 8;
  for (let bit = 0; bit < 8; bit++) {
    if (isReflected) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    else crc = crc & 0x8000 ? ((crc << 1) ^ polynomial) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
