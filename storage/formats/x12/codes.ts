import type { Quality } from '../format.ts';

/**
 * The code lists of the California 867 as far as they are known (edi867 facts, sections 4 and 5). Most rest on public
 * documents of other markets or on this project's own convention, so they are data; how a partner may
 * differ stands in `profiles.ts`.
 */

/** BPT01. `reference` says whether REF*59 must, should or should not be there. */
export interface PurposeCode {
  readonly code: string;
  readonly purpose: string;
  readonly reference: 'required' | 'expected' | 'none';
}

export const purposeCodes: readonly PurposeCode[] = [
  { code: '00', purpose: 'OK', reference: 'none' },
  { code: 'CO', purpose: 'CORRECT', reference: 'required' },
  { code: '07', purpose: 'RESEND', reference: 'expected' },
  { code: '01', purpose: 'CANCEL', reference: 'required' },
  { code: '52', purpose: 'HISTORY', reference: 'none' },
];

/** BPT04: what the loops of the set hold. */
export type ReportKind = 'interval' | 'cumulative' | 'mixed';
export const reportCodes: Readonly<Record<string, ReportKind>> = {
  C1: 'interval',
  DD: 'cumulative',
  DR: 'mixed',
};

/** N101. */
export type PartyRole = 'utility' | 'supplier' | 'provider' | 'customer' | 'clearing house';
export const partyCodes: Readonly<Record<string, PartyRole>> = {
  '8S': 'utility',
  SJ: 'supplier',
  '55': 'provider',
  '8R': 'customer',
  AY: 'clearing house',
};

/** REF01 below a party and below a PTD, with what it carries. */
export const partyReferences: Readonly<Record<string, string>> = {
  '12': 'utility account',
  '11': 'supplier account',
  '45': 'former utility account',
  '59': 'corrected transaction',
  '1P': 'reason',
  '10': 'project',
  BT: 'report cycle',
};
export const meterReferences: Readonly<Record<string, string>> = {
  MG: 'meter',
  LU: 'service delivery point',
  '6W': 'channel',
  MT: 'unit and interval',
  '1P': 'reason',
  IX: 'number of dials',
  '4P': 'multiplier',
  JH: 'meter role',
};
/** REF*JH: only what is added up; a subtractive meter's values would be read with the wrong sign. */
export const additiveRole = 'A';

/** PTD01. Summary loops repeat what the meters' loops say and are only compared. */
export type LoopKind = 'metered' | 'unmetered' | 'summary';
export const loopCodes: Readonly<Record<string, LoopKind>> = {
  PM: 'metered',
  BC: 'unmetered',
  SU: 'summary',
};

/** PTD05 under PTD04 `OZ`, as CMEP's commodity. */
export const productQualifier = 'OZ';
export const productCodes: Readonly<Record<string, string>> = { EL: 'E' };

/** QTY03, MEA04 and the head of REF*MT; CMEP names received energy by a unit of its own. */
export interface UnitCode {
  readonly code: string;
  readonly unit: string;
  readonly received: string;
  /** Energies of time-of-use rows add up, demands do not. */
  readonly isEnergy: boolean;
}

export const unitCodes: readonly UnitCode[] = [
  { code: 'KH', unit: 'KWH', received: 'GKWH', isEnergy: true },
  { code: 'K1', unit: 'KW', received: 'GKW', isEnergy: false },
  { code: 'K2', unit: 'KVAR', received: 'GKVAR', isEnergy: false },
  { code: 'K3', unit: 'KVARH', received: 'GKVARH', isEnergy: true },
  { code: 'K4', unit: 'KVA', received: 'GKVA', isEnergy: false },
];

/** REF*MT after the unit, for a whole period. */
export const periodCode = 'MON';

/** QTY01. */
export interface QuantityCode {
  readonly code: string;
  readonly quality: Quality;
  readonly isReceived: boolean;
}

export const quantityCodes: readonly QuantityCode[] = [
  { code: 'QD', quality: 'validated', isReceived: false },
  { code: 'KA', quality: 'estimated', isReceived: false },
  { code: '87', quality: 'validated', isReceived: true },
  { code: '9H', quality: 'estimated', isReceived: true },
  { code: '20', quality: 'missing', isReceived: false },
];

/** MEA01: whether the begin and the end read are estimated. */
export const readCodes: Readonly<Record<string, readonly [begin: Quality, end: Quality]>> = {
  AA: ['validated', 'validated'],
  AE: ['validated', 'estimated'],
  EA: ['estimated', 'validated'],
  EE: ['estimated', 'estimated'],
  AF: ['validated', 'validated'],
  BO: ['validated', 'validated'],
};

/** MEA02. */
export const multiplierCode = 'MU';
export const usageCode = 'PRQ';

/** MEA07, as CMEP names it: season and label. Super off-peak has no code; a partner's is a setting of the profile. */
export const touCodes: Readonly<Record<string, string>> = {
  '41': 'OFF-PEAK',
  '42': 'ON-PEAK',
  '43': 'PART-PEAK',
  '51': 'TOTAL',
  '45': 'S:ON-PEAK',
  '49': 'W:ON-PEAK',
  '50': 'W:PART-PEAK',
  '57': 'S:TOTAL',
  '58': 'W:TOTAL',
  '73': 'S:OFF-PEAK',
  '74': 'S:PART-PEAK',
  '75': 'W:OFF-PEAK',
};
export const totalLabel = 'TOTAL';

/** REF*1P (section 5.10). In a meter's loop a reason that `isAdjustment` makes its values adjusted (5.9). */
export interface ReasonCode {
  readonly words: string;
  readonly isAdjustment: boolean;
}

const adjustment = (words: string): ReasonCode => ({ words, isAdjustment: true });
const statement = (words: string): ReasonCode => ({ words, isAdjustment: false });

export const reasonCodes: Readonly<Record<string, ReasonCode>> = {
  ADJUSTED: adjustment('edited; the source gives no reason'),
  GAPFILL: adjustment('gap between cycles filled'),
  ACTRCVD: statement('actual replaces estimate'),
  CROSSED: adjustment('crossed meters'),
  CUTINFLAT: adjustment('unmetered use before'),
  DRMETER: adjustment('meter does not register'),
  FASTMTR: adjustment('fast meter'),
  SLOWMTR: adjustment('slow meter'),
  DROPPHASE: adjustment('dropped phase'),
  REFRAME: adjustment('other interval length or period frame'),
  FIXEDUSE: adjustment('fixed usage set up wrongly'),
  UNMTRADJ: adjustment('unmetered account billed wrongly'),
  OVERREAD: adjustment('meter read too high'),
  UNDERREAD: adjustment('meter read too low'),
  MULTIPLIER: adjustment('wrong multiplier'),
  REVEE: adjustment('recipient asked, data changed'),
  VERIFIED: statement('recipient asked, no change'),
  STARTDT: statement('start date moved'),
  STOPDT: statement('stop date moved'),
  RESEND: statement('lost or not picked up, same data'),
};
/** What stands for an adjustment whose reason is not known. */
export const unknownAdjustment = 'ADJUSTED';

/** DTM04: minutes from UTC; nothing for the profile's own clock. */
export const timeCodes: Readonly<Record<string, number | 'local'>> = {
  PD: -420,
  PS: -480,
  PT: 'local',
  UT: 0,
  GM: 0,
};

/** DTM01. */
export const dateCodes = { start: '150', end: '151', exchange: '514', intervalEnd: '582' } as const;
/** DTM05 beside a CCYYMMDDHHMM in DTM06. */
export const instantFormat = 'DT';
