import { toInvalid } from '../../model/errors.ts';
import { isMaskSuffix, isTwoByteSuffix, noSuffix } from './fields/flag-suffix.ts';
import type { CmepForm, CmepProfile } from './profile.ts';
import { cmepSettings, findSetting, pacific } from './profile-settings.ts';
import { protocolUnits, sensusUnits } from './units.ts';

const protocolFlags = { E: 'estimated', A: 'adjusted', N: 'missing', R: 'raw' } as const;
const protocolLabels = 'ON-PEAK OFF-PEAK PART-PEAK PEAK-2 PEAK-3 PEAK-4 TOTAL'.split(' ');
const protocolParameters =
  'DEMAND-TYPE CLASS-CODE FORM VOLTS AMPS SVC-VOLTS PHASE WIRES DELTA-WYE KYZ-OUTPUT KH KE PPDR DIAL-K BILLING-K REG-RATIO N-DIALS INT-ID P-MULT RKVA-ID REC-ID COMM-TYPE PROTOCOL FORMAT ADDRESS RATIO PRIMARY INSULATION LOCATION HI-LO SINGLE-DUAL OTHER NOTE'.split(
    ' ',
  );
const sensusParameters =
  'CYCLE STATE SDATE LAT LONG INTREQ RESET POD INTLEN SAMPLE-RATE TRANSMIT-RATE RESOLUTION'.split(' ');

const canonical: CmepForm = {
  intervalVersion: '19970819',
  touVersion: '19970819',
  flags: { validated: '', estimated: 'E', adjusted: 'A', raw: 'R', missing: 'N' },
  missingValue: '',
  omitsStamps: false,
  crcSlot: 'omit',
  registerInterval: '',
  maxTriplets: 48,
};

const strict: CmepProfile = {
  name: 'strict',
  allows: new Set(),
  units: new Set(protocolUnits),
  flags: protocolFlags,
  isFlagSuffix: noSuffix,
  flagForm: 'empty, E, A, N or R',
  required: [3, 5, 8],
  identity: 'meter-id',
  labels: new Set(protocolLabels),
  seasons: new Set(['', 'S', 'W']),
  equipmentParameters: new Set(protocolParameters),
  versions: [],
  takesAlarms: false,
  maxTriplets: 48,
  maxTextBytes: 2_046,
  separator: ',',
  stampZone: undefined,
  createdZone: undefined,
  valueMark: '',
  crc: 'arc',
  isCrcAgreed: false,
  writes: canonical,
};

const sensusRni: CmepProfile = {
  ...strict,
  name: 'sensus-rni',
  allows: new Set(['open-end']),
  units: new Set(sensusUnits),
  // D is computed from registers, M adjusted and computed: neither is a measured interval.
  flags: { ...protocolFlags, D: 'estimated', M: 'adjusted' },
  isFlagSuffix: isMaskSuffix,
  flagForm: 'empty, or one of E A R N D M and a decimal mask up to 4294967295',
  required: [3],
  identity: 'sensus-key',
  labels: new Set([...protocolLabels, ...'RATE_A RATE_B RATE_C RATE_D RATE_E RATE_F'.split(' ')]),
  // The season field is their "TOU data type": current, self read, demand reset, last season, tier change.
  seasons: new Set(['', 'S', 'W', '0', '1', '2', '3', '4']),
  equipmentParameters: new Set([...protocolParameters, ...sensusParameters]),
  takesAlarms: true,
  writes: {
    ...canonical,
    intervalVersion: '20080501',
    touVersion: '20080501',
    flags: { validated: '', estimated: 'E0', adjusted: 'A0', raw: 'R0', missing: 'N32' },
  },
};

const smartsynch: CmepProfile = {
  ...strict,
  name: 'smartsynch',
  allows: new Set(['padding']),
  isFlagSuffix: isTwoByteSuffix,
  flagForm: 'empty, or one of E A N R, also followed by two bytes (R 00 00)',
  writes: {
    ...canonical,
    flags: {
      validated: '',
      estimated: 'E 00 00',
      adjusted: 'A 00 00',
      raw: 'R 00 00',
      missing: 'N 00 00',
    },
  },
};

const yukon: CmepProfile = {
  ...smartsynch,
  name: 'yukon',
  allows: new Set(),
  required: [3, 8],
  writes: { ...smartsynch.writes, maxTriplets: 1 },
};

const niscDcsi: CmepProfile = {
  ...strict,
  name: 'nisc-dcsi',
  units: new Set(sensusUnits),
  flags: { ...protocolFlags, A: 'validated' },
  isFlagSuffix: isMaskSuffix,
  flagForm: 'empty, or one of A (good), E, N, R, also followed by a decimal mask (N0)',
  required: [3, 8],
  maxTriplets: 300,
  maxTextBytes: 16 * 1_024 - 2,
  writes: {
    ...canonical,
    flags: { validated: 'A', estimated: 'E', adjusted: undefined, raw: 'R', missing: 'N0' },
    registerInterval: '00000000',
  },
};

const schneider: CmepProfile = {
  ...strict,
  name: 'schneider',
  required: [3, 8],
  createdZone: pacific,
  valueMark: '#',
  writes: { ...canonical, omitsStamps: true },
};

const localTime: CmepProfile = { ...sensusRni, name: 'local-time', stampZone: pacific };

const sce1998: CmepProfile = {
  ...strict,
  name: 'sce-1998',
  allows: new Set(['case']),
  versions: ['19990504'],
  writes: { ...canonical, intervalVersion: '19990504', touVersion: '19990504' },
};

export const cmepProfiles: readonly CmepProfile[] = [
  strict,
  sensusRni,
  smartsynch,
  yukon,
  niscDcsi,
  schneider,
  localTime,
  sce1998,
];

/**
 * The profile that `text` names: a row of {@link cmepProfiles}, and after colons settings that change it
 * (`nisc-dcsi:local-stamps:crc-xmodem`), the later ones last.
 *
 * @throws `invalid-request` naming the profiles or settings there are
 */
export function getCmepProfile(text: string): CmepProfile {
  const [name = '', ...settings] = text.split(':');
  const row = cmepProfiles.find((candidate) => candidate.name === name);
  if (row === undefined) {
    const expected = cmepProfiles.map((candidate) => candidate.name).join(', ');
    throw toInvalid('Cannot use CMEP', { at: 'profile', value: name, expected });
  }
  let profile = row;
  for (const setting of settings) {
    const found = findSetting(setting);
    if (found === undefined) {
      const expected = `a setting: ${Object.keys(cmepSettings).join(', ')}`;
      throw toInvalid('Cannot use CMEP', { at: 'profile', value: setting, expected });
    }
    profile = { ...profile, ...found.change(profile) };
  }
  return { ...profile, name: text };
}
