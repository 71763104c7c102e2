import type { Quality } from '../format.ts';

/** One bit of a status word. Without a quality it is a remark: the value stands as it is. */
interface StatusBit {
  readonly value: number;
  readonly name: string;
  readonly quality?: 'estimated' | 'missing';
}

/**
 * Bits of the interval status (ISO facts, 5.7). Test mode is no usage, so its value is of no use to anybody.
 */
export const intervalStatusBits: readonly StatusBit[] = [
  { value: 1, name: 'PO power outage' },
  { value: 2, name: 'SI short interval' },
  { value: 4, name: 'LI long interval' },
  { value: 8, name: 'CR CRC error' },
  { value: 16, name: 'RA RAM checksum error' },
  { value: 32, name: 'RO ROM checksum error' },
  { value: 64, name: 'LA data missing', quality: 'missing' },
  { value: 128, name: 'CL clock error' },
  { value: 256, name: 'BR reset occurred' },
  { value: 512, name: 'WD watchdog time-out' },
  { value: 1024, name: 'TR time reset' },
  { value: 2048, name: 'TM test mode', quality: 'missing' },
  { value: 4096, name: 'LC load control' },
];

/** Bits of the channel status (ISO facts, 5.7). */
export const channelStatusBits: readonly StatusBit[] = [
  { value: 1, name: 'UPD retransmitted or updated' },
  { value: 2, name: 'AD added interval', quality: 'estimated' },
  { value: 4, name: 'RE replaced interval', quality: 'estimated' },
  { value: 8, name: 'ES estimated interval', quality: 'estimated' },
  { value: 16, name: 'POV pulse overflow' },
  { value: 32, name: 'DOV data out of limits' },
  { value: 64, name: 'ED excluded data', quality: 'missing' },
  { value: 128, name: 'PE parity' },
  { value: 256, name: 'ETC energy type or register changed' },
  { value: 512, name: 'LR alarm' },
  { value: 1024, name: 'HD harmonic distortion' },
];

/** What a writer sets: of the channel status for estimated, of the interval status for missing. */
export const writtenBits = { estimated: 8, missing: 64 };

const all = [...intervalStatusBits, ...channelStatusBits];

function toMask(bits: readonly StatusBit[], quality?: StatusBit['quality']): number {
  return bits
    .filter((bit) => quality === undefined || bit.quality === quality)
    .reduce((mask, { value }) => mask | value, 0);
}

const channelMissing = toMask(channelStatusBits, 'missing');
const intervalMissing = toMask(intervalStatusBits, 'missing');
const channelEstimated = toMask(channelStatusBits, 'estimated');
const channelKnown = toMask(channelStatusBits);
const intervalKnown = toMask(intervalStatusBits);

/** The quality that two status words give to a value of a data set that was accepted. */
export function toQuality(channelStatus: number, intervalStatus: number): Quality {
  if (channelStatus & channelMissing || intervalStatus & intervalMissing) return 'missing';
  return channelStatus & channelEstimated ? 'estimated' : 'validated';
}

/** Whether all bits have a meaning; an unknown one must not be taken for validated. */
export function isKnownStatus(channelStatus: number, intervalStatus: number): boolean {
  return (channelStatus & ~channelKnown) === 0 && (intervalStatus & ~intervalKnown) === 0;
}

/** How many intervals carry which remark (a bit that is no quality), of one channel. */
export class Remarks {
  readonly #counts = new Map<StatusBit, number>();

  add(channelStatus: number, intervalStatus: number): void {
    for (const bit of all) {
      const status = channelStatusBits.includes(bit) ? channelStatus : intervalStatus;
      if (bit.quality !== undefined || (status & bit.value) === 0) continue;
      this.#counts.set(bit, (this.#counts.get(bit) ?? 0) + 1);
    }
  }

  clear(): void {
    this.#counts.clear();
  }

  /** `35 PO power outage, 7 SI short interval`; empty when there is none. */
  toText(): string {
    return [...this.#counts].map(([{ name }, count]) => `${count} ${name}`).join(', ');
  }
}
