import { type Instant, minuteMs } from '../../../model/time.ts';
import {
  additiveRole,
  dateCodes,
  loopCodes,
  meterReferences,
  multiplierCode,
  periodCode,
  productCodes,
  productQualifier,
  quantityCodes,
  readCodes,
  reasonCodes,
  type UnitCode,
  unitCodes,
  usageCode,
} from '../codes.ts';
import { isIntervalLength } from '../interval-length.ts';
import type { Isa } from '../isa.ts';
import { findNumber, numberMessage, toAmount } from '../numbers.ts';
import type { X12Profile } from '../profiles.ts';
import type { Segment } from '../segment.ts';
import { createMeterLoop, type MeterLoop, type UsageRow } from './meter-loop.ts';
import { findMoment } from './moments.ts';
import { QuantityRun, qualities } from './quantity-run.ts';
import { maxSetReadings, ValueStore } from './value-store.ts';

const delivered = quantityCodes.filter(({ isReceived }) => !isReceived);
const validatedCode = delivered.find(({ quality }) => quality === 'validated')?.code;

/** Reads the segments of one PTD loop after another. One object serves a whole file. */
export class LoopReader {
  readonly #profile: X12Profile;
  readonly #segment: Segment;
  readonly #findInstants: (localMinutes: number) => readonly Instant[];
  readonly store = new ValueStore();
  readonly #run = new QuantityRun(this.store);
  #isa: Isa | undefined;
  #loop: MeterLoop | undefined;
  /** Whether the quantities that follow may be taken by the fast lane. */
  #canRun = false;
  #isFull = false;

  constructor(
    profile: X12Profile,
    segment: Segment,
    findInstants: (localMinutes: number) => readonly Instant[],
  ) {
    this.#profile = profile;
    this.#segment = segment;
    this.#findInstants = findInstants;
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
    const moment = findMoment(segment, this.#findInstants);
    if (moment === undefined) loop.hasBadDate = true;
    if (code === dateCodes.exchange) return;
    const name = code === dateCodes.start ? 'start' : 'end';
    if (loop[name] !== undefined) segment.fault('E_REPEAT', 1, `The ${name} of the period stands twice.`);
    loop[name] = moment;
  }

  /** REF below PTD. */
  takeReference(): void {
    const segment = this.#segment;
    const loop = this.#loop;
    if (loop === undefined) return;
    if (!segment.checkElements()) {
      loop.hasBadReference = true;
      return;
    }
    const text = segment.text(2);
    switch (segment.text(1)) {
      case 'MG':
        loop.meter = this.#once(loop.meter, text);
        return;
      case 'LU':
        loop.sdp = this.#once(loop.sdp, text);
        return;
      case '6W':
        loop.channel = this.#once(loop.channel, text);
        return;
      case 'MT':
        this.#takeUnit(loop, text);
        break;
      case '1P':
        loop.reason = this.#once(loop.reason, text);
        if (!Object.hasOwn(reasonCodes, text))
          segment.fault('W_REASON', 2, 'The reason is not in the table; the loop counts as adjusted.');
        return;
      case 'IX':
        if (!/^\d{1,2}$/.test(text)) segment.fault('E_NUMBER', 2, 'Expected the number of dials.');
        else loop.dials = Number(text);
        return;
      case '4P':
        this.#takeMultiplier(loop, 2);
        break;
      case 'JH':
        if (text !== additiveRole)
          segment.fault('E_CODE', 2, `Expected ${additiveRole} (additive); other meters are not taken.`);
        return;
      default:
        segment.fault('E_CODE', 1, `Expected ${Object.keys(meterReferences).join(', ')}.`);
    }
  }

  #once(before: string, text: string): string {
    if (before !== '') this.#segment.fault('E_REPEAT', 1, 'The loop has this reference already.');
    return text;
  }

