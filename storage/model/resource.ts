import { MdmaError, toInvalid, type ValueFault } from './errors.ts';
import type { Way } from './forwarding.ts';
import type { Instant } from './time.ts';
import { createTradeDayFinder, type TradeDay } from './trade-day.ts';

/**
 * Which way the energy goes that a quantity counts: delivered to the customer, or received from the customer. A
 * resource whose direction is not that of the posted unit takes the quantity with its sign turned.
 */
export const directions = ['delivered', 'received'] as const;
export type Direction = (typeof directions)[number];

/** What the ISO calls a measurement, by way. Neither table of the ISO's is public: fill in what its documents say. */
export const measurementTypes: Readonly<Record<Way, readonly string[]>> = {
  omar: ['GEN', 'LOAD', 'CBL', 'MBMA', 'MGO', 'TMNT'],
  mris: ['GEN', 'LOAD', 'CBL', 'MBMA', 'MGO', 'TMNT', 'INTERTIE'],
};

/**
 * Posted units that can be forwarded: the direction they count, and the ISO's units they can become, the usual first.
 */
const postedUnits: Readonly<Record<string, { direction: Direction; isoUnits: readonly string[] }>> = {
  KWH: { direction: 'delivered', isoUnits: ['KWH', 'MWH'] },
  GKWH: { direction: 'received', isoUnits: ['KWH', 'MWH'] },
  KVARH: { direction: 'delivered', isoUnits: ['KVARH'] },
  GKVARH: { direction: 'received', isoUnits: ['KVARH'] },
};

/** The direction that a posted unit counts; undefined for one that cannot be forwarded. */
export function findUnitDirection(unit: string): Direction | undefined {
  return Object.hasOwn(postedUnits, unit) ? postedUnits[unit]?.direction : undefined;
}

/** What a meter's channel and unit are at the ISO, from one trade day up to, not including, another. */
export interface Mapping {
  /** Meter, or the resource id that stands in its place, as it stands in the files. */
  readonly meter: string;
  /** Empty: every channel of the meter. */
  readonly channel: string;
  /** Unit of the readings. */
  readonly unit: string;
  readonly resourceId: string;
  readonly measurementType: string;
  /** Unit at the ISO. */
  readonly isoUnit: string;
  readonly direction: Direction;
  /** ISO account (ruling 2): with it come certificate, environment and way. */
  readonly account: string;
  readonly way: Way;
  readonly effectiveFrom: TradeDay;
  /** Null: until further notice. */
  readonly effectiveTo: TradeDay | null;
}

/** A mapping as it is asked for; what is left out follows from the unit, or is open. */
export type NewMapping = Omit<Mapping, 'channel' | 'isoUnit' | 'direction' | 'effectiveTo'> &
  Partial<Pick<Mapping, 'channel' | 'isoUnit' | 'direction' | 'effectiveTo'>>;

/**
 * A whole mapping of known words.
 *
 * @param action what is being done, for the message
 * @throws `invalid-request` with every fault: an unknown measurement type or unit, a resource id the ISO cannot have, a
 *   day that is none, a period that ends before it begins
 */
export function parseMapping(input: NewMapping, action: string): Mapping {
  const unit = Object.hasOwn(postedUnits, input.unit) ? postedUnits[input.unit] : undefined;
  const mapping: Mapping = {
    ...input,
    channel: input.channel ?? '',
    isoUnit: input.isoUnit ?? unit?.isoUnits[0] ?? '',
    direction: input.direction ?? unit?.direction ?? 'delivered',
    effectiveTo: input.effectiveTo ?? null,
  };
  const faults = findFaults(mapping, unit?.isoUnits);
  const [first] = faults;
  if (first === undefined) return mapping;
  const { at, value, expected } = first;
  throw new MdmaError(
    'invalid-request',
    `${action}: ${at} is ${JSON.stringify(value)}, expected ${expected}`,
    {
      faults,
    },
  );
}

function findFaults(mapping: Mapping, isoUnits: readonly string[] | undefined): ValueFault[] {
  const faults: ValueFault[] = [];
  const demand = (isRight: boolean, at: string, value: string, expected: string) => {
    if (!isRight) faults.push({ at, value: value.slice(0, 100), expected });
  };
  const { meter, channel, unit, resourceId, measurementType, isoUnit, effectiveFrom, effectiveTo } = mapping;
  const known = measurementTypes[mapping.way];
  demand(/^[\x21-\x7e]{1,64}$/.test(meter), 'meter', meter, '1 to 64 printable characters without blanks');
  demand(
    /^[\x21-\x7e]{0,64}$/.test(channel),
    'channel',
    channel,
    'nothing, or at most 64 printable characters',
  );
  demand(isoUnits !== undefined, 'unit', unit, `one of ${Object.keys(postedUnits).join(', ')}`);
  demand(/^[A-Z0-9_-]{1,32}$/.test(resourceId), 'resource', resourceId, '1 to 32 of A-Z, 0-9, _ and -');
  demand(known.includes(measurementType), 'measurement type', measurementType, `one of ${known.join(', ')}`);
  demand(isoUnits?.includes(isoUnit) ?? true, 'ISO unit', isoUnit, `${isoUnits?.join(' or ')}, for ${unit}`);
  demand(isDay(effectiveFrom), 'from', effectiveFrom, 'a day as ccyy-mm-dd');
  const isToRight = effectiveTo === null || (isDay(effectiveTo) && effectiveTo > effectiveFrom);
  demand(isToRight, 'to', effectiveTo ?? '', 'a day as ccyy-mm-dd after the first');
  return faults;
}

