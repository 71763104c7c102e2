import { minuteMs } from '../../../model/time.ts';
import { ZoneClock } from '../../../model/zone-clock.ts';
import type { FaultList } from '../../fault-list.ts';
import type { X12FaultCode } from '../faults.ts';
import type { Isa } from '../isa.ts';
import { SeenNumbers } from '../seen-numbers.ts';
import type { Segment } from '../segment.ts';
import type { Group, SetContext, SetReader } from '../set-reader.ts';
import { checkLoop } from './check-loop.ts';
import { checkSummaries } from './check-summaries.ts';
import { checkTotal } from './check-usage.ts';
import { grammar, missingAt, type Place, usageSegments } from './grammar.ts';
import { UsageHeader } from './header.ts';
import { LoopReader } from './loop-reader.ts';
import type { MeterLoop } from './meter-loop.ts';
import { type LoopSet, toCumulativeSets, toIntervalSet } from './reading-sets.ts';

/** PTD loops of one set; an account with a thousand meters of ten channels has as many. */
export const maxLoops = 10_000;

/**
 * Reads transaction sets 867 of California (edi867 facts, sections 3 to 5). A set is kept until its SE shows that it is
 * whole and without error; only then its reading sets are handed on, loop by loop.
 */
export class UsageSets implements SetReader {
  readonly setId = '867';
  readonly functionalId = 'PT';
  readonly #context: SetContext;
  readonly #segment: Segment;
  readonly #header: UsageHeader;
  readonly #loops: LoopReader;
  readonly #references = new SeenNumbers();
  #place: Place = 'start';
  /** How often the last kind of segment stood here. */
  #repeats = 0;
  #errorsAtStart = 0;
  #pending: MeterLoop[] = [];
  #loopCount = 0;
  #stamps = new Float64Array(4_096);

  constructor(context: SetContext) {
    const clock = new ZoneClock(context.profile.zone);
    this.#context = context;
    this.#segment = context.segment;
    this.#header = new UsageHeader(context.profile, clock);
    this.#loops = new LoopReader(context.profile, context.segment, clock);
  }

  get runCount(): number {
    return this.#loops.runCount;
  }

  begin(group: Group, isa: Isa): void {
    this.#place = 'start';
    this.#repeats = 0;
    this.#errorsAtStart = this.#segment.faults.errorCount;
    this.#pending = [];
    this.#loopCount = 0;
    this.#header.begin(group);
    this.#loops.beginSet(isa);
  }

  takeRun(bytes: Buffer, at: number): number {
    return this.#place === 'quantity' ? this.#loops.takeRun(bytes, at) : at;
  }

