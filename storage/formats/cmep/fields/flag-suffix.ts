import { readDigits } from './stamp-reader.ts';

const maxMask = 4_294_967_295;

/** The protocol: a letter and nothing else. */
export function noSuffix(_bytes: Uint8Array, start: number, end: number): boolean {
  return start === end;
}

/** Sensus: an unsigned 32-bit mask in decimal (`R0`, `N32`), or nothing. */
export function isMaskSuffix(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return true;
  if (end - start > 10) return false;
  const mask = readDigits(bytes, start, end - start);
  return mask >= 0 && mask <= maxMask;
}

/** SmartSynch and Yukon: two bytes as hexadecimal pairs, each after a blank (`R 00 00`), or nothing. */
export function isTwoByteSuffix(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return true;
  return end - start === 6 && isBlankAndByte(bytes, start) && isBlankAndByte(bytes, start + 3);
}

function isBlankAndByte(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x20 && isHexDigit(bytes[at + 1] as number) && isHexDigit(bytes[at + 2] as number);
}

/** One of `0-9 A-F a-f`. */
export function isHexDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
