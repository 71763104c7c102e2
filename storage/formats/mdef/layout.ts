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

/** Records of intervals that one channel can have. */
export const maxIntervalRecords = codes.lastInterval - codes.firstInterval + 1;

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
  ['name', 'CM_NAME', 24, 20],
  ['address1', 'CM_ADDR1', 44, 20],
  ['address2', 'CM_ADDR2', 64, 20],
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
  ['recorder', 'DC_RECID', 24, 14],
  ['label', 'DC_METERID', 44, 12],
  ['start', 'TA_START', 56, 12],
  ['stop', 'TA_STOP', 68, 12],
  ['unnamed80', 'offset 80', 80, 12],
  ['unnamed92', 'offset 92', 92, 1],
  ['physicalChannel', 'DC_PHYSCHAN', 93, 2],
  ['channel', 'DC_LOGCHAN', 95, 2],
  ['unitCode', 'DC_UMCODE', 97, 2],
  ['hasChannelStatus', 'CHANSTAT', 99, 1],
  ['hasIntervalStatus', 'INTSTAT', 100, 1],
  ['startReading', 'STRTMTR', 101, 12],
  ['stopReading', 'STOPMTR', 113, 12],
  ['readingPlaces', 'offset 125', 125, 1],
  ['multiplier', 'DC_MMULT', 126, 10],
  ['service', 'DC_SERVTYPE', 166, 1],
  ['perHour', 'DR_INPHR', 177, 2],
  ['unnamed191', 'offset 191', 191, 2],
  ['status', 'TD_STATUS', 193, 2],
  ['flow', 'DC_FLOW', 210, 1],
  ['kvaSet', 'DC_KVASET', 211, 2],
  ['origin', 'TD_ORIGIN', 213, 1],
]);

/** Intervals are packed from here to the record's end. */
export const intervalData = { offset: 24, length: 192 };

export const trailer = toFields([
  ['length', 'RLEN', 0, 2],
  ['code', 'RCODE', 2, 2],
  ['records', 'record count', 34, 10],
  ['madeAt', 'time made', 204, 12],
]);

/** Two bytes of filling after the last interval. */
export const fillerWord = 0x7fff;
/** The filling of a value: a NaN. */
export const fillerValue = 0x7fff_7fff;
