import { findAlarmMask, toAlarmNames } from './alarm-names.ts';
import type { CmepRecord } from './fields/record.ts';
import { StampReader } from './fields/stamp-reader.ts';
import { datetimeMessage } from './header.ts';
import type { CmepProfile } from './profile.ts';
import { checkShape } from './record-shape.ts';
import type { Triplets } from './triplets.ts';
import { readZoned, toClock } from './zoned-stamp.ts';

const constantNumber = 12;
const intervalNumber = 13;

/**
 * Checks Sensus' MLA01 behind its header (CMEP facts, section 14.1): events with a stamp each and a mask of 64 bits.
 * It holds no readings; what it says is noted in words (`N_ALARM`). One object serves a file.
 */
export class AlarmRecordCheck {
  readonly #profile: CmepProfile;
  readonly #stamps = new StampReader();
  readonly #clock: ReturnType<typeof toClock>;

  constructor(profile: CmepProfile) {
    this.#profile = profile;
    this.#clock = toClock(profile.stampZone);
  }

  /** @param triplets knows the flags of the profile */
  check(record: CmepRecord, triplets: Triplets): void {
    for (const number of [constantNumber, intervalNumber]) {
      if (!record.isEmpty(number))
        record.fault('E_EXCESS', number, 'Alarms have neither constant nor interval.');
    }
    const count = checkShape(record, this.#profile) ?? 0;
    const first = record.layout.fixed.length + 1;
    for (let i = 0; i < count; i++) this.#checkEvent(record, triplets, first + 3 * i);
  }

  #checkEvent(record: CmepRecord, triplets: Triplets, number: number): void {
    const start = record.starts[number - 1] as number;
    const length = (record.ends[number - 1] as number) - start;
    const stamp = length === 12 ? this.#stamps.read(record, start) : Number.NaN;
    if (Number.isNaN(stamp)) record.fault('E_DATETIME', number, datetimeMessage);
    else readZoned(record, number, stamp, this.#clock);
    const flagStart = record.starts[number] as number;
    if (triplets.qualityOf(record.bytes, flagStart, record.ends[number] as number) < 0) {
      record.fault('E_FLAG', number + 1, `Expected a quality flag: ${this.#profile.flagForm}.`);
    }
    const mask = findAlarmMask(record.text(number + 2));
    if (mask === undefined)
      record.fault('E_NUMBER', number + 2, 'Expected an alarm mask of 64 bits in decimal.');
    else if (mask > 0n) record.fault('N_ALARM', number + 2, `Alarms: ${toAlarmNames(mask).join(', ')}.`);
  }
}
