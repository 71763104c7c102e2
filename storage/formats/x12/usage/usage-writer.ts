import { ZoneClock } from '../../../model/zone-clock.ts';
import type { Reading, ReadingSet } from '../../format.ts';
import type { LossReason, WriteOptions, WriteResult, Writer } from '../../writer.ts';
import { getX12Profile, type X12Profile } from '../profiles.ts';
import { SeenNumbers } from '../seen-numbers.ts';
import { SegmentWriter } from '../segment-writer.ts';
import type { Separators } from '../separators.ts';
import { toControlNumber, toX12Date, writeIsa } from '../write-envelope.ts';
import { LoopBuilder } from './loop-builder.ts';
import { findUsageGroup, isSameGroup, type UsageGroup } from './usage-group.ts';
import type { UsageLoop } from './usage-loops.ts';
import { writeUsageHeader } from './write-header.ts';
import { type LoopContext, writeLoop } from './write-loops.ts';

/** What an 867 says beside its readings. All may be left out. */
export interface X12WriteOptions extends WriteOptions {
  /** ISA13 and GS06 of the first interchange, the next one for each further; 1 when left out. */
  readonly controlNumber?: number;
  /** Number at the end of the first BPT02 that is made; 1 when left out. BPT02 are never used again, so hand it in. */
  readonly referenceNumber?: number;
  /** ISA15 `T`; a production file when left out. */
  readonly isTest?: boolean;
  /** Parties of reading sets that name none. */
  readonly sender?: string;
  readonly receiver?: string;
  /** ISA05 and ISA07; by the form of the id when left out (`01` DUNS, `14` DUNS+4, `ZZ`). */
  readonly senderQualifier?: string;
  readonly receiverQualifier?: string;
  /** Whether the receiver is the supplier (`SJ`, usual) or the utility (`8S`). */
  readonly receiverParty?: 'SJ' | '8S';
  readonly separators?: Separators;
}

/** Written pieces are this long, not as short as the sets of a file may be. */
const pieceBytes = 65_536;
const maxText = 30;
const maxSetsOfGroup = 999_999;

/**
 * A writer of X12 867 (004010): one transaction set for each account, and period where totals name one; one interchange
 * for each pair of parties. The purposes OK and SUMMARY are both original data: a total reads back as SUMMARY, all else
 * as OK. A total's multiplier is multiplied out; a register without its total gets one.
 *
 * @throws `invalid-request` when there is no such profile
 */
export function createX12Writer(options: X12WriteOptions): Writer {
  return new UsageWriter(options, getX12Profile(options.profile));
}

class UsageWriter implements Writer {
  readonly #options: X12WriteOptions;
  readonly #clock: ZoneClock;
  readonly #writer: SegmentWriter;
  readonly #builder: LoopBuilder;
  readonly #context: LoopContext;
  /** The source's own; those that are made rise, and need not be kept. */
  readonly #references = new SeenNumbers();
  readonly #losses: Partial<Record<LossReason, number>> = {};
  #group: UsageGroup | undefined;
  /** Parties of the interchange that is open. */
  #open: { sender: string; receiver: string; controlNumber: number; sets: number } | undefined;
  #interchanges = 0;
  readonly #firstReferenceNumber: number;
  #referenceNumber: number;
  #bytes = 0;
  #readings = 0;

  constructor(options: X12WriteOptions, profile: X12Profile) {
    this.#options = options;
    this.#clock = new ZoneClock(profile.zone);
    this.#writer = new SegmentWriter(options.separators);
    this.#firstReferenceNumber = options.referenceNumber ?? 1;
    this.#referenceNumber = this.#firstReferenceNumber;
    const lose = (reason: LossReason, readings: number) => this.#lose(reason, readings);
    this.#builder = new LoopBuilder(profile, lose);
    this.#context = { writer: this.#writer, profile, clock: this.#clock, lose };
  }

