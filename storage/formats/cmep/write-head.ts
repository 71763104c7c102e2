import type { Instant } from '../../model/time.ts';
import { minuteMs } from '../../model/time.ts';
import type { ZoneClock } from '../../model/zone-clock.ts';
import type { ReadingSet } from '../format.ts';
import type { LossReason } from '../writer.ts';
import { purposes } from './header.ts';
import { findSensusKey, resolveIdentity } from './identity.ts';
import { toSeriesKey } from './local-stamps.ts';
import type { CmepProfile } from './profile.ts';
import { findCommodity, isRegisterUnit, toRegisterUnit } from './units.ts';
import { findFieldText, findNumberText, findStampText } from './write-fields.ts';

/** What a record says before its data, or why it cannot be said. */
export interface Head {
  /** Fields 3 to 11. */
  readonly fields: readonly string[];
  /** Calculation constant. */
  readonly multiplier: string;
  /** What is lost of every reading of the set though it is carried. */
  readonly losses: ReadonlySet<LossReason>;
  /** The series that a reader takes the record for (`toSeriesKey`). */
  readonly seriesKey: string;
  /** Whether the set's channel is in the record. */
  readonly isChannelCarried: boolean;
}

export interface HeadOptions {
  readonly profile: CmepProfile;
  /** Of field 7; undefined: UTC. */
  readonly createdClock: ZoneClock | undefined;
  /** Field 7 where the set does not say it. */
  readonly now: Instant;
  /** Parties where the set names none. */
  readonly sender: string;
  readonly receiver: string;
}

/** The fields that a record of the set begins with, or the reason for which nothing of it can be written. */
export function toHead(set: ReadingSet, options: HeadOptions): Head | LossReason {
  const { profile } = options;
  const losses = new Set<LossReason>();
  const party = toParty(set, options, losses);
  if (party === undefined) return 'identity';
  const unit = findUnit(set, profile);
  if (unit === undefined) return set.measure === 'register' ? 'register' : 'unit';
  const commodity = set.commodity || findCommodity(set.unit);
  if (commodity === undefined || !['E', 'G', 'W', 'S'].includes(commodity)) return 'unit';
  const purpose = findPurpose(set.purpose, losses);
  if (purpose === undefined) return 'purpose';
  const multiplier = findNumberText(set.multiplier || '1');
  // Rounding may have left nothing of it, and then nothing of the values.
  if (multiplier === undefined || Number(multiplier.text) === 0) return 'magnitude';
  if (multiplier.isRounded) losses.add('rounded');
  if (set.externalReference + set.correctsReference + set.reason !== '') losses.add('text');
  return {
    fields: [
      party.sender,
      party.account,
      party.receiver,
      party.receiverAccount,
      toCreated(set, options, losses),
      party.meter,
      purpose,
      commodity,
      unit,
    ],
    multiplier: multiplier.text === '1' ? '' : multiplier.text,
    losses,
    seriesKey: toSeriesKey({ ...party.found, commodity, unit }),
    isChannelCarried: party.isChannelCarried,
  };
}

/** Fields 3 to 6 and 8, if a reader finds the same meter in them (CMEP facts, section 14.1, for the key of Sensus). */
function toParty(set: ReadingSet, { profile, sender, receiver }: HeadOptions, losses: Set<LossReason>) {
  const account = set.senderAccount || (set.receiverAccount === '' ? set.account : '');
  const given = {
    sender: set.sender || sender,
    account,
    receiver: (set.receiverField ?? set.receiver) || (profile.required.includes(5) ? receiver : ''),
    receiverAccount: set.receiverAccount,
    meter: findMeterField({ ...set, senderAccount: account }, profile),
  };
  const entries = Object.entries(given).map(
    ([name, text]) => [name, findFieldText(text, profile.separator)] as const,
  );
  const fields = Object.fromEntries(entries.map(([name, field]) => [name, field ?? ''])) as typeof given;
  if (entries.some(([, field]) => field === undefined)) losses.add('text');
  const plain = Object.fromEntries(
    entries.map(([name, field]) => [name, field === undefined ? '' : given[name as keyof typeof given]]),
  ) as typeof given;
  const found = resolveIdentity(plain, profile);
  const isNamed = { 3: plain.sender, 5: plain.receiver, 8: plain.meter };
  const isMissing = profile.required.some((number) => isNamed[number as keyof typeof isNamed] === '');
  if (isMissing || found.meter !== set.meter || set.meter === '') return undefined;
  if (set.meter === 'UNMETERED' && found.account !== set.account) return undefined;
  if (set.meter === 'UNMETERED' && found.account === '' && found.sdp === '') return undefined;
  const isChannelCarried = set.measure === 'total' || found.channel === set.channel;
  const isReceiverCarried = set.receiver === '' || found.receiver === set.receiver;
  const isAll = found.sdp === set.sdp && found.account === set.account && isReceiverCarried;
  if (!isAll || !isChannelCarried) losses.add('text');
  return { ...fields, found: { ...found, sender: plain.sender }, isChannelCarried };
}

/** Field 8: with a key of Sensus the channel, nothing, or the meter; else the meter. */
function findMeterField(set: ReadingSet, profile: CmepProfile): string {
  const key = profile.identity === 'sensus-key' ? findSensusKey(set.senderAccount) : undefined;
  if (key === undefined) return set.meter;
  if (key.meterId === '4') return set.measure === 'total' ? '' : set.channel;
  if (key.meterId !== '0') return set.meter;
  const elsewhere = resolveIdentity(
    {
      meter: '',
      account: set.senderAccount,
      receiver: set.receiverField ?? set.receiver,
      receiverAccount: set.receiverAccount,
    },
    profile,
  );
  return elsewhere.meter === set.meter ? '' : set.meter;
}

function findUnit(
  { measure, unit }: ReadingSet,
  { units, allows, separator }: CmepProfile,
): string | undefined {
  const written = measure === 'register' && !isRegisterUnit(unit) ? toRegisterUnit(unit) : unit;
  if (measure === 'interval' && isRegisterUnit(unit)) return undefined;
  if (units.has(written)) return written;
  return allows.has('unknown-units') && written !== '' ? findFieldText(written, separator) : undefined;
}

/** CMEP corrects by sending again: what has the later time stamp holds. It cannot cancel. */
function findPurpose(purpose: string, losses: Set<LossReason>): string | undefined {
  if (purpose === '') return 'OK';
  if (purposes.includes(purpose)) return purpose;
  if (purpose !== 'CORRECT') return undefined;
  losses.add('text');
  return 'OK';
}

function toCreated(set: ReadingSet, { createdClock, now }: HeadOptions, losses: Set<LossReason>): string {
  const minutes = Math.floor((set.createdAt ?? now) / minuteMs);
  const wall = createdClock?.toWall(minutes) ?? minutes;
  const isExact = set.createdAt === null || minutes * minuteMs === set.createdAt;
  const isReadBack = createdClock === undefined || createdClock.toUtc(wall) === minutes;
  const text = findStampText(wall);
  if (!isExact || !isReadBack || text === undefined) losses.add('text');
  return text ?? (findStampText(Math.floor(now / minuteMs)) as string);
}