  #takeUnit(loop: MeterLoop, text: string): void {
    const segment = this.#segment;
    if (loop.minutes !== -1) segment.fault('E_REPEAT', 1, 'The loop has this reference already.');
    loop.unit = unitCodes.find(({ code }) => text.startsWith(code));
    const length = text.slice(2);
    const minutes = length === periodCode ? 0 : /^\d{3}$/.test(length) ? Number(length) : -1;
    const isInterval = isIntervalLength(minutes);
    if (loop.unit === undefined) {
      segment.fault('E_UNITS', 2, `Expected one of ${unitCodes.map(({ code }) => code).join(', ')} first.`);
    } else if (text.length !== 5 || (minutes !== 0 && !isInterval)) {
      segment.fault('E_INTERVAL', 2, `Expected a unit and minutes such as 015, or ${periodCode}.`);
    }
    loop.minutes = isInterval || minutes === 0 ? minutes : -2;
  }

  #takeMultiplier(loop: MeterLoop, n: number): void {
    const segment = this.#segment;
    const text = findNumber(segment.text(n));
    if (text === undefined || Number(text) <= 0) {
      segment.fault('E_NUMBER', n, `${numberMessage.slice(0, -1)}, above zero.`);
    } else if (loop.multiplier !== '' && Number(loop.multiplier) !== Number(text)) {
      segment.fault('E_MULTIPLIER', n, `The multiplier of the loop is ${loop.multiplier} already.`);
    } else {
      loop.multiplier = text;
    }
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
    if (loop.unit !== undefined && segment.text(3) !== loop.unit.code)
      segment.fault('E_UNITS', 3, `Expected ${loop.unit.code}, the unit of the loop.`);
    const text = findNumber(segment.text(2));
    if (text === undefined) segment.fault('E_NUMBER', 2, numberMessage);
    else if (text.startsWith('-') && Number(text) < 0)
      segment.fault('E_NEGATIVE', 2, 'The quantity is negative.');
    if (isNeutral)
      segment.fault('W_UNUSABLE', 1, 'The quantity is marked as unusable; it is taken as missing.');
    if (loop.kind === 'unmetered' && code.code !== validatedCode)
      segment.fault('W_UNMETERED', 1, `Unmetered service is always ${validatedCode}.`);
    if (loop.minutes === 0 && loop.values === 1)
      segment.fault('E_REPEAT', 0, 'A cumulative loop has one quantity.');
    this.#store(loop, isNeutral ? '' : (text ?? ''), qualities.indexOf(code.quality));
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
    if (qualifier === multiplierCode) this.#takeMultiplier(loop, 3);
    else if (qualifier !== usageCode)
      segment.fault('E_CODE', 2, `Expected ${multiplierCode} or ${usageCode}.`);
    else if (loop.minutes > 0) segment.fault('E_ORDER', 2, 'Interval data has no rows of usage.');
    else this.#takeUsage(loop, loop.unit);
  }

  #takeUsage(loop: MeterLoop, unit: UnitCode | undefined): void {
    const segment = this.#segment;
    const before = segment.faults.errorCount;
    const reads = segment.isEmpty(1) ? 'AA' : segment.text(1);
    const qualitiesOfReads = Object.hasOwn(readCodes, reads) ? readCodes[reads] : undefined;
    if (qualitiesOfReads === undefined)
      segment.fault('E_CODE', 1, `Expected ${Object.keys(readCodes).join(', ')}.`);
    const code = segment.text(7);
    const label = Object.hasOwn(this.#profile.touLabels, code) ? this.#profile.touLabels[code] : undefined;
    if (segment.isEmpty(7))
      segment.fault('E_REQUIRED', 7, 'A row of usage says its time of use; 51 is the total.');
    else if (label === undefined)
      segment.fault('E_CODE', 7, `Expected one of ${Object.keys(this.#profile.touLabels).join(', ')}.`);
    else if (loop.rows.some((row) => row.label === label))
      segment.fault('E_REPEAT', 7, `The loop has a row of ${label} already.`);
    if (unit !== undefined && segment.text(4) !== unit.code)
      segment.fault('E_UNITS', 4, `Expected ${unit.code}, the unit of the loop.`);
    const usage = this.#takeNumber(3);
    const beginRead = this.#takeNumber(5);
    const endRead = this.#takeNumber(6);
    if (segment.isEmpty(5) !== segment.isEmpty(6))
      segment.fault('E_REQUIRED', segment.isEmpty(5) ? 5 : 6, 'Begin and end read stand together.');
    if (segment.faults.errorCount > before || qualitiesOfReads === undefined || label === undefined) return;
    const [beginQuality, endQuality] = qualitiesOfReads;
    const row: UsageRow = {
      label,
      usage,
      beginRead,
      endRead,
      beginQuality,
      endQuality,
      place: segment.placeOf(3),
    };
    loop.rows.push(row);
  }

  /** A number that is not negative, or nothing; anything else is reported. */
  #takeNumber(n: number): string {
    const segment = this.#segment;
    if (segment.isEmpty(n)) return '';
    const number = findNumber(segment.text(n));
    if (number === undefined) segment.fault('E_NUMBER', n, numberMessage);
    else if (number.startsWith('-')) segment.fault('E_NEGATIVE', n, 'The number is negative.');
    return number ?? '';
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
    const moment = findMoment(segment, this.#findInstants);
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
