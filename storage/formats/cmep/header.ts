import type { ZoneClock } from '../../model/zone-clock.ts';
import type { CmepRecord } from './fields/record.ts';
import { alarmLayout } from './fields/record-types.ts';
import { readDate, StampReader } from './fields/stamp-reader.ts';
import { type Identity, type IdentityFields, resolveIdentity } from './identity.ts';
import type { CmepProfile } from './profile.ts';
import { readCode } from './read-code.ts';
import { alarmUnit, isUnitOfCommodity } from './units.ts';
import { readZoned, toClock } from './zoned-stamp.ts';

/** CMEP facts, section 6.2. */
export const purposes: readonly string[] = [
  'OK',
  'RESEND',
  'SUMMARY',
  'HISTORY',
  'PROFILE',
  'TEMPLATE',
  'REJECT',
];
/** Characters that PG&E keeps, by field number (CMEP facts, section 6.1). */
const keptLengths: Readonly<Record<number, number>> = { 3: 16, 4: 12, 5: 16, 6: 12, 8: 12 };

type FieldCheck = (record: CmepRecord, number: number, text: string, profile: CmepProfile) => void;

/**
 * Checks the fields that records share (2–7; of meter data 2–11) and holds their text. A field that equals the one of
 * the record before, and was without fault there, is not checked again: most records differ in two or three fields.
 */
export class HeaderCheck {
  readonly #profile: CmepProfile;
  readonly #stamps = new StampReader();
  readonly #clock: ZoneClock | undefined;
  /** Text of each field when it last passed without any fault. */
  readonly #passed = new Array<string | undefined>(12).fill(undefined);
  #layoutOfVersion = '';
  #resolved: IdentityFields = { meter: '', account: '', receiver: '', receiverAccount: '' };
  #isUsualUnit = true;
  sender = '';
  receiver = '';
  purpose = '';
  commodity = '';
  unit = '';
  /** Field 7, minutes since 1970; NaN when it is faulty. */
  createdMinutes = Number.NaN;
  identity: Identity = { meter: '', account: '', sdp: '', channel: '', receiver: '' };
  /** Fields 4 and 6 as they stand. */
  senderAccount = '';
  receiverAccount = '';

  constructor(profile: CmepProfile) {
    this.#profile = profile;
    this.#clock = toClock(profile.createdZone);
  }

  /** Fields 2 to 7, which all record types have. */
  checkCommon(record: CmepRecord): void {
    if (this.#layoutOfVersion !== record.layout.type) {
      this.#layoutOfVersion = record.layout.type;
      // The same text may be wrong in another type of record.
      this.#passed[2] = undefined;
      this.#passed[11] = undefined;
    }
    this.#field(record, 2, checkVersion);
    this.sender = this.#field(record, 3, checkText);
    this.senderAccount = this.#field(record, 4, checkText);
    this.receiver = this.#field(record, 5, checkText);
    this.receiverAccount = this.#field(record, 6, checkText);
    this.#checkCreated(record);
  }

