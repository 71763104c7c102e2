import { findDay, findTime } from './dates.ts';
import type { Isa } from './isa.ts';
import { SeenNumbers } from './seen-numbers.ts';
import type { Segment } from './segment.ts';
import type { EnvelopeObserver, Group, SetReader } from './set-reader.ts';

const version = '004010';
/** More segments than any transaction set of one account and one billing period. */
const maxSetSegments = 2_000_000;

interface OpenGroup extends Group {
  readonly number: number;
  sets: number;
}

interface OpenSet {
  readonly controlNumber: string;
  readonly errorsBefore: number;
  readonly warningsBefore: number;
  /** Segments so far, the ST included. */
  segments: number;
  /** Of another kind than the file's: counted, not read. */
  readonly isForeign: boolean;
}

/**
 * Holds ISA, GS and ST against IEA, GE and SE: order, control numbers, counts (edi867 facts, section 4.1). What stands
 * between ST and SE goes to the reader of the sets.
 */
export class Envelope {
  readonly #segment: Segment;
  readonly #reader: SetReader;
  readonly #observer: EnvelopeObserver | undefined;
  readonly #interchanges = new SeenNumbers();
  readonly #groupNumbers = new SeenNumbers();
  readonly #setNumbers = new SeenNumbers();
  #isa: Isa | undefined;
  #group: OpenGroup | undefined;
  #set: OpenSet | undefined;
  #groups = 0;
  /** Transaction sets met, good or bad. */
  sets = 0;
  /** Whether an IEA was the last segment: only an ISA may follow. */
  isOver = false;
  /** Whether nothing after this can be read. */
  #isLost = false;

  constructor(segment: Segment, reader: SetReader, observer: EnvelopeObserver | undefined) {
    this.#segment = segment;
    this.#reader = reader;
    this.#observer = observer;
    segment.onSetError = (error) => observer?.onSetError(error);
  }

  get isInSet(): boolean {
    return this.#set !== undefined && !this.#set.isForeign;
  }

  get isCapped(): boolean {
    return this.#interchanges.isCapped || this.#groupNumbers.isCapped || this.#setNumbers.isCapped;
  }

  addSegments(count: number): void {
    if (this.#set !== undefined) this.#set.segments += count;
  }

  /**
   * A new ISA that could be read.
   *
   * @param byteOffset of its control number in the file
   */
  begin(isa: Isa, number: number, byteOffset: number): void {
    this.isOver = false;
    this.#isa = isa;
    this.#groups = 0;
    this.#groupNumbers.clear();
    if (this.#interchanges.add(isa.controlNumber)) {
      this.#segment.faultAt(
        'E_CONTROL_TWICE',
        { number, byteOffset, id: 'ISA', element: 13, position: 0 },
        isa.controlNumber,
        'The interchange control number stood before in the file.',
      );
    }
    this.#observer?.onInterchange(isa);
  }

  /** An ISA that could not be read: there is nothing to close. */
  lose(): void {
    this.#isLost = true;
  }

  /** A segment that is longer than any may be. */
  takeLong(message: string): void {
    if (this.#set !== undefined) this.#set.segments++;
    this.#segment.position = this.#set?.segments ?? 0;
    this.#segment.fault('E_SEGMENT_LEN', 0, message);
  }

  take(): void {
    const segment = this.#segment;
    segment.position = 0;
    switch (segment.id) {
      case 'GS':
        this.#beginGroup();
        break;
      case 'GE':
        this.#endGroup();
        break;
      case 'ST':
        this.#beginSet();
        break;
      case 'SE':
        this.#endSet();
        break;
      case 'IEA':
        this.#endInterchange();
        break;
      default:
        this.#takeInside();
        break;
    }
  }

  /** Ends the file: what is still open was cut. */
  end(byteOffset: number): void {
    if (this.#isLost || this.#isa === undefined) return;
    const open = this.#set !== undefined ? 'SE' : this.#group !== undefined ? 'GE' : 'IEA';
    const place = { number: 0, byteOffset, id: open, element: 0, position: this.#set?.segments ?? 0 };
    this.#segment.faultAt('E_TRAILER', place, '', `The file ends without its ${open}; it was cut.`);
    this.#closeSet(false);
    this.#closeGroup(Number.NaN);
  }

  #takeInside(): void {
    const segment = this.#segment;
    const set = this.#set;
    if (set === undefined) {
      const isAnswer = segment.id === 'TA1' && this.#group === undefined;
      if (isAnswer) segment.checkElements();
      else segment.fault('E_ENVELOPE', 0, 'The segment stands outside of a transaction set.');
      return;
    }
    segment.position = ++set.segments;
    if (set.segments === maxSetSegments + 1) {
      segment.fault('E_SET_SIZE', 0, `The transaction set has more than ${maxSetSegments} segments.`);
    }
    if (!set.isForeign) this.#reader.take(segment);
  }

  #beginGroup(): void {
    const segment = this.#segment;
    this.#requireClosed(this.#set !== undefined ? 'SE' : this.#group !== undefined ? 'GE' : undefined);
    this.#closeSet(false);
    this.#closeGroup(Number.NaN);
    const functionalId = segment.text(1);
    this.#groups++;
    this.#setNumbers.clear();
    this.#group = {
      functionalId,
      sender: segment.text(2),
      receiver: segment.text(3),
      controlNumber: segment.text(6),
      number: segment.number,
      sets: 0,
    };
    this.#observer?.onGroup(this.#group);
    if (segment.checkElements()) this.#checkGroup(functionalId);
  }