  take(segment: Segment): void {
    const { id } = segment;
    const steps = grammar[this.#place];
    const step = Object.hasOwn(steps, id) ? steps[id] : undefined;
    if (step === undefined && id === 'PTD' && this.#place !== 'start') {
      this.#reportMissing(segment);
    } else if (step === undefined) {
      this.#reportStray(segment, id);
      return;
    }
    const to = step?.to ?? 'loop';
    this.#repeats = to === this.#place ? this.#repeats + 1 : 1;
    // A new party begins the count of its references.
    if (id === 'N1') this.#repeats = 0;
    if (step?.most !== undefined && this.#repeats === step.most + 1)
      segment.fault('E_REPEAT', 0, `At most ${step.most} of ${id} stand here.`);
    this.#place = to;
    this.#hand(segment, to);
  }

  #reportMissing(segment: Segment): void {
    const missing = missingAt[this.#place] ?? '';
    segment.missing('E_MISSING', missing, `Before it the ${missing} is missing.`);
  }

  #reportStray(segment: Segment, id: string): void {
    const expected = Object.keys(grammar[this.#place]).join(', ');
    if (usageSegments.has(id)) {
      segment.fault('E_ORDER', 0, `Here stands ${expected}, or the end of the set.`);
      return;
    }
    const message = `The 867 of California has no such segment; expected ${expected}.`;
    segment.fault(segment.isKnown ? 'E_SEGMENT' : 'E_SEGMENT_ID', 0, message);
  }

  #hand(segment: Segment, to: Place): void {
    switch (to) {
      case 'head':
        this.#header.takeBeginning(segment);
        break;
      case 'party':
        if (segment.id === 'N1') this.#header.takeParty(segment);
        else this.#header.takeReference(segment);
        break;
      case 'loop':
        this.#endLoop(segment.byteStart);
        this.#loops.begin();
        break;
      case 'dates':
        this.#loops.takeDate();
        break;
      case 'references':
        this.#loops.takeReference();
        break;
      case 'quantity':
        this.#loops.takeQuantity();
        break;
      case 'measures':
        this.#loops.takeMeasure();
        break;
      default:
        this.#loops.takeMoment();
        break;
    }
  }

  get #hasErrors(): boolean {
    return this.#segment.faults.errorCount > this.#errorsAtStart;
  }

  #endLoop(byteEnd: number): void {
    const loop = this.#loops.end(byteEnd);
    if (loop === undefined) return;
    if (loop.values > 0) checkLoop(loop, this.#header.kind, this.#segment);
    if (++this.#loopCount === maxLoops + 1)
      this.#segment.fault('E_SET_SIZE', 0, `The set has more than ${maxLoops} loops.`);
    if (!this.#hasErrors) {
      if (loop.minutes === 0) checkTotal(loop, this.#loops.store.valueText(loop.firstValue), this.#segment);
      this.#pending.push(loop);
    } else {
      // Nothing of a set with an error is given out: there is nothing to keep.
      this.#pending = [];
      this.#loops.store.clear();
    }
  }

  end(segment: Segment, isGood: boolean): void {
    const before = segment.faults.errorCount;
    this.#endLoop(segment.byteStart);
    const missing = missingAt[this.#place];
    const isWithoutLoops = this.#place === 'party' && this.#header.purpose?.purpose === 'CANCEL';
    if (missing !== undefined && !isWithoutLoops) this.#reportMissing(segment);
    if (this.#place !== 'start') {
      this.#header.finish(segment);
      const { sender, reference, referencePlace } = this.#header;
      if (referencePlace !== undefined && this.#references.add(`${sender}\0${reference}`))
        segment.faultAt(
          'E_REFERENCE_TWICE',
          referencePlace,
          reference,
          'The reference stood before in the file.',
        );
    }
    checkSummaries(this.#pending, this.#loops.store, segment);
    if (!isGood || segment.faults.errorCount > before) return;
    for (const loop of this.#pending) this.#emit(loop);
    this.#takeParties(segment);
    this.#pending = [];
  }

  /** Those of the set, which may hold no loop that gives readings. */
  #takeParties(segment: Segment): void {
    const { sender, receiver } = this.#header;
    const { checks, tally } = this.#context;
    checks.takeAddressed({ sender, receiver, line: segment.number, byteStart: segment.byteStart });
    tally.addParties({ sender, receiver });
  }

  finish(faults: FaultList<X12FaultCode>): void {
    if (!this.#references.isCapped) return;
    faults.addForFile('N_CAP', 'Too many BPT02 to remember: a repeated one may have gone unseen.');
  }

  #emit(loop: MeterLoop): void {
    if (loop.kind === 'summary') return;
    const { store } = this.#loops;
    if (loop.minutes === 0) {
      for (const one of toCumulativeSets(loop, this.#header, store)) this.#handOn(one, 0);
    } else this.#handOn(toIntervalSet(loop, this.#header, store), loop.minutes);
  }

  #handOn({ set, toReadings, amounts }: LoopSet, minutes: number): void {
    const { tally, checks, options } = this.#context;
    const errorsBefore = this.#segment.faults.errorCount;
    tally.addUnit(set.unit);
    checks.take(
      set,
      this.#toStamps(set.periodStartAt, set.periodEndAt, set.readings, minutes),
      set.readings,
      amounts,
    );
    // A mailbox may have made an error of what a check found.
    if (this.#segment.faults.errorCount > errorsBefore) return;
    tally.addSet(set);
    options.onReadingSet?.(set, toReadings, amounts);
  }

  /** Ends of the intervals, minutes since 1970; of a register the two reads, of a total the end of the period. */
  #toStamps(startAt: number, endAt: number, count: number, minutes: number): Float64Array {
    if (this.#stamps.length < count) this.#stamps = new Float64Array(2 * count);
    const stamps = this.#stamps;
    const start = startAt / minuteMs;
    for (let i = 0; i < count; i++) stamps[i] = minutes === 0 ? start : start + (i + 1) * minutes;
    if (minutes === 0) stamps[count - 1] = endAt / minuteMs;
    return stamps;
  }
}