/** Whether the text is a real day, `ccyy-mm-dd`. */
export function isDay(text: string): text is TradeDay {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text;
}

/** An ISO account as far as mappings are concerned. */
export interface MappingAccount {
  readonly name: string;
  readonly way: Way;
  /** The resources it holds: ids, or beginnings followed by `*`. Undefined: whatever is mapped to it. */
  readonly resources?: readonly string[] | undefined;
  /** The ISO's units that its way can carry of each measurement type. Undefined: whatever the tables here have. */
  readonly carries?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Why nobody knows what it carries: nothing is mapped to it then. */
  readonly fault?: string | undefined;
}

/** Whether an account holds a resource. */
export function holdsResource({ resources }: Pick<MappingAccount, 'resources'>, resourceId: string): boolean {
  if (resources === undefined) return true;
  return resources.some((each) =>
    each.endsWith('*') ? resourceId.startsWith(each.slice(0, -1)) : each === resourceId,
  );
}

/** What an account decides about in a mapping. */
type AccountChoice = Pick<NewMapping, 'account' | 'resourceId' | 'measurementType' | 'unit' | 'isoUnit'>;

/**
 * The way of a mapping, from its account.
 *
 * @throws `invalid-request` when no such account is configured or it cannot be used, or it does not hold the resource,
 *   or its way cannot carry the measurement type or the unit
 */
export function parseAccount(
  { account, resourceId, ...measured }: AccountChoice,
  accounts: readonly MappingAccount[],
  action: string,
): Way {
  const found = accounts.find(({ name }) => name === account);
  if (found === undefined) {
    const known = accounts.map(({ name }) => name).join(', ') || 'none is configured';
    const expected = `a configured ISO account: ${known}`;
    throw toInvalid(action, { at: 'account', value: account, expected });
  }
  if (found.fault !== undefined) {
    throw toInvalid(action, {
      at: 'account',
      value: account,
      expected: `one that can be used: ${found.fault}`,
    });
  }
  if (!holdsResource(found, resourceId)) {
    const expected = `one that account ${account} holds: ${found.resources?.join(', ')}`;
    throw toInvalid(action, { at: 'resource', value: resourceId, expected });
  }
  const fault = findUncarried(measured, found);
  if (fault !== undefined) throw toInvalid(action, fault);
  return found.way;
}

/**
 * A change of a mapping, with its way where the account decides anew.
 *
 * @throws as `parseAccount`
 */
export function parseChange<Change extends Partial<Mapping>>(
  now: Mapping,
  change: Change,
  accounts: readonly MappingAccount[],
  action: string,
): Change & { readonly way?: Way } {
  const changed = { ...now, ...change };
  const decisive = ['account', 'resourceId', 'measurementType', 'isoUnit'] as const;
  if (decisive.every((name) => changed[name] === now[name])) return change;
  return { ...change, way: parseAccount(changed, accounts, action) };
}

/** What of a measurement the account's way cannot carry. A unit that no way can is the mapping's own fault. */
function findUncarried(
  { measurementType, unit, isoUnit = findUsualIsoUnit(unit) }: Omit<AccountChoice, 'account' | 'resourceId'>,
  { name, way, carries }: MappingAccount,
): ValueFault | undefined {
  if (carries === undefined || isoUnit === undefined) return undefined;
  const through = `which account ${name} (${way}) carries`;
  const units = Object.hasOwn(carries, measurementType) ? carries[measurementType] : undefined;
  if (units === undefined) {
    const expected = `one of ${Object.keys(carries).join(', ')}, ${through}`;
    return { at: 'measurement type', value: measurementType, expected };
  }
  if (units.includes(isoUnit)) return undefined;
  return {
    at: 'ISO unit',
    value: isoUnit,
    expected: `one of ${units.join(', ')}, ${through} as ${measurementType}`,
  };
}

function findUsualIsoUnit(unit: string): string | undefined {
  return Object.hasOwn(postedUnits, unit) ? postedUnits[unit]?.isoUnits[0] : undefined;
}

/** What is looked for: a reading of a meter. */
interface Measured {
  readonly meter: string;
  readonly channel: string;
  readonly unit: string;
}

/** Finds the mapping of a meter's interval, by the trade day that it ends on. */
export function createMappingFinder<M extends Mapping>(
  mappings: readonly M[],
): (measured: Measured, endAt: Instant) => M | undefined {
  const toDay = createTradeDayFinder();
  const byMeter = Map.groupBy(mappings, ({ meter }) => meter);
  return ({ meter, channel, unit }, endAt) => {
    const candidates = byMeter.get(meter);
    if (candidates === undefined) return undefined;
    const day = toDay(endAt);
    return candidates.find(
      (each) =>
        each.unit === unit &&
        (each.channel === '' || each.channel === channel) &&
        each.effectiveFrom <= day &&
        (each.effectiveTo === null || day < each.effectiveTo),
    );
  };
}
