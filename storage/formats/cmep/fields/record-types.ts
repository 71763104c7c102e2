/**
 * How the records of a type are taken: interval and time-of-use data give reading sets; equipment and alarms are
 * checked whole and give none; of the rest only what is known is checked.
 */
type RecordKind = 'interval' | 'time-of-use' | 'equipment' | 'alarm' | 'administration' | 'opaque';

/** The layout of a record type: fixed fields, then `Count` times a group of fields, if the layout is known so far. */
export interface RecordLayout {
  readonly type: string;
  readonly kind: RecordKind;
  readonly title: string;
  /** Names of the fixed fields, from field 1; the last is the count of groups, where there are any. */
  readonly fixed: readonly string[];
  /** Names of the fields of a group, each shown after `Data 1`. */
  readonly group: readonly string[];
  readonly minGroups: number;
  readonly maxGroups: number;
  /** Version dates that were announced or are in use; any other is a warning. None: nobody knows any. */
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
];
const meterCommon = [...common, 'Meter ID', 'Purpose', 'Commodity', 'Units'];

/** CMEP facts, section 6. */
export const intervalLayout: RecordLayout = {
  type: 'MEPMD01',
  kind: 'interval',
  title: 'interval and register data',
  fixed: [...meterCommon, 'Calculation Constant', 'Interval', 'Count'],
  group: ['stamp', 'flag', 'value'],
  minGroups: 1,
  maxGroups: 48,
  versions: ['19970819', '19990504', '20080501', '20080519'],
};

/** CMEP facts, section 11. */
export const touLayout: RecordLayout = {
  type: 'MEPMD02',
  kind: 'time-of-use',
  title: 'time-of-use data',
  fixed: [
    ...meterCommon,
    'Season identifier',
    'Calculation Constant',
    'Data Start Time',
    'Data Timestamp',
    'Count',
  ],
  group: ['label', 'flag', 'value'],
  minGroups: 1,
  maxGroups: 6,
  versions: ['19970819', '20080501'],
};

/** CMEP facts, section 13. */
export const equipmentLayout: RecordLayout = {
  type: 'MEPEC01',
  kind: 'equipment',
  title: 'equipment configuration',
  fixed: [
    ...common,
    'Record ID',
    'Operation Type',
    'Purpose',
    'Comment',
    'Commodity',
    'Activity',
    'Equipment Type',
    'Manufacturer',
    'Model',
    'Serial number',
    'Identifier',
    'Date of purchase',
    'Date of installation',
    'Owner',
    'Parameter count',
  ],
  group: ['name', 'value'],
  minGroups: 0,
  maxGroups: 16,
  versions: ['19980618', '20080501'],
};

/** Sensus only, the layout of MEPMD01 (CMEP facts, section 14.1). */
export const alarmLayout: RecordLayout = {
  ...intervalLayout,
  type: 'MLA01',
  kind: 'alarm',
  title: 'meter alarms of Sensus',
  versions: ['20080501'],
};

/** The positions after field 9 were never verified, so they are not looked at (CMEP facts, section 13.1). */
const administrationLayout: RecordLayout = {
  ...toOpaque('MEPAD01', 'administration, direct access service request'),
  kind: 'administration',
  fixed: [...common, 'Record ID', 'Operation Type'],
  versions: ['19970912'],
};

const layouts: readonly RecordLayout[] = [
  intervalLayout,
  touLayout,
  equipmentLayout,
  alarmLayout,
  administrationLayout,
  toOpaque('MEPAD02', 'customer credit data'),
  toOpaque('MEPBD01', 'billed dollars'),
  toOpaque('MEPBD02', 'interval pricing plan'),
  toOpaque('MEPBD03', 'time-of-use pricing plan'),
  toOpaque('MEPLF01', 'distribution loss factors'),
  toOpaque('MEPRR01', 'record reject'),
];
const layoutOfType = new Map(layouts.map((layout) => [layout.type, layout]));

export const recordTypes: readonly string[] = [...layoutOfType.keys()];

/** The layout of a record type, or undefined when there is no such type. */
export function findLayout(type: string): RecordLayout | undefined {
  return layoutOfType.get(type);
}

/** The layout of records of which only the common fields are known. */
export function toOpaque(type: string, title: string): RecordLayout {
  return {
    type,
    kind: 'opaque',
    title,
    fixed: common,
    group: [],
    minGroups: 0,
    maxGroups: 0,
    versions: [],
  };
}

/** Name of field `number`, from 1; `Data 3 value` for the third triplet's. */
export function toFieldName(layout: RecordLayout, number: number): string {
  const { fixed, group } = layout;
  const index = number - fixed.length - 1;
  if (index < 0) return fixed[number - 1] as string;
  if (group.length === 0) return `Field ${number}`;
  return `Data ${Math.floor(index / group.length) + 1} ${group[index % group.length]}`;
}
