import type { CmepRecord } from './fields/record.ts';
import { readDate, StampReader } from './fields/stamp-reader.ts';
import { type Identity, type IdentityFields, resolveIdentity } from './identity.ts';
import { type CmepProfile, isUnitOfCommodity } from './profiles.ts';

const purposes = ['OK', 'RESEND', 'SUMMARY', 'HISTORY', 'PROFILE', 'TEMPLATE', 'REJECT'];
const commodities = ['E', 'G', 'W', 'S'];
/** Characters that PG&E keeps, by field number (CMEP facts, section 6.1). */
const keptLengths: Readonly<Record<number, number>> = { 3: 16, 4: 12, 5: 16, 6: 12, 8: 12 };

/**
 * Checks the fields that MEPMD01 and MEPMD02 share (1–11) and holds their text. A field that equals the one of the
 * record before, and was without fault there, is not checked again: most records differ in two or three fields.
 */
export class HeaderCheck {
  readonly #profile: CmepProfile;
  readonly #stamps = new StampReader();
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
  }

  check(record: CmepRecord): void {
    if (this.#layoutOfVersion !== record.layout.type) {
      this.#layoutOfVersion = record.layout.type;
      this.#passed[2] = undefined;
    }
    this.#field(record, 2, checkVersion);
    this.sender = this.#field(record, 3, checkText);
    this.senderAccount = this.#field(record, 4, checkText);
    this.receiver = this.#field(record, 5, checkText);
    this.receiverAccount = this.#field(record, 6, checkText);
    this.#checkCreated(record);
    const meter = this.#field(record, 8, checkText);
    this.purpose = this.#field(record, 9, checkPurpose);
    const commodity = this.#field(record, 10, checkCommodity);
    const unit = this.#field(record, 11, checkUnit);
    if (commodity !== this.commodity || unit !== this.unit)
      this.#isUsualUnit = isUnitOfCommodity(unit, commodity);
    this.commodity = commodity;
    this.unit = unit;
    if (!this.#isUsualUnit && this.#passed[10] === commodity && this.#passed[11] === unit) {
      record.fault('N_COMMODITY', 11, `${unit} is not usual for commodity ${commodity}.`);
    }
    this.#resolve(record, meter);
  }

  #field(
    record: CmepRecord,
    number: number,
    check: (record: CmepRecord, number: number, text: string, profile: CmepProfile) => void,
  ): string {
    const text = record.text(number);
    if (text === this.#passed[number]) return text;
    const before = record.faultCount;
    check(record, number, text, this.#profile);
    if (record.faultCount === before) this.#passed[number] = text;
    return text;
  }

  #checkCreated(record: CmepRecord): void {
    const text = record.text(7);
    if (text === this.#passed[7]) return;
    this.createdMinutes =
      text.length === 12 ? this.#stamps.read(record, record.starts[6] as number) : Number.NaN;
    const isRight = !Number.isNaN(this.createdMinutes);
    this.#passed[7] = isRight ? text : undefined;
    if (isRight) return;
    if (text === '') record.fault('E_REQUIRED', 7, 'The time stamp of the record is empty.');
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

export const datetimeMessage = 'Expected CCYYMMDDHHMM in UTC: a real date and a time from 0000 to 2359.';

function checkVersion(record: CmepRecord, number: number, text: string): void {
  const isDate = text.length === 8 && !Number.isNaN(readDate(record.bytes, record.starts[1] as number));
  if (!isDate) {
    record.fault('E_VERSION', number, 'Expected the date of the record layout as CCYYMMDD.');
  } else if (!record.layout.versions.includes(text)) {
    const known = record.layout.versions.join(', ');
    record.fault('W_VERSION', number, `The version is not a known one (${known}).`);
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

function checkCommodity(record: CmepRecord, number: number, text: string): void {
  if (text === '') record.fault('E_REQUIRED', number, 'The commodity is empty.');
  else if (!commodities.includes(text)) {
    record.fault('E_COMMODITY', number, 'Expected E (electricity), G (gas), W (water) or S (steam).');
  }
}

function checkUnit(record: CmepRecord, number: number, text: string, profile: CmepProfile): void {
  if (text === '') record.fault('E_REQUIRED', number, 'The unit is empty.');
  else if (!profile.units.has(text)) {
    record.fault('E_UNITS', number, `Not a unit of profile ${profile.name}.`);
  }
}
