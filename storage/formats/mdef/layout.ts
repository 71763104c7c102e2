/** A field of a record: where it lies, and its number in the layout for faults. */
export interface MdefField {
  readonly name: string;
  readonly number: number;
  readonly offset: number;
  readonly length: number;
}

export const recordBytes = 216;
export const codes = {
  meter: 1,
  channel: 10,
  firstInterval: 1001,
  lastInterval: 9998,
  trailer: 9999,
} as const;

/** ISO facts, section 5. The vendor's own layout was never published: offsets stand here and nowhere else. */
function toFields<Name extends string>(
  rows: readonly (readonly [Name, string, number, number])[],
): Readonly<Record<Name, MdefField>> {
  const entries = rows.map(([key, name, offset, length], index) => [
    key,
    { name, number: index + 1, offset, length },
  ]);
  return Object.fromEntries(entries) as Record<Name, MdefField>;
}

export const anyRecord = toFields([
  ['length', 'RLEN', 0, 2],
  ['code', 'RCODE', 2, 2],
  ['customer', 'CUSTID', 4, 20],
]);

export const meterHeader = toFields([
  ['length', 'RLEN', 0, 2],
  ['code', 'RCODE', 2, 2],
  ['customer', 'CM_CUSTID', 4, 20],
  ['account', 'CM_ACCOUNT', 84, 20],
  ['channels', 'CM_LOGCHANS', 111, 4],
  ['start', 'TA_START', 119, 12],
  ['stop', 'TA_STOP', 131, 12],
  ['dst', 'DST flag', 143, 1],
]);

export const channelHeader = toFields([
  ['length', 'RLEN', 0, 2],
  ['code', 'RCODE', 2, 2],
  ['customer', 'DC_CUSTID', 4, 20],
  ['label', 'DC_METERID', 44, 12],
  ['start', 'TA_START', 56, 12],
  ['stop', 'TA_STOP', 68, 12],
  ['channel', 'DC_LOGCHAN', 95, 2],
  ['unitCode', 'DC_UMCODE', 97, 2],
  ['hasChannelStatus', 'CHANSTAT', 99, 1],
  ['hasIntervalStatus', 'INTSTAT', 100, 1],
  ['perHour', 'DR_INPHR', 177, 2],
  ['status', 'TD_STATUS', 193, 2],
]);

/** Intervals are packed from here to the record's end. */
export const intervalData = { offset: 24, length: 192 };

export const trailer = toFields([
  ['length', 'RLEN', 0, 2],
  ['code', 'RCODE', 2, 2],
  ['records', 'record count', 34, 10],
]);

/** Two bytes of filling after the last interval. */
export const fillerWord = 0x7fff;

/** Bits of the channel status and of the interval status that decide the quality (section 5.7). */
export const channelStatusBits = { added: 2, replaced: 4, estimated: 8, excluded: 64 };
export const intervalStatusBits = { missing: 64, testMode: 2048 };
/** All bits that have a meaning. */
export const maxChannelStatus = 0x07ff;
export const maxIntervalStatus = 0x1fff;
