import { writeXml } from '../../../storage/formats/xml/template-writer.ts';
import { toInvalid } from '../../../storage/model/errors.ts';
import { type Instant, toIsoText } from '../../../storage/model/time.ts';
import type { MrisMapping } from './mapping.ts';

/** Which readings are asked for: those whose interval ends after `startAt`, up to and including `endAt`. */
export interface MeterDataRequest {
  /** ISO resource ids, or every one that the certificate may see. */
  readonly resourceIds: readonly string[] | 'ALL';
  readonly startAt: Instant;
  readonly endAt: Instant;
  readonly measurementType?: string;
  readonly scId?: string;
  readonly intervalMinutes?: number;
  /** Only what changed since then. */
  readonly updatedSinceAt?: Instant;
}

/**
 * The RequestMeterData document, without the XML declaration, as it stands in a SOAP body.
 *
 * @throws `invalid-request` for no resource at all, or an end that is not after the start
 */
export function toRequestMeterData(request: MeterDataRequest, { requestMeterData }: MrisMapping): string {
  const { resourceIds, startAt, endAt, measurementType, scId, intervalMinutes, updatedSinceAt } = request;
  if (resourceIds.length === 0) {
    throw toInvalid('Cannot ask MRI-S for meter data', {
      at: 'resourceIds',
      value: '',
      expected: 'at least one resource id, or ALL',
    });
  }
  if (endAt <= startAt) {
    throw toInvalid('Cannot ask MRI-S for meter data', {
      at: 'endAt',
      value: toIsoText(endAt),
      expected: `an instant after ${toIsoText(startAt)}`,
    });
  }
  const ids = resourceIds === 'ALL' ? [requestMeterData.all] : resourceIds;
  return toBody(
    writeXml(requestMeterData.template, {
      fields: {
        startAt: toIsoText(startAt),
        endAt: toIsoText(endAt),
        measurementType,
        scId,
        intervalMinutes: intervalMinutes === undefined ? undefined : String(intervalMinutes),
        updatedSinceAt: updatedSinceAt === undefined ? undefined : toIsoText(updatedSinceAt),
      },
      lists: { resources: ids.map((resourceId) => ({ fields: { resourceId }, lists: {} })) },
    }),
  );
}

/** A document without its declaration. */
export function toBody(pieces: Iterable<string>): string {
  return [...pieces]
    .join('')
    .replace(/^<\?xml[^>]*\?>\n/, '')
    .trimEnd();
}
