import type { Reading, ReadingSet } from '../../format.ts';
import type { LossReason, WriteOptions, WriteResult, Writer } from '../../writer.ts';
import { partyCodes, productCodes, purposeCodes, reasonCodes, reportCodes } from '../codes.ts';
import { createLocalTimes } from '../local-times.ts';
import { getX12Profile, type X12Profile } from '../profiles.ts';
import { SeenNumbers } from '../seen-numbers.ts';
import { SegmentWriter } from '../segment-writer.ts';
import type { Separators } from '../separators.ts';
import { toControlNumber, toX12Date, writeIsa } from '../write-envelope.ts';
import { LoopBuilder } from './loop-builder.ts';
import type { UsageGroup, UsageLoop } from './write-group.ts';
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
  readonly #profile: X12Profile;
  readonly #writer: SegmentWriter;
  readonly #builder: LoopBuilder;
  readonly #context: LoopContext;
  readonly #references = new SeenNumbers();
  readonly #losses: Partial<Record<LossReason, number>> = {};
  #group: UsageGroup | undefined;
  /** Parties of the interchange that is open. */
  #open: { sender: string; receiver: string; controlNumber: number; sets: number } | undefined;
  #interchanges = 0;
  #referenceNumber: number;
  #bytes = 0;
  #readings = 0;

  constructor(options: X12WriteOptions, profile: X12Profile) {
    this.#options = options;
    this.#profile = profile;
    this.#writer = new SegmentWriter(options.separators);
    this.#referenceNumber = options.referenceNumber ?? 1;
    const lose = (reason: LossReason, readings: number) => this.#lose(reason, readings);
    this.#builder = new LoopBuilder(profile, lose);
    this.#context = { writer: this.#writer, profile, findInstants: createLocalTimes(profile.zone), lose };
  }

  #lose(reason: LossReason, readings: number): void {
    if (readings > 0) this.#losses[reason] = (this.#losses[reason] ?? 0) + readings;
  }

  add(set: ReadingSet, readings: readonly Reading[]): void {
    const group = this.#findGroup(set, readings.length);
    if (group === undefined) return;
    const isOfPeriod = set.measure !== 'interval' && group.reference === '';
    const isSame = this.#group !== undefined && isEqual(this.#group, group);
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
    const sender = set.sender || (this.#options.sender ?? '');
    const receiver = set.receiver || (this.#options.receiver ?? '');
    const { senderAccount, receiverAccount } = toAccounts(set);
    const names = [set.meter, set.sdp, set.channel, senderAccount, receiverAccount];
    const isNamed = set.meter !== '' && (senderAccount !== '' || receiverAccount !== '');
    const isOfCommodity = Object.values(productCodes).includes(set.commodity || 'E');
    const areParties = [sender, receiver].every((id) => /^\S{2,15}$/.test(id) && this.#writer.canHold(id));
    if (!isNamed || !areParties || !names.every((name) => this.#isText(name))) {
      this.#lose('identity', readings);
      return undefined;
    }
    if (!isOfCommodity) {
      this.#lose('unit', readings);
      return undefined;
    }
    const purpose = purposeCodes.find((code) => code.purpose === toWritten(set.purpose));
    const correctsReference = this.#isText(set.correctsReference) ? set.correctsReference : '';
    if (purpose === undefined || (purpose.reference === 'required' && correctsReference === '')) {
      this.#lose('purpose', readings);
      return undefined;
    }
    const reference = this.#isText(set.externalReference) ? set.externalReference : '';
    const reason = this.#isText(set.reason) ? set.reason : '';
    const isCut =
      reference !== set.externalReference ||
      reason !== set.reason ||
      correctsReference !== set.correctsReference ||
      (set.purpose !== '' && set.purpose !== toRead(set, purpose.purpose));
    if (isCut) this.#lose('text', readings);
    return {
      sender,
      receiver,
      senderAccount,
      receiverAccount,
      purposeCode: purpose.code,
      reference,
      correctsReference,
      reason: isLoopReason(set) ? undefined : reason,
      createdAt: set.createdAt,
    };
  }

  /** Whether the text fits into a REF02, or is empty. */
  #isText(text: string): boolean {
    return text.length <= maxText && this.#writer.canHold(text);
  }

  #flush(): void {
    const group = this.#group;
    this.#group = undefined;
    const loops = this.#builder.take();
    if (group !== undefined && loops.length > 0) this.#writeSet(group, loops);
    this.#hand();
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
    this.#writeHeader(group, loops);
    for (const loop of loops) this.#readings += writeLoop(this.#context, loop);
    writer.add('SE', String(writer.count - before + 1), control);
  }

  #writeHeader(group: UsageGroup, loops: readonly UsageLoop[]): void {
    const writer = this.#writer;
    const { date, time } = toX12Date(group.createdAt ?? this.#options.now, this.#profile.zone);
    const kinds = new Set(loops.map(({ kind }) => kind));
    const report = kinds.size > 1 ? 'mixed' : kinds.has('interval') ? 'interval' : 'cumulative';
    const [type = ''] = Object.keys(reportCodes).filter((code) => reportCodes[code] === report);
    writer.add('BPT', group.purposeCode, this.#toReference(group), date, type, '', '', '', time);
    const { receiverParty = 'SJ' } = this.#options;
    const [utility = '', supplier = '', provider = ''] = (['utility', 'supplier', 'provider'] as const).map(
      (role) => Object.keys(partyCodes).find((code) => partyCodes[code] === role),
    );
    const receiver = ['', toIdQualifier(group.receiver), group.receiver, '', '40'];
    const isUtility = receiverParty === utility;
    if (isUtility || group.senderAccount !== '')
      writer.add('N1', utility, ...(isUtility ? receiver : ['UDC']));
    if (group.senderAccount !== '') writer.add('REF', '12', group.senderAccount);
    if (!isUtility || group.receiverAccount !== '')
      writer.add('N1', supplier, ...(isUtility ? ['ESP'] : receiver));
    if (group.receiverAccount !== '') writer.add('REF', '11', group.receiverAccount);
    writer.add('N1', provider, '', toIdQualifier(group.sender), group.sender, '', '41');
    if (group.correctsReference !== '') writer.add('REF', '59', group.correctsReference);
    if (group.reason) writer.add('REF', '1P', group.reason);
  }

  /** The source's own reference, or one that is made: `provider-CCYYMMDD-number` (edi867 facts, section 5.3). */
  #toReference({ reference, sender }: UsageGroup): string {
    if (reference !== '' && !this.#references.add(`${sender}\0${reference}`)) return reference;
    const { date } = toX12Date(this.#options.now, this.#profile.zone);
    for (;;) {
      const tail = `-${date}-${String(this.#referenceNumber++).padStart(6, '0')}`;
      const made = `${sender.slice(0, maxText - tail.length)}${tail}`;
      if (!this.#references.add(`${sender}\0${made}`)) return made;
    }
  }

  #openInterchange({ sender, receiver }: UsageGroup): void {
    this.#closeInterchange();
    const options = this.#options;
    const { zone } = this.#profile;
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
      zone,
    });
    const { date, time } = toX12Date(options.now, zone);
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

function isEqual(a: UsageGroup, b: UsageGroup): boolean {
  const areOneReason = a.reason === b.reason || a.reason === undefined || b.reason === undefined;
  const keys = Object.keys(a) as (keyof UsageGroup)[];
  return areOneReason && keys.every((key) => key === 'reason' || a[key] === b[key]);
}

/** Whether the reason is said in the set's own loop, because all that it carries is adjusted for it. */
function isLoopReason({ reason, readings, raw, missing, adjusted }: ReadingSet): boolean {
  const isAdjustment = Object.hasOwn(reasonCodes, reason) && reasonCodes[reason]?.isAdjustment === true;
  return isAdjustment && adjusted > 0 && adjusted === readings - raw - missing;
}

/** Both references; the account where neither stands by itself. */
function toAccounts({ senderAccount, receiverAccount, account }: ReadingSet) {
  const isEmpty = senderAccount === '' && receiverAccount === '';
  return { senderAccount: isEmpty ? account : senderAccount, receiverAccount };
}

/** Totals of original data are original data, and so is what comes from a format without purposes. */
function toWritten(purpose: string): string {
  return purpose === 'SUMMARY' || purpose === '' ? 'OK' : purpose;
}

/** The purpose with which the set reads back. */
function toRead({ measure }: ReadingSet, purpose: string): string {
  return measure === 'total' && purpose === 'OK' ? 'SUMMARY' : purpose;
}

/** N103. */
function toIdQualifier(id: string): string {
  return /^\d{9}$/.test(id) ? '1' : /^\d{13}$/.test(id) ? '9' : 'ZZ';
}

/** ISA05, ISA07. */
function toIsaQualifier(id: string): string {
  return /^\d{9}$/.test(id) ? '01' : /^\d{13}$/.test(id) ? '14' : 'ZZ';
}
