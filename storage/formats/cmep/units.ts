/** The unit of Sensus whose values are stamps (CCYYMMDDHHMM). */
export const timeUnit = 'TIME';

/** The unit of Sensus' alarm records. */
export const alarmUnit = 'METERDQ';

/** The 27 units of the protocol (CMEP facts, section 9). */
export const protocolUnits =
  'KWHREG KVAHREG KVARHREG GASREG PULSE KW KVA KVAR KWH KVAH KVARH GKW GKVA GKVAR GKWH GKVAH GKVARH VOLTS BTU THERM GAL CF CCF MCF ACFT LBS $'.split(
    ' ',
  );

const sensusValues = [
  ...protocolUnits.filter((unit) => !unit.endsWith('REG')),
  ...'NKWH NKVAH NKVARH SKWH SKVAH SKVARH CCFC'.split(' '),
];

/** Sensus: net (N) and sum (S) beside received (G), corrected gas, times; and `<unit>REG` of every unit. */
export const sensusUnits = [...sensusValues, ...sensusValues.map(toRegisterUnit), 'GASREG', timeUnit];

/** What belongs to a commodity, `REG` taken off; `$`, `PULSE`, `TIME` and alarms belong to all. */
const commodityUnits: Readonly<Record<string, RegExp>> = {
  E: /^([GNS]?K(W|VA|VAR)H?|VOLTS)$/,
  G: /^(GAS|BTU|THERM|CF|CCF|CCFC|MCF)$/,
  W: /^(GAL|CF|CCF|MCF|ACFT)$/,
  S: /^(LBS|BTU|THERM)$/,
};

export function isUnitOfCommodity(unit: string, commodity: string): boolean {
  const base = unit.replace(/REG$/, '');
  return ['$', 'PULSE', timeUnit, alarmUnit].includes(base) || commodityUnits[commodity]?.test(base) === true;
}

/** The commodity to which alone the unit belongs, or undefined. */
export function findCommodity(unit: string): string | undefined {
  const found = Object.keys(commodityUnits).filter((commodity) => isUnitOfCommodity(unit, commodity));
  return found.length === 1 ? found[0] : undefined;
}

/** Register units are cumulative reads; all others are values of an interval. */
export function isRegisterUnit(unit: string): boolean {
  return unit.endsWith('REG');
}

export function toRegisterUnit(unit: string): string {
  return `${unit}REG`;
}
