import { type CmepWriteOptions, createCmepWriter } from '../../../../storage/formats/cmep/cmep-writer.ts';
import { getCmepProfile } from '../../../../storage/formats/cmep/profiles.ts';
import type { Reading, ReadingSet } from '../../../../storage/formats/format.ts';
import type { WriteResult } from '../../../../storage/formats/writer.ts';
import { now } from '../scan.ts';

export interface SetWithReadings {
  readonly set: ReadingSet;
  readonly readings: readonly Reading[];
}

const utc = (text: string) => Date.parse(`${text}:00Z`);

/** An hourly set as another format might give it, with some of it replaced; period and counts follow the readings. */
export function toSet(
  change: Partial<ReadingSet> = {},
  readings: readonly Reading[] = [
    { endAt: utc('1998-04-01T09:00'), value: '12.5', quality: 'validated' },
    { endAt: utc('1998-04-01T10:00'), value: '', quality: 'missing' },
  ],
): SetWithReadings {
  const countOf = (quality: string) => readings.filter((reading) => reading.quality === quality).length;
  const intervalMinutes = change.intervalMinutes ?? (change.measure === undefined ? 60 : 0);
  const set: ReadingSet = {
    line: 0,
    byteStart: 0,
    byteEnd: 0,
    sender: '123456789',
    receiver: '987654321',
    receiverField: change.receiver ?? '987654321',
    account: '1234567',
    senderAccount: '1234567',
    receiverAccount: 'ESP-0042',
    sdp: '',
    meter: 'EL123456',
    commodity: 'E',
    unit: 'KWH',
    channel: '',
    measure: 'interval',
    purpose: 'OK',
    multiplier: '1',
    intervalMinutes,
    periodStartAt: (readings[0]?.endAt ?? 0) - intervalMinutes * 60_000,
    periodEndAt: readings.at(-1)?.endAt ?? 0,
    readings: readings.length,
    estimated: countOf('estimated'),
    adjusted: countOf('adjusted'),
    raw: countOf('raw'),
    missing: countOf('missing'),
    createdAt: utc('1998-04-02T08:30'),
    externalReference: '',
    correctsReference: '',
    reason: '',
    ...change,
  };
  return { set, readings };
}

/** Writes the sets as one file. */
export function write(
  sets: readonly SetWithReadings[],
  options: Partial<CmepWriteOptions> = {},
): WriteResult & { readonly text: string } {
  const pieces: Uint8Array[] = [];
  const writer = createCmepWriter({
    profile: 'strict',
    now,
    onBytes: (bytes) => pieces.push(bytes),
    ...options,
  });
  for (const { set, readings } of sets) writer.add(set, readings);
  const result = writer.end();
  return { ...result, text: Buffer.concat(pieces).toString('latin1') };
}

/** What of a set does not depend on where it stands in a file. */
export function toContent({ set, readings }: SetWithReadings) {
  return { ...set, line: 0, byteStart: 0, byteEnd: 0, readings };
}

/** The qualities that the profile has a flag for. */
export function qualitiesOf(profile: string): Reading['quality'][] {
  const { flags } = getCmepProfile(profile).writes;
  return (Object.keys(flags) as Reading['quality'][]).filter((quality) => flags[quality] !== undefined);
}
