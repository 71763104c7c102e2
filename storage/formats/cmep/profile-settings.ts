import type { CrcName } from './fields/crc16.ts';
import type { CmepForm, CmepProfile } from './profile.ts';
import { type CmepSwitch, cmepSwitches, switchNames } from './switches.ts';

interface CmepSetting {
  /** What it changes, as `docs/formats.md` shows it. */
  readonly title: string;
  readonly change: (profile: CmepProfile) => Partial<CmepProfile>;
}

export const pacific = 'America/Los_Angeles';

/** What partners with the same software do differently. Nothing of it can be seen in a file, so it is never guessed. */
const partnerSettings = {
  'local-stamps': {
    title: 'the stamps of the data are Pacific local time',
    change: () => ({ stampZone: pacific }),
  },
  'utc-stamps': { title: 'the stamps of the data are UTC', change: () => ({ stampZone: undefined }) },
  'local-created': {
    title: 'field 7 is Pacific local time',
    change: () => ({ createdZone: pacific }),
  },
  'utc-created': { title: 'field 7 is UTC', change: () => ({ createdZone: undefined }) },
  'a-good': {
    title: 'the flag A is an ordinary good reading',
    change: ({ flags, writes }) => ({
      flags: { ...flags, A: 'validated' },
      writes: { ...writes, flags: { ...writes.flags, validated: 'A', adjusted: undefined } },
    }),
  },
  'a-adjusted': {
    title: 'the flag A is an adjustment, as the protocol says',
    change: ({ flags, writes }) => ({
      flags: { ...flags, A: 'adjusted' },
      writes: {
        ...writes,
        flags: { ...writes.flags, validated: '', adjusted: writes.flags.adjusted ?? 'A' },
      },
    }),
  },
  tab: {
    title:
      'tabs stand between fields, and a line of headings before the records; read, it may be missing (`W_SKIPPED`)',
    change: () => ({ separator: '\t' }),
  },
  'crc-arc': {
    title: 'CRC-16/ARC is agreed and written: another CRC, or none, is the error `E_CRC`',
    change: toAgreed('arc'),
  },
  'crc-ccitt-false': {
    title: 'CRC-16/CCITT-FALSE is agreed and written: another CRC, or none, is the error `E_CRC`',
    change: toAgreed('ccitt-false'),
  },
  'crc-xmodem': {
    title: 'CRC-16/XMODEM is agreed and written: another CRC, or none, is the error `E_CRC`',
    change: toAgreed('xmodem'),
  },
  'write-omit': {
    title: 'written: nothing follows the last value',
    change: toForm({ crcSlot: 'omit' }),
  },
  'write-empty': {
    title: 'written: a comma follows the last value, the empty CRC slot of the protocol’s letter',
    change: toForm({ crcSlot: 'empty' }),
  },
  'write-crc16': { title: 'written: a CRC follows the last value', change: toForm({ crcSlot: 'crc16' }) },
  'write-all-stamps': { title: 'written: every stamp is given', change: toForm({ omitsStamps: false }) },
  'write-first-stamp': {
    title: 'written: stamps that follow from the one before and an Interval below a day are left out',
    change: toForm({ omitsStamps: true }),
  },
  'write-zero-for-none': {
    title: 'written: 0 beside the flag of a missing value, for readers that want a number',
    change: toForm({ missingValue: '0' }),
  },
} as const satisfies Readonly<Record<string, CmepSetting>>;

const lenient: CmepSetting = {
  title: 'all of the switches',
  change: () => ({ allows: new Set(switchNames) }),
};

/** Everything that may follow a profile's name. */
export const cmepSettings: Readonly<Record<string, CmepSetting>> = {
  ...partnerSettings,
  lenient,
  ...Object.fromEntries(switchNames.map((name) => [name, toSwitchSetting(name)])),
};

export function findSetting(name: string): CmepSetting | undefined {
  return Object.hasOwn(cmepSettings, name) ? cmepSettings[name] : undefined;
}

function toSwitchSetting(name: CmepSwitch): CmepSetting {
  return { title: cmepSwitches[name], change: ({ allows }) => ({ allows: new Set([...allows, name]) }) };
}

function toAgreed(crc: CrcName): CmepSetting['change'] {
  return ({ writes }) => ({ crc, isCrcAgreed: true, writes: { ...writes, crcSlot: 'crc16' } });
}

function toForm(form: Partial<CmepForm>): CmepSetting['change'] {
  return ({ writes }) => ({ writes: { ...writes, ...form } });
}
