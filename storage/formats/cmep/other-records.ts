import { AlarmRecordCheck } from './alarm-record.ts';
import { checkEquipment } from './equipment-record.ts';
import type { CmepRecord } from './fields/record.ts';
import type { HeaderCheck } from './header.ts';
import type { CmepProfile } from './profile.ts';
import { readCode } from './read-code.ts';
import { checkCrc } from './record-shape.ts';
import type { Triplets } from './triplets.ts';

const operationNumber = 9;
/** Operation types of MEPAD01 (CMEP facts, section 13.1). */
const operations =
  'CUST-REQ CUST-ACK CUST-NAK SP-REQ SP-ACK SP-NAK ACNT-REQ ACNT-RESP MD-REQ MD-ACK MD-NAK BD-REQ BD-ACK BD-NAK SVC CFG METER BILL-ADDR ACK'.split(
    ' ',
  );

/**
 * Checks the records that hold no readings, each as far as its layout is known; beyond that they pass byte for byte.
 * One object serves a file.
 */
export class OtherRecordsCheck {
  readonly #profile: CmepProfile;
  readonly #header: HeaderCheck;
  readonly #triplets: Triplets;
  readonly #alarm: AlarmRecordCheck;

  constructor(profile: CmepProfile, header: HeaderCheck, triplets: Triplets) {
    this.#profile = profile;
    this.#header = header;
    this.#triplets = triplets;
    this.#alarm = new AlarmRecordCheck(profile);
  }

  /** Checks everything between type and line end. */
  check(record: CmepRecord): void {
    const { kind } = record.layout;
    if (kind === 'alarm') this.#header.check(record);
    else this.#header.checkCommon(record);
    if (kind === 'alarm') this.#alarm.check(record, this.#triplets);
    else if (kind === 'equipment') checkEquipment(record, this.#profile);
    else this.#checkUnread(record);
  }

  #checkUnread(record: CmepRecord): void {
    const { kind, type, title } = record.layout;
    if (kind === 'administration') this.#checkOperation(record);
    // Whatever the layout, the CRC slot is behind the last comma.
    checkCrc(record, this.#profile);
    // Types without a title were reported as unknown.
    if (title !== '') record.fault('N_UNREAD', 1, `Records of ${type} (${title}) pass through unread.`);
  }

  #checkOperation(record: CmepRecord): void {
    const text = readCode(record, operationNumber, this.#profile);
    if (text === '') record.fault('E_REQUIRED', operationNumber, 'The operation type is empty.');
    else if (!operations.includes(text))
      record.fault('E_CODE', operationNumber, `Expected one of ${operations.join(', ')}.`);
  }
}
