/** The layout of a record type that is taken: fixed fields, then `Count` times three. */
export interface RecordLayout {
  readonly type: 'MEPMD01' | 'MEPMD02';
  /** Names of the fixed fields, from field 1; the last is Count. */
  readonly fixed: readonly string[];
  readonly triplet: readonly [string, string, string];
  readonly maxTriplets: number;
  /** Version dates that were announced or are in use; any other is a warning. */
  readonly versions: readonly string[];
}

const common = [
  'Record Type',
  'Record Version',
  'Sender ID',
  'Sender customer ID',
  'Receiver ID',
  'Receiver customer ID',
  'Time stamp',
  'Meter ID',
  'Purpose',
  'Commodity',
  'Units',
];

/** CMEP facts, section 6. */
export const intervalLayout: RecordLayout = {
  type: 'MEPMD01',
  fixed: [...common, 'Calculation Constant', 'Interval', 'Count'],
  triplet: ['stamp', 'flag', 'value'],
  maxTriplets: 48,
  versions: ['19970819', '19990504', '20080501', '20080519'],
};

/** CMEP facts, section 11. */
export const touLayout: RecordLayout = {
  type: 'MEPMD02',
  fixed: [
    ...common,
    'Season identifier',
    'Calculation Constant',
    'Data Start Time',
    'Data Timestamp',
    'Count',
  ],
  triplet: ['label', 'flag', 'value'],
  maxTriplets: 6,
  versions: ['19970819', '20080501'],
};

/** Types that exist and are not taken, with what they are for (CMEP facts, section 5). */
export const untakenTypes: Readonly<Record<string, string>> = {
  MEPAD01: 'administration, direct access service request',
  MEPAD02: 'customer credit data',
  MEPBD01: 'billed dollars',
  MEPBD02: 'interval pricing plan',
  MEPBD03: 'time-of-use pricing plan',
  MEPLF01: 'distribution loss factors',
  MEPEC01: 'equipment configuration',
  MEPRR01: 'record reject',
  MLA01: 'meter alarms of Sensus, not a CMEP record',
};

/** Name of field `number`, from 1; `Data 3 value` for the third triplet's. */
export function toFieldName(layout: RecordLayout, number: number): string {
  const index = number - layout.fixed.length - 1;
  return layout.fixed[number - 1] ?? `Data ${Math.floor(index / 3) + 1} ${layout.triplet[index % 3]}`;
}
