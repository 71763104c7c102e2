import { minuteMs } from '../../model/time.ts';
import { amountScale } from '../checks/amounts.ts';
import type { Quality, Reading, SetAmounts } from '../format.ts';
import type { Channel, ChannelHead } from './channel.ts';
import { findPlaces, readsBack, toFloat32Text, toWhole } from './float32.ts';
import { isKnownStatus, Remarks, toQuality } from './statuses.ts';

const amountFactors = Array.from({ length: amountScale + 1 }, (_, places) => 10 ** (amountScale - places));

/** What one pass over a channel's intervals gives. */
export class ChannelTotals {
  readonly remarks = new Remarks();
  /** Index of the first value that is no finite number, and of the first status with an unknown bit; -1 for none. */
  badValue = -1;
  badStatus = -1;
  estimated = 0;
  missing = 0;
  raw = 0;
  /** Sum and largest amount of the values, as doubles. */
  sum = 0;
  largest = 0;
  /** The exact amounts for the checks of the file. */
  amounts: SetAmounts = { sum: 0, first: Number.NaN, last: Number.NaN };

  /** Adds up the channel, which was decoded. */
  take(channel: Channel, isAccepted: boolean): void {
    this.#clear();
    const { values, channelStatuses, intervalStatuses, count } = channel;
    let sum = 0;
    let largest = 0;
    for (let i = 0; i < count; i++) {
      const hasStatus = channelStatuses[i] !== 0 || intervalStatuses[i] !== 0;
      const isUsable = hasStatus ? this.#takeStatus(channel, isAccepted, i) : true;
      const value = values[i] as number;
      if (!Number.isFinite(value) && this.badValue === -1) this.badValue = i;
      if (!isUsable) continue;
      sum += value;
      if (value > largest) largest = value;
      else if (-value > largest) largest = -value;
    }
    if (!isAccepted) this.raw = count - this.missing;
    this.sum = sum;
    this.largest = largest;
    this.amounts = toAmounts(channel, largest);
  }

  #clear(): void {
    this.remarks.clear();
    this.badValue = -1;
    this.badStatus = -1;
    this.estimated = 0;
    this.missing = 0;
    this.raw = 0;
    this.sum = 0;
    this.largest = 0;
  }

  /** Whether the value counts. */
  #takeStatus(channel: Channel, isAccepted: boolean, index: number): boolean {
    const quality = qualityAt(channel, isAccepted, index);
    if (quality === 'estimated') this.estimated++;
    else if (quality === 'missing') this.missing++;
    const channelStatus = channel.channelStatuses[index] as number;
    const intervalStatus = channel.intervalStatuses[index] as number;
    if (this.badStatus === -1 && !isKnownStatus(channelStatus, intervalStatus)) this.badStatus = index;
    this.remarks.add(channelStatus, intervalStatus);
    return quality !== 'missing';
  }
}

/**
 * Adds up the shortest decimals of the values that there are; gives up at the first that is not exact. Where the gaps
 * between floats are narrower than 10^-places, one decimal of so many places at most reads back, so it is the shortest.
 *
 * @param largest the largest amount among the values
 */
function toAmounts(channel: Channel, largest: number): SetAmounts {
  const { values, count } = channel;
  const sure = toSurePlaces(largest);
  let sum = 0;
  let first = -1;
  let last = -1;
  for (let i = 0; i < count; i++) {
    if (qualityAt(channel, true, i) === 'missing') continue;
    if (first === -1) first = i;
    last = i;
    if (!Number.isNaN(sum)) sum += toAmount(values[i] as number, sure);
    if (sum > Number.MAX_SAFE_INTEGER || sum < Number.MIN_SAFE_INTEGER) sum = Number.NaN;
  }
  const [firstAmount = Number.NaN, lastAmount = Number.NaN] = [first, last].map((index) =>
    index === -1 ? Number.NaN : toAmount(values[index] as number, sure),
  );
  return { sum, first: firstAmount, last: lastAmount };
}

/** Most places, up to those of amounts, at which the floats up to `largest` lie closer than decimals. */
function toSurePlaces(largest: number): number {
  const places = Math.floor(-Math.log10(largest * 2 ** -23) - 0.01);
  return Math.max(0, Math.min(amountScale, places));
}

function toAmount(value: number, sure: number): number {
  const magnitude = value < 0 ? -value : value;
  const places = readsBack(magnitude, sure) ? sure : findPlaces(magnitude, sure + 1);
  if (places === -1 || places > amountScale) return Number.NaN;
  const amount = toWhole(magnitude, places) * (amountFactors[places] as number);
  return value < 0 ? -amount : amount;
}

function qualityAt(channel: Channel, isAccepted: boolean, index: number): Quality {
  const quality = toQuality(
    channel.channelStatuses[index] as number,
    channel.intervalStatuses[index] as number,
  );
  return isAccepted || quality === 'missing' ? quality : 'raw';
}

/** The channel's readings; their values are the shortest decimals (ruling 32). */
export function toReadings(channel: Channel, head: ChannelHead): Reading[] {
  const stepMs = head.intervalMinutes * minuteMs;
  return Array.from({ length: channel.count }, (_, index) => {
    const quality = qualityAt(channel, head.isAccepted, index);
    return {
      endAt: head.startAt + (index + 1) * stepMs,
      value: quality === 'missing' ? '' : toFloat32Text(channel.values[index] as number),
      quality,
    };
  });
}
