interface NaiveChannel {
  readonly label: string;
  readonly values: number[];
  /** `channel status,interval status` of each interval. */
  readonly statuses: string[];
}

/** The channels of an MDEF file, read with nothing but the offsets of ISO facts 5; knows nothing of the scanner. */
export function readNaively(bytes: Buffer): NaiveChannel[] {
  const channels: NaiveChannel[] = [];
  let flags = 'YY';
  for (let start = 0; start < bytes.length; start += 216) {
    const code = bytes.readInt16LE(start + 2);
    if (code === 10) {
      flags = bytes.toString('latin1', start + 99, start + 101);
      channels.push({
        label: bytes.toString('latin1', start + 44, start + 56).trim(),
        values: [],
        statuses: [],
      });
    }
    if (code < 1001 || code > 9998) continue;
    const size = { YY: 8, NY: 6, YN: 6, NN: 4 }[flags] ?? 0;
    for (let at = start + 24; at + size <= start + 216; at += size) {
      if (bytes.readUInt32LE(at) === 0x7fff7fff) break;
      const words = [4, 6].slice(0, (size - 4) / 2).map((offset) => bytes.readUInt16LE(at + offset));
      const [first = 0, second = 0] = words;
      channels.at(-1)?.values.push(bytes.readFloatLE(at));
      channels.at(-1)?.statuses.push(flags === 'NY' ? `0,${first}` : `${first},${second}`);
    }
  }
  return channels;
}