  #checkGroup(functionalId: string): void {
    const segment = this.#segment;
    if (functionalId !== this.#reader.functionalId) {
      const message = `A group of ${functionalId} in a file of ${this.#reader.setId}; expected ${this.#reader.functionalId}.`;
      segment.fault('E_SET', 1, message);
    }
    if (findDay(segment.text(4)) === undefined)
      segment.fault('E_DATE', 4, 'Expected a real date as CCYYMMDD.');
    if (findTime(segment.text(5)) === undefined)
      segment.fault('E_TIME', 5, 'Expected a time as HHMM, from 0000 to 2359.');
    if (segment.text(7) !== 'X') segment.fault('E_CODE', 7, 'Expected X (ASC X12).');
    if (!segment.text(8).startsWith(version)) segment.fault('E_VERSION', 8, `Expected ${version}.`);
    if (!/^\d+$/.test(segment.text(6)))
      segment.fault('E_NUMBER', 6, 'Expected a number of at most 9 digits.');
    else if (this.#groupNumbers.add(segment.text(6)))
      segment.fault('E_CONTROL_TWICE', 6, 'The group control number stood before in the interchange.');
  }

  #beginSet(): void {
    const segment = this.#segment;
    this.#requireClosed(this.#set === undefined ? undefined : 'SE');
    this.#closeSet(false);
    const errorsBefore = segment.faults.errorCount;
    const warningsBefore = segment.warnings;
    this.sets++;
    if (this.#group === undefined) segment.fault('E_ENVELOPE', 0, 'The set stands outside of a group (GS).');
    else this.#group.sets++;
    const setId = segment.text(1);
    const controlNumber = segment.text(2);
    this.#observer?.onSet(setId, controlNumber);
    segment.position = 1;
    const isForeign = setId !== this.#reader.setId;
    if (segment.checkElements()) {
      if (isForeign) {
        segment.fault('E_SET', 1, `A transaction set ${setId}; expected ${this.#reader.setId}.`);
      }
      if (this.#setNumbers.add(controlNumber))
        segment.fault('E_CONTROL_TWICE', 2, 'The set control number stood before in the group.');
    }
    this.#set = { controlNumber, errorsBefore, warningsBefore, segments: 1, isForeign };
    if (!isForeign && this.#isa !== undefined) {
      this.#reader.begin(this.#group ?? noGroup, this.#isa);
    }
  }

  #endSet(): void {
    const segment = this.#segment;
    const set = this.#set;
    if (set === undefined) {
      segment.fault('E_ENVELOPE', 0, 'There is no ST before it.');
      return;
    }
    segment.position = ++set.segments;
    if (segment.checkElements()) {
      this.#checkCount('segments', set.segments);
      this.#checkControl('ST02', set.controlNumber);
    }
    if (!set.isForeign) {
      // The reader has the last word: what a set lacks shows at its end.
      this.#reader.end(segment, segment.faults.errorCount === set.errorsBefore);
    }
    this.#closeSet(segment.faults.errorCount === set.errorsBefore);
  }

  #endGroup(): void {
    const segment = this.#segment;
    this.#requireClosed(this.#set === undefined ? undefined : 'SE');
    this.#closeSet(false);
    const group = this.#group;
    if (group === undefined) {
      segment.fault('E_ENVELOPE', 0, 'There is no GS before it.');
      return;
    }
    const isWhole = segment.checkElements();
    if (isWhole) {
      this.#checkCount('sets', group.sets);
      this.#checkControl('GS06', group.controlNumber);
    }
    this.#closeGroup(isWhole ? Number(segment.text(1)) : Number.NaN);
  }

  #endInterchange(): void {
    const segment = this.#segment;
    this.#requireClosed(this.#set !== undefined ? 'SE' : this.#group !== undefined ? 'GE' : undefined);
    this.#closeSet(false);
    this.#closeGroup(Number.NaN);
    if (segment.checkElements() && this.#isa !== undefined) {
      this.#checkCount('groups', this.#groups);
      this.#checkControl('ISA13', this.#isa.controlNumber);
    }
    this.#isa = undefined;
    this.isOver = true;
  }

  /** Reports the trailer that should have stood before this segment. */
  #requireClosed(trailer: string | undefined): void {
    if (trailer === undefined) return;
    const segment = this.#segment;
    segment.position = this.#set?.segments ?? 0;
    segment.fault('E_TRAILER', 0, `Before it the ${trailer} is missing.`);
    segment.position = 0;
  }

  #checkCount(what: string, count: number): void {
    const text = this.#segment.text(1);
    if (/^\d+$/.test(text) && Number(text) === count) return;
    this.#segment.fault('E_COUNT', 1, `There are ${count} ${what}, the trailer counts ${text}.`);
  }

  #checkControl(header: string, expected: string): void {
    if (this.#segment.text(2) === expected) return;
    this.#segment.fault('E_CONTROL', 2, `Expected ${expected}, the control number in ${header}.`);
  }

  #closeSet(isGood: boolean): void {
    if (this.#set === undefined) return;
    const hasWarnings = this.#segment.warnings > this.#set.warningsBefore;
    this.#set = undefined;
    this.#observer?.onSetEnd(isGood, hasWarnings);
  }

  #closeGroup(claimedSets: number): void {
    if (this.#group === undefined) return;
    this.#group = undefined;
    this.#observer?.onGroupEnd(claimedSets);
  }
}

const noGroup: Group = { functionalId: '', sender: '', receiver: '', controlNumber: '' };
