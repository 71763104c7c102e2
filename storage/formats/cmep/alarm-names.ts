/** What the bits of a Sensus alarm mask mean, from bit 0 (CMEP facts, section 14.1). */
const alarmBits = [
  'power failure',
  'power restore',
  'tamper',
  'brown-out',
  'meter read failure',
  'hot socket',
  'RAM',
  'ROM',
  'calibration',
  'register checksum',
  'reset',
  'meter RAM',
  'CRC',
  'soft EEPROM',
  'watchdog',
  'bit checksum',
  'soft kWh',
  'low AC',
  'current too high',
  'meter power fail',
  'hard EEPROM',
  'hard kWh',
  'configuration',
  'reverse power',
  'low loss potential',
  'low battery',
  'meter ROM',
  'unprogrammed',
  'clock',
  'high AC',
  'calibration corrupt',
  'power failure (31)',
  'bad register number',
  'block error 33',
  'block error 34',
  'block error 35',
  'block error 36',
  'disconnect fail',
  'reverse energy',
  'history overflow',
  'cut wire',
  'leak',
  'broken pipe',
  'back flow',
  'communication failed',
  'non numeric',
  'magnetic',
  'tilt',
  'clock adjusted',
  'corrector',
  'high temperature',
  'low pressure shutoff',
  'high pressure shutoff',
  'excess flow',
  'seismic',
  'low pressure warning',
  'high pressure warning',
  'unknown valve state',
  'swapped meter',
  'no communication for 30 days',
  'high voltage',
  'over class amps',
  'over temperature',
] as const;

const maskBits = 64;
const maxMask = (1n << BigInt(maskBits)) - 1n;

/** The 64-bit mask that decimal `text` says, or undefined when it says none. */
export function findAlarmMask(text: string): bigint | undefined {
  if (!/^\d{1,20}$/.test(text)) return undefined;
  const mask = BigInt(text);
  return mask <= maxMask ? mask : undefined;
}

/** The names of the bits that are set, lowest first; `bit 63` for one without a name. */
export function toAlarmNames(mask: bigint): string[] {
  const bits = Array.from({ length: maskBits }, (_, bit) => bit);
  return bits.filter((bit) => (mask >> BigInt(bit)) & 1n).map((bit) => alarmBits[bit] ?? `bit ${bit}`);
}
