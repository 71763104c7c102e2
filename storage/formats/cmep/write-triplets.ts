import { toInvalid } from '../../model/errors.ts';
import { minuteMs } from '../../model/time.ts';
import type { ZoneClock } from '../../model/zone-clock.ts';
import type { Reading } from '../format.ts';
import type { LossReason } from '../writer.ts';
import { chooseInstant, findBefore } from './local-stamps.ts';
import type { CmepForm } from './profile.ts';
import { findNumberText, findStampText } from './write-fields.ts';

/** A reading as it is written; `minutes` is its instant in UTC. */
export interface Triplet {
  readonly minutes: number;
  readonly stamp: string;
  readonly flag: string;
  readonly value: string;
}

type OnLoss = (reason: LossReason, count?: number) => void;

/**
 * The readings of a set as triplets, in the order of their instants; what cannot be carried is told and left out.
 *
 * @param clock of local-time stamps; undefined: UTC
 * @throws `invalid-request` when a reading has a value that is no number
 */
export function toTriplets(
  readings: readonly Reading[],
  form: CmepForm,
  clock: ZoneClock | undefined,
  onLoss: OnLoss,
): Triplet[] {
  const triplets: Triplet[] = [];
  let last = Number.NaN;
  for (const reading of [...readings].sort((a, b) => a.endAt - b.endAt)) {
    const minutes = reading.endAt / minuteMs;
    const stamp = Number.isInteger(minutes) ? findStampText(clock?.toWall(minutes) ?? minutes) : undefined;
    if (stamp === undefined) onLoss('boundary');
    else if (minutes === last) onLoss('overlap');
    else {
      const value = findValue(reading, form, onLoss);
      if (value === undefined) continue;
      triplets.push({ minutes, stamp, ...value });
      last = minutes;
    }
  }
  return triplets;
}

/** Flag and value of a reading, or undefined after a loss. */
export function findValue(
  { quality, value }: Reading,
  { flags, missingValue }: CmepForm,
  onLoss: OnLoss,
): Pick<Triplet, 'flag' | 'value'> | undefined {
  const flag = flags[quality] ?? (flags.validated as string);
  if (quality === 'missing') return { flag, value: missingValue };
  const number = findNumberText(value);
  if (number === undefined) {
    if (!/^[+-]?\d/.test(value)) {
      throw toInvalid('Cannot write CMEP', { at: 'value', value, expected: 'a decimal number' });
    }
    onLoss('magnitude');
    return undefined;
  }
  if (number.isRounded) onLoss('rounded');
  if (flags[quality] === undefined) onLoss('flag');
  return { flag, value: number.text };
}

/**
 * Those triplets that a reader of local time takes for the instants they are: in the hour that autumn repeats one goes
 * by the stamp before it (CMEP facts, section 8). The others are told and left out.
 *
 * @param previous last instant of the series in the file, minutes of UTC; undefined when this is its first record
 * @param record what its reader can go by: the length of an interval in minutes, and the triplets of a record
 */
export function keepReadable(
  triplets: readonly Triplet[],
  clock: ZoneClock,
  previous: number | undefined,
  { step, maxTriplets }: { readonly step: number; readonly maxTriplets: number },
  onLoss: OnLoss,
): Triplet[] {
  const kept = [...triplets];
  for (;;) {
    const walls = kept.map(({ minutes }) => clock.toWall(minutes));
    const seen = Math.min(kept.length, maxTriplets);
    let before = previous ?? findBefore(clock, walls, seen, step) ?? Number.NaN;
    const wrong = kept.findIndex(({ minutes }, index) => {
      const read = chooseInstant(clock, walls[index] as number, before);
      before = read;
      return read !== minutes;
    });
    if (wrong === -1) return kept;
    onLoss('repeated');
    kept.splice(wrong, 1);
  }
}
