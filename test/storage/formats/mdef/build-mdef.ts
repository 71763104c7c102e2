import {
  channelHeader,
  codes,
  intervalData,
  type MdefField,
  meterHeader,
  recordBytes,
  trailer,
} from '../../../../storage/formats/mdef/layout.ts';

export interface ChannelPlan {
  readonly label?: string;
  readonly unitCode?: string;
  readonly start?: string;
  readonly stop?: string;
  readonly perHour?: string;
  readonly values: readonly number[];
  /** Channel and interval status by interval. */
  readonly statuses?: Readonly<Record<number, readonly [number, number]>>;
  readonly hasStatuses?: boolean;
  /** Two-byte integer intervals, as older exports have them. */
  readonly isInteger?: boolean;
}

export const customer = 'EXAMPL_1_UNIT1';
/** Four quarter hours: 00:00 to 01:00. */
export const hour = { start: '202003010001', stop: '202003010100' };

function put(record: Buffer, field: MdefField, text: string): void {
  record.write(text.padEnd(field.length), field.offset, 'latin1');
}

function toEmpty(code: number, fill: number): Buffer {
  const record = Buffer.alloc(recordBytes, fill);
  record.writeInt16LE(recordBytes, 0);
  record.writeInt16LE(code, 2);
  return record;
}

function toMeter(channels: number, dst: string): Buffer {
  const record = toEmpty(codes.meter, 0x20);
  put(record, meterHeader.customer, customer);
  put(record, meterHeader.account, 'ACC-1');
  put(record, meterHeader.channels, String(channels).padStart(4, '0'));
  put(record, meterHeader.start, hour.start);
  put(record, meterHeader.stop, hour.stop);
  put(record, meterHeader.dst, dst);
  return record;
}

function toChannel(plan: ChannelPlan, index: number): Buffer[] {
  const header = toEmpty(codes.channel, 0);
  const status = plan.hasStatuses === false ? 'N' : 'Y';
  put(header, channelHeader.customer, customer);
  put(header, channelHeader.label, plan.label ?? 'KWH D');
  put(header, channelHeader.start, plan.start ?? hour.start);
  put(header, channelHeader.stop, plan.stop ?? hour.stop);
  header.writeInt16LE(index + 1, channelHeader.channel.offset);
  put(header, channelHeader.unitCode, plan.unitCode ?? '01');
  put(header, channelHeader.hasChannelStatus, status);
  put(header, channelHeader.hasIntervalStatus, status);
  put(header, channelHeader.perHour, plan.perHour ?? '04');
  put(header, channelHeader.status, 'AC');
  return [header, ...toIntervals(plan)];
}

function toIntervals(plan: ChannelPlan): Buffer[] {
  const slots = plan.values.map((value, index) => {
    const bytes = Buffer.alloc(plan.isInteger === true ? 2 : 4);
    if (plan.isInteger === true) bytes.writeUInt16LE(value);
    else bytes.writeFloatLE(value);
    const statuses = Buffer.alloc(plan.hasStatuses === false ? 0 : 4);
    for (const [at, bits] of (plan.statuses?.[index] ?? []).entries()) statuses.writeUInt16LE(bits, 2 * at);
    return Buffer.concat([bytes, statuses]);
  });
  const perRecord = Math.floor(intervalData.length / (slots[0]?.length ?? 8));
  return Array.from({ length: Math.ceil(slots.length / perRecord) }, (_, index) => {
    const record = toEmpty(codes.firstInterval + index, 0);
    record.write(customer.padEnd(20), 4, 'latin1');
    const data = Buffer.concat(slots.slice(index * perRecord, (index + 1) * perRecord));
    const filling = Buffer.alloc(intervalData.length - data.length);
    for (let at = 0; at < filling.length; at += 2) filling.writeUInt16LE(0x7fff, at);
    Buffer.concat([data, filling]).copy(record, intervalData.offset);
    return record;
  });
}

/** An MDEF file of one meter, as a list of records to damage before they are joined. */
export function toMdefRecords(plans: readonly ChannelPlan[], dst = 'N'): Buffer[] {
  const records = [toMeter(plans.length, dst), ...plans.flatMap(toChannel)];
  const last = toEmpty(codes.trailer, 0x20);
  put(last, trailer.records, String(records.length + 1).padStart(10, '0'));
  return [...records, last];
}
