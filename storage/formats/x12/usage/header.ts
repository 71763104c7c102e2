import type { Instant } from '../../../model/time.ts';
import type { ZoneClock } from '../../../model/zone-clock.ts';
import {
  type PartyRole,
  type PurposeCode,
  partyCodes,
  partyReferences,
  purposeCodes,
  type ReportKind,
  reasonCodes,
  reportCodes,
} from '../codes.ts';
import { findDay, findTime, toCalendarMinutes } from '../dates.ts';
import { findInstants } from '../local-times.ts';
import type { X12Profile } from '../profiles.ts';
import type { Segment, SegmentPlace } from '../segment.ts';
import type { Group } from '../set-reader.ts';
import { maxParties } from './grammar.ts';

interface Party {
  readonly id: string;
  readonly isReceiver: boolean;
}

/** What BPT, N1 and the REF below them say of a whole transaction set (edi867 facts, sections 4.2 and 4.3). */
export class UsageHeader {
  readonly #profile: X12Profile;
  readonly #clock: ZoneClock;
  readonly #parties = new Map<PartyRole, Party>();
  #group: Group | undefined;
  #partyLoops = 0;
  #hasBroken = false;
  /** Parties, known once the header has been finished. */
  sender = '';
  receiver = '';
  purpose: PurposeCode | undefined;
  kind: ReportKind = 'mixed';
  reference = '';
  /** Where the reference stands; undefined where it could not be read. */
  referencePlace: SegmentPlace | undefined;
  #secondReference = '';
  #secondPlace: SegmentPlace | undefined;
  createdAt: Instant | null = null;
  correctsReference = '';
  reason = '';
  senderAccount = '';
  receiverAccount = '';

  constructor(profile: X12Profile, clock: ZoneClock) {
    this.#profile = profile;
    this.#clock = clock;
  }

  begin(group: Group): void {
    this.#group = group;
    this.#parties.clear();
    this.#partyLoops = 0;
    this.#hasBroken = false;
    this.purpose = undefined;
    this.kind = 'mixed';
    this.reference = '';
    this.referencePlace = undefined;
    this.#secondReference = '';
    this.#secondPlace = undefined;
    this.createdAt = null;
    this.correctsReference = '';
    this.reason = '';
    this.senderAccount = '';
    this.receiverAccount = '';
  }