  /**
   * Who is to receive the record, as {@link Identity} says it; for records that are checked no further than field 7.
   */
  findReceiver(): string {
    const { senderAccount: account, receiver, receiverAccount } = this;
    return resolveIdentity({ meter: '', account, receiver, receiverAccount }, this.#profile).receiver;
  }

  /** Fields 2 to 11 of meter data. */
  check(record: CmepRecord): void {
    this.checkCommon(record);
    const meter = this.#field(record, 8, checkText);
    this.purpose = this.#code(record, 9, checkPurpose);
    const commodity = this.#code(record, 10, checkCommodity);
    const unit = this.#code(record, 11, record.layout === alarmLayout ? checkAlarmUnit : checkUnit);
    if (commodity !== this.commodity || unit !== this.unit)
      this.#isUsualUnit = isUnitOfCommodity(unit, commodity);
    this.commodity = commodity;
    this.unit = unit;
    if (!this.#isUsualUnit && this.#passed[10] === commodity && this.#passed[11] === unit) {
      record.fault('N_COMMODITY', 11, `${unit} is not usual for commodity ${commodity}.`);
    }
    this.#resolve(record, meter);
  }

  #field(record: CmepRecord, number: number, check: FieldCheck): string {
    const text = record.text(number);
    if (text === this.#passed[number]) return text;
    const before = record.faultCount;
    check(record, number, text, this.#profile);
    if (record.faultCount === before) this.#passed[number] = text;
    return text;
  }

  #code(record: CmepRecord, number: number, check: FieldCheck): string {
    const text = record.text(number);
    if (text === this.#passed[number]) return text;
    const before = record.faultCount;
    const code = readCode(record, number, this.#profile);
    check(record, number, code, this.#profile);
    if (record.faultCount === before) this.#passed[number] = code;
    return code;
  }

  #checkCreated(record: CmepRecord): void {
    const text = record.text(7);
    if (text === this.#passed[7]) return;
    this.createdMinutes =
      text.length === 12 ? this.#stamps.read(record, record.starts[6] as number) : Number.NaN;
    const isRight = !Number.isNaN(this.createdMinutes);
    this.#passed[7] = isRight && this.#clock === undefined ? text : undefined;
    if (isRight) this.createdMinutes = readZoned(record, 7, this.createdMinutes, this.#clock);
    else if (text === '') record.fault('E_REQUIRED', 7, 'The time stamp of the record is empty.');
    else record.fault('E_DATETIME', 7, datetimeMessage);
  }

  #resolve(record: CmepRecord, meter: string): void {
    const { senderAccount: account, receiverAccount } = this;
    const last = this.#resolved;
    const isSame =
      last.meter === meter &&
      last.account === account &&
      last.receiver === this.receiver &&
      last.receiverAccount === receiverAccount;
    if (!isSame) {
      this.#resolved = { meter, account, receiver: this.receiver, receiverAccount };
      this.identity = resolveIdentity(this.#resolved, this.#profile);
    }
    this.#checkIdentity(record);
  }

  #checkIdentity(record: CmepRecord): void {
    const { meter, account, sdp } = this.identity;
    if (meter === 'UNMETERED' && account === '' && sdp === '') {
      record.fault('E_REQUIRED', 4, 'An UNMETERED record needs a customer account (field 4 or 6).');
    }
    if (meter === '' && this.#profile.identity === 'sensus-key') {
      record.fault(
        'E_REQUIRED',
        8,
        'No meter: Meter ID is empty and the key in field 4 names no field that holds one.',
      );
    }
  }
}

export const datetimeMessage = 'Expected CCYYMMDDHHMM: a real date and a time from 0000 to 2359.';

function checkVersion(record: CmepRecord, number: number, text: string, { versions }: CmepProfile): void {
  const known = record.layout.versions;
  const isDate = text.length === 8 && !Number.isNaN(readDate(record.bytes, record.starts[1] as number));
  if (!isDate) {
    record.fault('E_VERSION', number, 'Expected the date of the record layout as CCYYMMDD.');
  } else if (known.length > 0 && !known.includes(text) && !versions.includes(text)) {
    const names = [...known, ...versions].join(', ');
    record.fault('W_VERSION', number, `The version is not a known one (${names}).`);
  }
}

function checkText(record: CmepRecord, number: number, text: string, profile: CmepProfile): void {
  const kept = keptLengths[number] ?? 0;
  if (text === '' && profile.required.includes(number)) {
    record.fault('E_REQUIRED', number, `The field is empty; profile ${profile.name} requires it.`);
  } else if (text.length > kept) {
    record.fault('W_LEN_PGE', number, `The field has ${text.length} characters; PG&E keeps ${kept}.`);
  }
}

function checkPurpose(record: CmepRecord, number: number, text: string): void {
  if (text === '') record.fault('E_REQUIRED', number, 'The purpose is empty.');
  else if (!purposes.includes(text))
    record.fault('E_PURPOSE', number, `Expected one of ${purposes.join(', ')}.`);
}

/** Reports a commodity that is empty or none of the four. */
export function checkCommodity(record: CmepRecord, number: number, text: string): void {
  if (text === '') record.fault('E_REQUIRED', number, 'The commodity is empty.');
  else if (!['E', 'G', 'W', 'S'].includes(text)) {
    record.fault('E_COMMODITY', number, 'Expected E (electricity), G (gas), W (water) or S (steam).');
  }
}

function checkUnit(record: CmepRecord, number: number, text: string, profile: CmepProfile): void {
  if (text === '') record.fault('E_REQUIRED', number, 'The unit is empty.');
  else if (!profile.units.has(text)) {
    const code = profile.allows.has('unknown-units') ? 'W_UNITS' : 'E_UNITS';
    record.fault(code, number, `Not a unit of profile ${profile.name}.`);
  }
}

function checkAlarmUnit(record: CmepRecord, number: number, text: string): void {
  if (text !== alarmUnit) record.fault('E_UNITS', number, `Alarms have the unit ${alarmUnit}.`);
}
