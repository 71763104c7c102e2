import type { ChannelHead } from './channel.ts';
import type { ChannelTotals } from './channel-totals.ts';

const energyUnits = ['KWH', 'GKWH', 'KVARH', 'GKVARH'];

/** The share by which sums of real files differ (ISO facts, 5.5). */
const usualShare = 0.01;

/**
 * What is wrong between the intervals and the register of a channel, undefined when nothing is. The register is read
 * somewhere in the first and in the last interval, so the largest interval may be missing at both ends. Headers without
 * reads or multiplier, and quantities that do not add up, are not compared.
 */
export function findRegisterFault(
  { unit, registerAmount }: ChannelHead,
  { sum, largest }: ChannelTotals,
): string | undefined {
  if (!energyUnits.includes(unit) || Number.isNaN(registerAmount)) return undefined;
  const allowed = 2 * largest + usualShare * Math.abs(registerAmount);
  if (Math.abs(sum - registerAmount) <= allowed) return undefined;
  const [intervals, register] = [sum, registerAmount].map((amount) => Number(amount.toPrecision(9)));
  return `The intervals add up to ${intervals} ${unit}, the register’s reads times the multiplier to ${register}.`;
}
