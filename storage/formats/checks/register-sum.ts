import { type Decimal, findDecimal, toPlainText, toProduct, toSum } from '../decimal.ts';
import { amountScale } from './amounts.ts';
import type { Series } from './series.ts';

/** What a register says was used, and what the intervals of the same time add up to. */
export interface RegisterSum {
  readonly difference: string;
  readonly sum: string;
  readonly tolerance: string;
}

/** The interval series that a register of the meter counts: the unit without `REG`, the same commodity and channel. */
export function findIntervals({ title }: Series, all: readonly Series[]): Series | undefined {
  const unit = title.unit.replace(/REG$/, '');
  return all.find(
    ({ title: one }) =>
      one.kind === 'interval' &&
      one.unit === unit &&
      one.channel === title.channel &&
      one.commodity === title.commodity,
  );
}

/**
 * Holds a register's difference against its intervals, both times their multiplier, where both cover the same time
 * without a hole (VEE facts, I6). One unit of the register's multiplier is its resolution and so the tolerance.
 *
 * @returns both numbers when they are further apart
 */
export function findRegisterSum(register: Series, intervals: Series): RegisterSum | undefined {
  const [run] = intervals.runs;
  const isSameTime =
    intervals.runs.length === 1 && run?.start === register.firstAt && run.last === register.lastAt;
  const areExact = register.isSummable && intervals.isSummable && !intervals.isCapped;
  const amounts = [register.lastRead - register.firstRead, intervals.sum];
  const multipliers = [findDecimal(register.title.multiplier), findDecimal(intervals.title.multiplier)];
  if (!isSameTime || !areExact || !amounts.every(Number.isSafeInteger)) return undefined;
  const [ofRegister, ofIntervals] = multipliers;
  if (ofRegister === undefined || ofIntervals === undefined) return undefined;
  const [difference, sum] = [
    toProduct(toDecimal(amounts[0] as number), ofRegister),
    toProduct(toDecimal(amounts[1] as number), ofIntervals),
  ];
  const tolerance = toMagnitude(ofRegister);
  const apart = toMagnitude(toSum(difference, toNegative(sum)));
  if (toSum(apart, toNegative(tolerance)).digits <= 0n) return undefined;
  return {
    difference: toPlainText(difference),
    sum: toPlainText(sum),
    tolerance: toPlainText(tolerance),
  };
}

function toDecimal(amount: number): Decimal {
  return { digits: BigInt(amount), scale: amountScale };
}

function toNegative({ digits, scale }: Decimal): Decimal {
  return { digits: -digits, scale };
}

function toMagnitude(value: Decimal): Decimal {
  return value.digits < 0n ? toNegative(value) : value;
}
