import { toInvalid } from '../../model/errors.ts';

/** What a channel measures, and how a site says so in its unit code, direction and label. */
export interface MdefUnit {
  /** Our word for it: CMEP's units, with G before energy that the meter receives. */
  readonly unit: string;
  /** DC_UMCODE, two digits. */
  readonly code: string;
  /** DC_FLOW: delivered or received; empty where there is no direction. */
  readonly flow: 'D' | 'R' | '';
  /** DC_METERID, as this site labels the channel. */
  readonly label: string;
}

/** What an MDEF file does not say itself. */
export interface MdefProfile {
  readonly name: string;
  /** Offset of the times from UTC, the same all year (DST flag N). */
  readonly utcOffsetMinutes: number;
  /** Zone of the times when the DST flag is Y. */
  readonly prevailingZone: string;
  /** Unit tables are set for each site; the first row of a unit is the one that is written. */
  readonly units: readonly MdefUnit[];
}

function toUnits(rows: readonly (readonly [string, string, MdefUnit['flow'], string])[]): MdefUnit[] {
  return rows.map(([unit, code, flow, label]) => ({ unit, code, flow, label }));
}

export const mdefProfiles: readonly MdefProfile[] = [
  {
    // ISO facts, 5.7 and 5.8: the vendor's default codes, the direction in DC_FLOW.
    name: 'pacific-standard',
    utcOffsetMinutes: -480,
    prevailingZone: 'America/Los_Angeles',
    units: toUnits([
      ['KWH', '01', 'D', 'KWH D'],
      ['GKWH', '01', 'R', 'KWH R'],
      ['KW', '02', 'D', 'KW D'],
      ['GKW', '02', 'R', 'KW R'],
      ['KVARH', '03', 'D', 'KVARH D'],
      ['GKVARH', '03', 'R', 'KVARH R'],
      ['KVAR', '04', 'D', 'KVAR D'],
      ['GKVAR', '04', 'R', 'KVAR R'],
    ]),
  },
  {
    // The Philippine market, of whose exports the layout was read (ISO facts, 5.7); a country of one time, UTC+8.
    name: 'philippines',
    utcOffsetMinutes: 480,
    prevailingZone: 'Asia/Manila',
    units: toUnits([
      ['KWH', '01', 'D', 'KWH D'],
      ['GKWH', '02', 'R', 'KWH R'],
      ['KVARH', '03', 'D', 'KVARH D'],
      ['GKVARH', '05', 'R', 'KVARH R'],
      ['GKVARH', '03', 'R', 'KVARH R'],
      ['GKW', '02', 'R', 'KWR'],
      ['VAN', '07', '', 'VAN'],
      ['VBN', '08', '', 'VBN'],
      ['VCN', '09', '', 'VCN'],
      ['IA', '10', '', 'IA'],
      ['IB', '11', '', 'IB'],
      ['IC', '12', '', 'IC'],
      ['SPARE', '13', '', 'SPARE'],
    ]),
  },
];

/** @throws `invalid-request` naming the profiles there are */
export function getMdefProfile(name: string): MdefProfile {
  const profile = mdefProfiles.find((candidate) => candidate.name === name);
  if (profile === undefined) {
    const expected = mdefProfiles.map((candidate) => candidate.name).join(', ');
    throw toInvalid('Cannot choose an MDEF profile', { at: 'profile', value: name, expected });
  }
  return profile;
}

/** What a channel measures, by its label where the site knows it, else by code and direction, else by code. */
export function findUnit(
  profile: MdefProfile,
  { code, flow, label }: Omit<MdefUnit, 'unit' | 'flow'> & { readonly flow: string },
): { readonly unit: string; readonly agrees: boolean } | undefined {
  const agree = (row: MdefUnit) => row.code === code && (row.flow === '' || row.flow === flow);
  const labelled = profile.units.filter((row) => row.label === label);
  const coded = profile.units.filter((row) => row.code === code);
  const found = labelled.find(agree) ?? labelled[0] ?? coded.find(agree) ?? coded[0];
  return found && { unit: found.unit, agrees: agree(found) };
}