  #lose(reason: LossReason, readings: number): void {
    if (readings > 0) this.#losses[reason] = (this.#losses[reason] ?? 0) + readings;
  }

  add(set: ReadingSet, readings: readonly Reading[]): void {
    const group = this.#findGroup(set, readings.length);
    if (group === undefined) return;
    const isOfPeriod = set.measure !== 'interval' && group.reference === '';
    const isSame = this.#group !== undefined && isSameGroup(this.#group, group);
    if (!isSame || (isOfPeriod && this.#builder.hasOtherPeriod(set))) this.#flush();
    this.#group ??= group;
    this.#group.reason ??= group.reason;
    this.#builder.add(set, readings);
  }

  end(): WriteResult {
    this.#flush();
    this.#closeInterchange();
    this.#hand();
    const { count } = this.#writer;
    return { bytes: this.#bytes, records: count, readings: this.#readings, losses: this.#losses };
  }

  /** What the set's transaction set says; undefined, and counted, where it cannot be said. */
  #findGroup(set: ReadingSet, readings: number): UsageGroup | undefined {
    const { sender = '', receiver = '' } = this.#options;
    const parties = { sender: set.sender || sender, receiver: set.receiver || receiver };
    const isText = (text: string) => text.length <= maxText && this.#writer.canHold(text);
    const found = findUsageGroup(set, parties, isText);
    if (typeof found === 'string') {
      this.#lose(found, readings);
      return undefined;
    }
    if (found.isCut) this.#lose('text', readings);
    return found.group;
  }

  #flush(): void {
    const group = this.#group;
    this.#group = undefined;
    const loops = this.#builder.take();
    if (group !== undefined && loops.length > 0) this.#writeSet(group, loops);
    if (this.#writer.pending >= pieceBytes) this.#hand();
  }

  #writeSet(group: UsageGroup, loops: readonly UsageLoop[]): void {
    const open = this.#open;
    const isSame =
      open?.sender === group.sender && open.receiver === group.receiver && open.sets < maxSetsOfGroup;
    if (!isSame) this.#openInterchange(group);
    if (this.#open === undefined) return;
    const writer = this.#writer;
    const control = String(++this.#open.sets).padStart(4, '0');
    const before = writer.count;
    writer.add('ST', '867', control);
    const at = group.createdAt ?? this.#options.now;
    const date = toX12Date(at, this.#clock);
    const { receiverParty = 'SJ' } = this.#options;
    writeUsageHeader(writer, group, { reference: this.#toReference(group), ...date, loops, receiverParty });
    for (const loop of loops) this.#readings += writeLoop(this.#context, loop);
    writer.add('SE', String(writer.count - before + 1), control);
  }

  /** The source's own reference, or one that is made; none stands twice. */
  #toReference({ reference, sender }: UsageGroup): string {
    const isOwn =
      reference !== '' &&
      !this.#wasMade(sender, reference) &&
      !this.#references.add(`${sender}\0${reference}`);
    if (isOwn) return reference;
    for (;;) {
      const made = this.#makeReference(sender, this.#referenceNumber++);
      if (!this.#references.has(`${sender}\0${made}`)) return made;
    }
  }

  /** `provider-CCYYMMDD-number` (edi867 facts, section 5.3). */
  #makeReference(sender: string, number: number): string {
    const { date } = toX12Date(this.#options.now, this.#clock);
    const tail = `-${date}-${String(number).padStart(6, '0')}`;
    return `${sender.slice(0, maxText - tail.length)}${tail}`;
  }

  #wasMade(sender: string, reference: string): boolean {
    const number = Number(/\d+$/.exec(reference)?.[0]);
    const isGiven = number >= this.#firstReferenceNumber && number < this.#referenceNumber;
    return isGiven && this.#makeReference(sender, number) === reference;
  }

  #openInterchange({ sender, receiver }: UsageGroup): void {
    this.#closeInterchange();
    const options = this.#options;
    const controlNumber = toControlNumber(options.controlNumber ?? 1, this.#interchanges++);
    const parties = {
      senderQualifier: options.senderQualifier ?? toIsaQualifier(sender),
      sender,
      receiverQualifier: options.receiverQualifier ?? toIsaQualifier(receiver),
      receiver,
    };
    writeIsa(this.#writer, parties, {
      controlNumber,
      isTest: options.isTest ?? false,
      now: options.now,
      clock: this.#clock,
    });
    const { date, time } = toX12Date(options.now, this.#clock);
    this.#writer.add('GS', 'PT', sender, receiver, date, time, String(controlNumber), 'X', '004010');
    this.#open = { sender, receiver, controlNumber, sets: 0 };
  }

  #closeInterchange(): void {
    if (this.#open === undefined) return;
    const { sets, controlNumber } = this.#open;
    this.#writer.add('GE', String(sets), String(controlNumber));
    this.#writer.add('IEA', '1', String(controlNumber).padStart(9, '0'));
    this.#open = undefined;
  }

  #hand(): void {
    const bytes = this.#writer.take();
    if (bytes.length === 0) return;
    this.#bytes += bytes.length;
    this.#options.onBytes(bytes);
  }
}

/** ISA05, ISA07. */
function toIsaQualifier(id: string): string {
  return /^\d{9}$/.test(id) ? '01' : /^\d{13}$/.test(id) ? '14' : 'ZZ';
}