  /** Who provides the readings: N1*55, else the sender of the group. */
  #findSender(): string {
    return this.#parties.get('provider')?.id || (this.#group?.sender ?? '');
  }

  /**
   * Who is to receive them: the utility or supplier that the group goes to, or that is marked as receiver (N106 40).
   */
  #findReceiver(): string {
    const address = this.#group?.receiver ?? '';
    const supplier = this.#parties.get('supplier');
    const utility = this.#parties.get('utility');
    if (supplier?.id === address || utility?.id === address) return address;
    const marked =
      supplier?.isReceiver === true ? supplier : utility?.isReceiver === true ? utility : undefined;
    return marked?.id || address;
  }

  takeBeginning(segment: Segment): void {
    if (this.#isBroken(segment)) return;
    this.reference = segment.text(2);
    this.referencePlace = segment.placeOf(2);
    this.#secondReference = segment.text(9);
    if (this.#secondReference !== '') this.#secondPlace = segment.placeOf(9);
    this.purpose = purposeCodes.find(({ code }) => code === segment.text(1));
    if (this.purpose === undefined) {
      segment.fault('E_CODE', 1, `Expected ${purposeCodes.map(({ code }) => code).join(', ')}.`);
    }
    const kind = Object.hasOwn(reportCodes, segment.text(4)) ? reportCodes[segment.text(4)] : undefined;
    if (kind === undefined) segment.fault('E_CODE', 4, `Expected ${Object.keys(reportCodes).join(', ')}.`);
    this.kind = kind ?? 'mixed';
    const day = findDay(segment.text(3));
    const time = segment.isEmpty(8) ? 0 : findTime(segment.text(8));
    if (day === undefined) segment.fault('E_DATE', 3, 'Expected a real date as CCYYMMDD.');
    if (time === undefined) segment.fault('E_TIME', 8, 'Expected a time as HHMM, from 0000 to 2359.');
    if (day === undefined || time === undefined) return;
    // A clock that stands in the hour that spring leaves out was not set yet: no reason to refuse the readings.
    this.createdAt = findInstants(this.#clock, toCalendarMinutes(day, time))[0] ?? null;
  }

  takeParty(segment: Segment): void {
    if (++this.#partyLoops === maxParties + 1) {
      segment.fault('E_LOOP_REPEAT', 0, `A set names at most ${maxParties} parties.`);
    }
    if (this.#isBroken(segment)) return;
    const code = segment.text(1);
    const role = Object.hasOwn(partyCodes, code) ? partyCodes[code] : undefined;
    if (role === undefined) {
      segment.fault('E_CODE', 1, `Expected ${Object.keys(partyCodes).join(', ')}.`);
      return;
    }
    if (this.#parties.has(role)) segment.fault('E_LOOP_REPEAT', 0, `The ${role} is named twice.`);
    if (segment.isEmpty(2) && segment.isEmpty(3))
      segment.fault('E_CONDITION', 2, 'A party has a name, or an id with its qualifier.');
    if (segment.isEmpty(3) !== segment.isEmpty(4))
      segment.fault('E_CONDITION', segment.isEmpty(3) ? 3 : 4, 'An id and its qualifier stand together.');
    if (role === 'provider' && segment.isEmpty(4))
      segment.fault('E_CONDITION', 4, 'The provider of the data has an id.');
    this.#parties.set(role, { id: segment.text(4), isReceiver: segment.text(6) === '40' });
  }

  takeReference(segment: Segment): void {
    if (this.#isBroken(segment)) return;
    const qualifier = segment.text(1);
    if (!Object.hasOwn(partyReferences, qualifier)) {
      segment.fault('E_CODE', 1, `Expected ${Object.keys(partyReferences).join(', ')}.`);
      return;
    }
    const text = segment.text(2);
    if (qualifier === '12') this.senderAccount = text;
    else if (qualifier === '11') this.receiverAccount = text;
    else if (qualifier === '59') this.#takeCorrected(segment, text);
    else if (qualifier === '1P') {
      this.reason = text;
      if (!Object.hasOwn(reasonCodes, text)) segment.fault('W_REASON', 2, 'The reason is not in the table.');
    }
  }

  #takeCorrected(segment: Segment, text: string): void {
    this.correctsReference = text;
    if (this.purpose?.reference !== 'none') return;
    segment.fault('W_UNEXPECTED', 0, `A set of purpose ${this.purpose.code} corrects nothing.`);
  }

  /** Whether the segment is faulty: then what it would have said is not reported as missing. */
  #isBroken(segment: Segment): boolean {
    if (segment.checkElements()) return false;
    this.#hasBroken = true;
    return true;
  }

  /** What only shows at the end of the set; what is missing is reported at its SE. */
  finish(segment: Segment): void {
    if (this.#secondPlace !== undefined) this.#takeSecondReference(segment, this.#secondPlace);
    this.sender = this.#findSender();
    this.receiver = this.#findReceiver();
    if (this.#hasBroken) return;
    if (!this.#parties.has('provider'))
      segment.missing('E_PARTY', 'N1', 'There is no N1*55, the provider of the data.');
    if (!this.#parties.has('utility') && !this.#parties.has('supplier'))
      segment.missing('E_PARTY', 'N1', 'There is neither N1*8S, the utility, nor N1*SJ, the supplier.');
    if (this.senderAccount === '' && this.receiverAccount === '')
      segment.missing('E_ACCOUNT', 'REF', 'There is neither REF*12 nor REF*11, an account.');
    this.#checkCorrected(segment);
  }

  #takeSecondReference(segment: Segment, place: SegmentPlace): void {
    const cancels = this.purpose?.purpose === 'CANCEL' && this.correctsReference === '';
    if (cancels && this.#profile.correlatesByBpt09) {
      this.correctsReference = this.#secondReference;
    } else {
      segment.faultAt('N_BPT09', place, this.#secondReference, 'A second reference is not used.');
    }
  }

  #checkCorrected(segment: Segment): void {
    const { purpose } = this;
    if (purpose === undefined || purpose.reference === 'none' || this.correctsReference !== '') return;
    const code = purpose.reference === 'required' ? 'E_CORRECTS' : 'W_CORRECTS';
    segment.missing(code, 'REF', `A set of purpose ${purpose.code} names in REF*59 what it is about.`);
  }
}
