/**
 * CRC-16/ARC (polynomial 0x8005 reflected, start 0): the variant assumed for CMEP, whose text does not name one (facts,
 * section 4). The check value of `123456789` is 0xBB3D.
 */
export function toCrc16(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0;
  for (let i = start; i < end; i++) {
    crc ^= bytes[i] as number;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}
