import { minuteMs } from '../../../model/time.ts';
import type { ZoneClock } from '../../../model/zone-clock.ts';
import {
  dateCodes,
  loopCodes,
  multiplierCode,
  productCodes,
  productQualifier,
  type QuantityCode,
  quantityCodes,
  usageCode,
} from '../codes.ts';
import type { Isa } from '../isa.ts';
import { findNumber, numberMessage, toAmount } from '../numbers.ts';
import type { X12Profile } from '../profiles.ts';
import type { Segment } from '../segment.ts';
import { takeLoopReference, takeMultiplier } from './loop-references.ts';
import { createMeterLoop, type MeterLoop } from './meter-loop.ts';
import { findMoment } from './moments.ts';
import { QuantityRun, qualities } from './quantity-run.ts';
import { findUsageRow } from './usage-row.ts';
import { maxSetReadings, ValueStore } from './value-store.ts';

const delivered = quantityCodes.filter(({ isReceived }) => !isReceived);
const validatedCode = delivered.find(({ quality }) => quality === 'validated')?.code;

/** Reads the segments of one PTD loop after another. One object serves a whole file. */
export class LoopReader {
  readonly #profile: X12Profile;
  readonly #segment: Segment;
  readonly #clock: ZoneClock;
  readonly store = new ValueStore();
  readonly #run = new QuantityRun(this.store);
  #isa: Isa | undefined;
  #loop: MeterLoop | undefined;
  /** Whether the quantities that follow may be taken by the fast lane. */
  #canRun = false;
  #isFull = false;

  constructor(profile: X12Profile, segment: Segment, clock: ZoneClock) {
    this.#profile = profile;
    this.#segment = segment;
    this.#clock = clock;
  }

  /** Begins a set. */
  beginSet(isa: Isa): void {
    this.#isa = isa;
    this.store.clear();
    this.#loop = undefined;
    this.#canRun = false;
    this.#isFull = false;
  }

  /** PTD. */
  begin(): void {
    const segment = this.#segment;
    const isWhole = segment.checkElements();
    const kind = Object.hasOwn(loopCodes, segment.text(1)) ? loopCodes[segment.text(1)] : undefined;
    if (isWhole && kind === undefined)
      segment.fault('E_CODE', 1, `Expected ${Object.keys(loopCodes).join(', ')}.`);
    if (isWhole && segment.text(4) !== productQualifier)
      segment.fault('E_CODE', 4, `Expected ${productQualifier}, a product id.`);
    const product = segment.text(5);
    const commodity = Object.hasOwn(productCodes, product) ? productCodes[product] : undefined;
    if (isWhole && commodity === undefined)
      segment.fault('E_CODE', 5, `Expected ${Object.keys(productCodes).join(', ')}.`);
    this.#loop = createMeterLoop(segment.placeOf(), kind ?? 'metered', commodity ?? '', this.store.count);
    this.#run.clear();
    this.#canRun = false;
  }

