import { parseDateTime } from '../../../storage/formats/xml/parse-date-time.ts';
import { createTemplateReader, type ReadRecord } from '../../../storage/formats/xml/template-reader.ts';
import { writeXml } from '../../../storage/formats/xml/template-writer.ts';
import { XmlFault, type XmlHandler } from '../../../storage/formats/xml/xml-reader.ts';
import type { Instant } from '../../../storage/model/time.ts';
import type { MrisMapping } from './mapping.ts';
import { toBody } from './request-meter-data.ts';

/** One error log of a batch. Without a resource it is about the batch as a whole. */
export interface BatchError {
  /** The ISO's words. */
  readonly message: string;
  readonly resourceId?: string;
  /** Which element named the resource. */
  readonly resourceKind?: string;
  readonly measurementType?: string;
  /** The intervals that it is about, by their ends; none where it is about all of the resource. */
  readonly intervalEndsAt: readonly Instant[];
  readonly priority?: number;
  readonly loggedAt?: Instant;
  /** The period it is about, where the log gives one. */
  readonly startAt?: Instant;
  readonly endAt?: Instant;
}

/** What BatchValidationStatus says of a batch. */
export interface BatchStatus {
  readonly batchId: string;
  /** The ISO's word; undefined where there is none. */
  readonly status: string | undefined;
  readonly createdAt?: Instant;
  readonly errors: readonly BatchError[];
}

/** The request: the same document with nothing but the batch id. */
export function toBatchStatusRequest(batchId: string, { batchStatus }: MrisMapping): string {
  return toBody(writeXml(batchStatus.template, { fields: { batchId }, lists: {} }));
}

/** A handler for a BatchValidationStatus document; `finish` gives what it said once it has ended. */
export interface BatchStatusReader extends XmlHandler {
  /** @throws `XmlFault` for a document without a batch id */
  finish(): BatchStatus;
}

/** @throws `XmlFault` from the handler, for another document or a value that cannot be read */
export function createBatchStatusReader({ batchStatus }: MrisMapping): BatchStatusReader {
  const errors: BatchError[] = [];
  const reader = createTemplateReader(batchStatus.template, {
    onRecord(list, record) {
      if (list === 'errors') errors.push(toError(record, {}));
      else if (list === 'resources') for (const error of toResourceErrors(record)) errors.push(error);
    },
  });
  return {
    open: reader.open,
    text: reader.text,
    close: reader.close,
    finish() {
      const { batchId, status, createdAt } = reader.record.fields;
      if (batchId === undefined || batchId === '') throw new XmlFault('no batch id');
      return {
        batchId,
        status: status === '' ? undefined : status,
        ...toInstant('createdAt', createdAt),
        errors,
      };
    },
  };
}

function toResourceErrors({ kind, fields, lists }: ReadRecord): BatchError[] {
  const { resourceId, measurementType } = fields;
  const intervalEndsAt = (lists.intervals ?? []).map((interval) =>
    parseDateTime(interval.fields.endAt ?? '', 'the end of an interval in error'),
  );
  const about = {
    ...(resourceId === undefined ? {} : { resourceId }),
    ...(kind === undefined ? {} : { resourceKind: kind }),
    ...(measurementType === undefined ? {} : { measurementType }),
    intervalEndsAt,
  };
  return (lists.errors ?? []).map((error) => toError(error, about));
}

function toError({ fields }: ReadRecord, about: Partial<BatchError>): BatchError {
  const { message, priority, loggedAt, startAt, endAt } = fields;
  if (message === undefined || message === '') throw new XmlFault('an error log without a message');
  return {
    message,
    intervalEndsAt: [],
    ...about,
    ...(/^[+-]?\d{1,9}$/.test(priority ?? '') ? { priority: Number(priority) } : {}),
    ...toInstant('loggedAt', loggedAt),
    ...toInstant('startAt', startAt),
    ...toInstant('endAt', endAt),
  };
}

function toInstant<Name extends string>(name: Name, text: string | undefined): { [key in Name]?: Instant } {
  if (text === undefined || text === '') return {};
  return { [name]: parseDateTime(text, name) } as { [key in Name]?: Instant };
}
