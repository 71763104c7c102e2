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
  /** Which status words each interval has; both when left out. */
  readonly layout?: 'YY' | 'NY' | 'YN' | 'NN';
  readonly flow?: string;
  readonly status?: string;
  /** Start reading, stop reading and multiplier. */
  readonly register?: readonly [string, string, string];
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

function toMeter(plans: readonly ChannelPlan[], dst: string, id: string): Buffer {
  const record = toEmpty(codes.meter, 0x20);
  put(record, meterHeader.customer, id);
  put(record, meterHeader.account, 'ACC-1');
  put(record, meterHeader.channels, String(plans.length).padStart(4, '0'));
  put(record, meterHeader.start, plans[0]?.start ?? hour.start);
  put(record, meterHeader.stop, plans[0]?.stop ?? hour.stop);
  put(record, meterHeader.dst, dst);
  return record;
}

function toChannel(plan: ChannelPlan, index: number, id: string): Buffer[] {
  const header = toEmpty(codes.channel, 0);
  const [channelStatus = 'Y', intervalStatus = 'Y'] = plan.layout ?? 'YY';
  put(header, channelHeader.customer, id);
  put(header, channelHeader.label, plan.label ?? 'KWH D');
  put(header, channelHeader.start, plan.start ?? hour.start);
  put(header, channelHeader.stop, plan.stop ?? hour.stop);
  header.writeInt16LE(index + 1, channelHeader.channel.offset);
  put(header, channelHeader.unitCode, plan.unitCode ?? '01');
  put(header, channelHeader.hasChannelStatus, channelStatus);
  put(header, channelHeader.hasIntervalStatus, intervalStatus);
  put(header, channelHeader.perHour, plan.perHour ?? '04');
  put(header, channelHeader.status, plan.status ?? 'AC');
  put(header, channelHeader.flow, plan.flow ?? 'D');
  const [startReading, stopReading, multiplier] = plan.register ?? ['', '', ''];
  put(header, channelHeader.startReading, startReading);
  put(header, channelHeader.stopReading, stopReading);
  put(header, channelHeader.multiplier, multiplier);
  return [header, ...toIntervals(plan, id)];
}

function toIntervals(plan: ChannelPlan, id: string): Buffer[] {
  const [channelStatus, intervalStatus] = plan.layout ?? 'YY';
  const slots = plan.values.map((value, index) => {
    const bytes = Buffer.alloc(plan.isInteger === true ? 2 : 4);
    if (plan.isInteger === true) bytes.writeUInt16LE(value);
    else bytes.writeFloatLE(value);
    const [channelBits, intervalBits] = plan.statuses?.[index] ?? [0, 0];
    const words = [
      ...(channelStatus === 'Y' ? [channelBits] : []),
      ...(intervalStatus === 'Y' ? [intervalBits] : []),
    ];
    return Buffer.concat([bytes, Buffer.from(Uint16Array.from(words).buffer)]);
  });
  const perRecord = Math.floor(intervalData.length / (slots[0]?.length ?? 8));
  return Array.from({ length: Math.ceil(slots.length / perRecord) }, (_, index) => {
    const record = toEmpty(codes.firstInterval + index, 0);
    record.write(id.padEnd(20), 4, 'latin1');
    const data = Buffer.concat(slots.slice(index * perRecord, (index + 1) * perRecord));
    const filling = Buffer.alloc(intervalData.length - data.length);
    for (let at = 0; at < filling.length; at += 2) filling.writeUInt16LE(0x7fff, at);
    Buffer.concat([data, filling]).copy(record, intervalData.offset);
    return record;
  });
}

/** The header and channels of one meter. */
export function toMeterRecords(plans: readonly ChannelPlan[], dst = 'N', id = customer): Buffer[] {
  return [toMeter(plans, dst, id), ...plans.flatMap((plan, index) => toChannel(plan, index, id))];
}

/** The records of meters as a file: with a trailer that counts them and itself. */
export function withTrailer(records: readonly Buffer[]): Buffer[] {
  const last = toEmpty(codes.trailer, 0x20);
  put(last, trailer.records, String(records.length + 1).padStart(10, '0'));
  return [...records, last];
}

/** An MDEF file of one meter, as a list of records to damage before they are joined. */
export function toMdefRecords(plans: readonly ChannelPlan[], dst = 'N'): Buffer[] {
  return withTrailer(toMeterRecords(plans, dst));
}