  /** DTM below PTD. */
  takeDate(): void {
    const segment = this.#segment;
    const loop = this.#loop;
    if (loop === undefined) return;
    if (!segment.checkElements()) {
      loop.hasBadDate = true;
      return;
    }
    const code = segment.text(1);
    if (code !== dateCodes.start && code !== dateCodes.end && code !== dateCodes.exchange) {
      segment.fault('E_CODE', 1, `Expected ${dateCodes.start}, ${dateCodes.end} or ${dateCodes.exchange}.`);
      loop.hasBadDate = true;
      return;
    }
    const moment = findMoment(segment, this.#clock);
    if (moment === undefined) loop.hasBadDate = true;
    if (code === dateCodes.exchange) return;
    const name = code === dateCodes.start ? 'start' : 'end';
    if (loop[name] !== undefined) segment.fault('E_REPEAT', 1, `The ${name} of the period stands twice.`);
    loop[name] = moment;
  }

  /** REF below PTD. */
  takeReference(): void {
    if (this.#loop !== undefined) takeLoopReference(this.#segment, this.#loop);
  }

  /** QTY, by the general rules. */
  takeQuantity(): void {
    const segment = this.#segment;
    const loop = this.#loop;
    if (loop === undefined) return;
    if (!segment.checkElements()) {
      // It takes its place, so that the others are counted right.
      loop.values++;
      return;
    }
    const code = quantityCodes.find((candidate) => candidate.code === segment.text(1));
    if (code === undefined) {
      segment.fault('E_CODE', 1, `Expected ${quantityCodes.map((one) => one.code).join(', ')}.`);
      loop.values++;
      return;
    }
    const isNeutral = code.quality === 'missing';
    if (!isNeutral && !this.#hasDirection(loop)) loop.isReceived = code.isReceived;
    else if (!isNeutral && code.isReceived !== loop.isReceived)
      segment.fault('E_CODE', 1, 'The loop mixes energy delivered and received.');
    const text = this.#checkQuantity(loop, code);
    this.#store(loop, isNeutral ? '' : (text ?? ''), qualities.indexOf(code.quality));
  }

  /** Checks unit, number and repetition; gives the number, where it is one. */
  #checkQuantity(loop: MeterLoop, { code, quality }: QuantityCode): string | undefined {
    const segment = this.#segment;
    if (loop.unit !== undefined && segment.text(3) !== loop.unit.code)
      segment.fault('E_UNITS', 3, `Expected ${loop.unit.code}, the unit of the loop.`);
    const text = findNumber(segment.text(2));
    if (text === undefined) segment.fault('E_NUMBER', 2, numberMessage);
    else if (text.startsWith('-') && Number(text) < 0)
      segment.fault('E_NEGATIVE', 2, 'The quantity is negative.');
    if (quality === 'missing')
      segment.fault('W_UNUSABLE', 1, 'The quantity is marked as unusable; it is taken as missing.');
    if (loop.kind === 'unmetered' && code !== validatedCode)
      segment.fault('W_UNMETERED', 1, `Unmetered service is always ${validatedCode}.`);
    if (loop.minutes === 0 && loop.values === 1)
      segment.fault('E_LOOP_REPEAT', 0, 'A cumulative loop has one quantity.');
    return text;
  }

  /** Whether a quantity before has shown a direction: an unusable one has none. */
  #hasDirection(loop: MeterLoop): boolean {
    return loop.values > (this.#run.totals[qualities.indexOf('missing')] as number);
  }

  #store(loop: MeterLoop, text: string, quality: number): void {
    loop.values++;
    if (!this.store.reserve()) {
      if (!this.#isFull)
        this.#segment.fault('E_SET_SIZE', 0, `The set has more than ${maxSetReadings} quantities.`);
      this.#isFull = true;
      return;
    }
    this.store.push(text, quality);
    (this.#run.totals[quality] as number)++;
    if (text !== '') this.#run.add(toAmount(text));
    this.#canRun = loop.minutes > 0 && loop.unit !== undefined && loop.kind !== 'unmetered';
    if (this.#canRun && this.#isa !== undefined && loop.unit !== undefined)
      this.#run.begin(this.#isa.separators, loop.unit.code, loop.isReceived);
  }

  /** Plain quantities after one that was taken by the general rules; gives where the next other thing starts. */
  takeRun(bytes: Buffer, at: number): number {
    if (!this.#canRun || this.#loop === undefined) return at;
    const next = this.#run.take(bytes, at);
    this.#loop.values += this.#run.count;
    return next;
  }

  get runCount(): number {
    return this.#run.count;
  }

  /** MEA below QTY. */
  takeMeasure(): void {
    const segment = this.#segment;
    const loop = this.#loop;
    if (!segment.checkElements() || loop === undefined) return;
    const qualifier = segment.text(2);
    if (qualifier === multiplierCode) {
      takeMultiplier(segment, loop, 3);
    } else if (qualifier !== usageCode) {
      segment.fault('E_CODE', 2, `Expected ${multiplierCode} or ${usageCode}.`);
    } else if (loop.minutes > 0) {
      segment.fault('E_UNEXPECTED', 0, 'Interval data has no rows of usage.');
    } else {
      const row = findUsageRow(segment, loop, this.#profile.touLabels);
      if (row !== undefined) loop.rows.push(row);
    }
  }

  /** DTM below QTY: the end of the interval, which its position gives already (edi867 facts, section 3). */
  takeMoment(): void {
    const segment = this.#segment;
    const loop = this.#loop;
    if (!segment.checkElements() || loop === undefined) return;
    if (segment.text(1) !== dateCodes.intervalEnd) {
      segment.fault('E_CODE', 1, `Expected ${dateCodes.intervalEnd}, the end of the interval.`);
      return;
    }
    const moment = findMoment(segment, this.#clock);
    if (moment === undefined || loop.start === undefined) return;
    const elapsed = loop.minutes * loop.values * minuteMs;
    const ends =
      loop.minutes > 0 ? loop.start.instants.map((at) => at + elapsed) : (loop.end?.instants ?? []);
    if (moment.instants.some((at) => ends.includes(at))) return;
    const expected = ends.map((at) => new Date(at).toISOString().slice(0, 16)).join(' or ');
    segment.fault(
      'E_STAMP',
      segment.isEmpty(2) ? 6 : 2,
      `Quantity ${loop.values} of the loop ends at ${expected}Z.`,
    );
  }

  /** Ends the loop where the next segment starts; undefined when there was none. */
  end(byteEnd: number): MeterLoop | undefined {
    const loop = this.#loop;
    this.#loop = undefined;
    this.#canRun = false;
    if (loop === undefined) return undefined;
    const { sum, first, last } = this.#run.amounts;
    loop.byteEnd = byteEnd;
    loop.sum = sum;
    loop.first = first;
    loop.last = last;
    loop.totals = Array.from(this.#run.totals);
    return loop;
  }
}
