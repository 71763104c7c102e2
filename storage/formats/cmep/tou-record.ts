import type { ZoneClock } from '../../model/zone-clock.ts';
import { type Decimal, findDecimal, toSum } from '../decimal.ts';
import type { CmepRecord } from './fields/record.ts';
import { StampReader } from './fields/stamp-reader.ts';
import { datetimeMessage } from './header.ts';
import { checkMultiplier } from './interval-record.ts';
import type { CmepProfile } from './profile.ts';
import { readCode } from './read-code.ts';
import type { Triplets } from './triplets.ts';
import { readZoned, toClock } from './zoned-stamp.ts';

const energyUnit = /(WH|VAH|VARH)$/;
const firstLabel = 17;

/** Fields 12–15 and the labels of MEPMD02 (CMEP facts, section 11). One object serves a file. */
export class TouRecordCheck {
  readonly #reader = new StampReader();
  readonly #profile: CmepProfile;
  readonly #clock: ZoneClock | undefined;
  season = '';
  multiplier = '1';
  /** Begin and end of the period, minutes since 1970. */
  startMinutes = Number.NaN;
  endMinutes = Number.NaN;
  readonly labels: string[] = [];

  constructor(profile: CmepProfile) {
    this.#profile = profile;
    this.#clock = toClock(profile.stampZone);
  }

  /** Fields 12 to 15. */
  checkFixed(record: CmepRecord): void {
    this.season = readCode(record, 12, this.#profile);
    if (!this.#profile.seasons.has(this.season)) {
      record.fault('E_SEASON', 12, 'Expected S (summer), W (winter) or nothing.');
    }
    checkMultiplier(record, 13);
    this.multiplier = record.text(13) || '1';
    this.startMinutes = this.#readStamp(record, 14);
    this.endMinutes = this.#readStamp(record, 15);
    if (this.endMinutes <= this.startMinutes) {
      record.fault('E_ORDER', 15, 'The period does not end after it starts.');
    }
  }

  /** Labels: from the list, each once; and, for energy, TOTAL the sum of the others. */
  checkLabels(record: CmepRecord, triplets: Triplets, unit: string): void {
    this.labels.length = 0;
    for (let i = 0; i < triplets.count; i++) {
      const number = firstLabel + 3 * i;
      const label = readCode(record, number, this.#profile);
      if (!this.#profile.labels.has(label)) {
        record.fault('E_LABEL', number, `Expected one of ${[...this.#profile.labels].join(', ')}.`);
      } else if (this.labels.includes(label)) {
        record.fault('E_LABEL', number, `The label ${label} stands twice in the record.`);
      }
      this.labels.push(label);
    }
    if (energyUnit.test(unit)) this.#checkTotal(record, triplets);
  }

  #checkTotal(record: CmepRecord, triplets: Triplets): void {
    const totalIndex = this.labels.indexOf('TOTAL');
    if (totalIndex === -1 || triplets.count === 1) return;
    const values = this.labels.map((_, index) => findDecimal(triplets.valueText(record, index)));
    if (values.includes(undefined)) return;
    const parts = (values as Decimal[]).filter((_, index) => index !== totalIndex);
    const sum = parts.reduce(toSum);
    const total = values[totalIndex] as Decimal;
    const difference = toSum(sum, { digits: -total.digits, scale: total.scale });
    if (difference.digits !== 0n) {
      record.fault(
        'N_TOU_TOTAL',
        firstLabel + 3 * totalIndex + 2,
        'TOTAL is not the sum of the other values.',
      );
    }
  }

  #readStamp(record: CmepRecord, number: number): number {
    const start = record.starts[number - 1] as number;
    const length = (record.ends[number - 1] as number) - start;
    const stamp = length === 12 ? this.#reader.read(record, start) : Number.NaN;
    if (length === 0) record.fault('E_REQUIRED', number, 'The period needs its begin and its end.');
    else if (Number.isNaN(stamp)) record.fault('E_DATETIME', number, datetimeMessage);
    return readZoned(record, number, stamp, this.#clock);
  }
}
