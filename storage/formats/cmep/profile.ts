import type { Quality } from '../format.ts';
import type { CrcName } from './fields/crc16.ts';
import type { CmepSwitch } from './switches.ts';

/** How senders differ (CMEP facts, section 14). A dialect is one row of `cmepProfiles`; settings change some of it. */
export interface CmepProfile {
  /** The row's name with its settings: `nisc-dcsi:local-stamps`. */
  readonly name: string;
  /** What is taken beside the protocol as written. */
  readonly allows: ReadonlySet<CmepSwitch>;
  readonly units: ReadonlySet<string>;
  /** Quality by flag letter; the empty flag is always `validated`. */
  readonly flags: Readonly<Record<string, Quality>>;
  /** Whether what follows the flag letter, `bytes[start, end)`, is right. */
  readonly isFlagSuffix: (bytes: Uint8Array, start: number, end: number) => boolean;
  readonly flagForm: string;
  /** Text fields that must not be empty, by number. */
  readonly required: readonly number[];
  /** Where the meter's identity stands: in field 8, or where the key in field 4 points (Sensus). */
  readonly identity: 'meter-id' | 'sensus-key';
  readonly labels: ReadonlySet<string>;
  readonly seasons: ReadonlySet<string>;
  /** Parameter names of MEPEC01. */
  readonly equipmentParameters: ReadonlySet<string>;
  /** Version dates that are known beside those of the record type. */
  readonly versions: readonly string[];
  /** Whether MLA01 is a record type. */
  readonly takesAlarms: boolean;
  /** Most triplets of MEPMD01, and most characters of a line without its end. */
  readonly maxTriplets: number;
  readonly maxTextBytes: number;
  /** What stands between fields. With tabs, a line of headings may stand before the records, and is written. */
  readonly separator: ',' | '\t';
  /** Zone of the stamps in the data, and of field 7; undefined: UTC. */
  readonly stampZone: string | undefined;
  readonly createdZone: string | undefined;
  /** What stands after every value that another triplet follows. */
  readonly valueMark: '' | '#';
  readonly crc: CrcName;
  /** Whether the partner has agreed to the CRC: then a difference refuses the record. */
  readonly isCrcAgreed: boolean;
  readonly writes: CmepForm;
}

/** How the dialect is written, where the canonical form (CMEP facts, section 17) leaves a choice. */
export interface CmepForm {
  /** Field 2 of MEPMD01 and of MEPMD02. */
  readonly intervalVersion: string;
  readonly touVersion: string;
  /** The flag of each quality; undefined where the dialect has none. */
  readonly flags: Readonly<Record<Quality, string | undefined>>;
  /** What stands beside the flag of a missing value. */
  readonly missingValue: '' | '0';
  /** Whether stamps that follow from the one before are left out, for steps below a day. */
  readonly omitsStamps: boolean;
  /** What follows the last value: nothing, a comma, or a comma and the CRC. */
  readonly crcSlot: 'omit' | 'empty' | 'crc16';
  /** Interval of register records. */
  readonly registerInterval: string;
  readonly maxTriplets: number;
}
