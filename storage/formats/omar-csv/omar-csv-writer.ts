import { type Instant, minuteMs } from '../../model/time.ts';
import type { Reading, ReadingSet } from '../format.ts';
import { findSetLoss, hasTexts, LossTally } from '../loss-tally.ts';
import type { LossReason, WriteOptions, WriteResult, Writer } from '../writer.ts';
import {
  findUnfit,
  getOmarCsvLayout,
  maxValueCharacters,
  type OmarCsvLayout,
  omarColumns,
  omarMeasurementTypes,
  usualMeasurementTypes,
} from './columns.ts';
import { copyText } from './copy-short.ts';
import { fromReadingSet, type OmarMapping, omarUnitOf } from './from-reading-set.ts';
import { RowBytes } from './row-bytes.ts';
import { WrittenEnds } from './written-ends.ts';

/** So much is gathered before it is handed on, and the room that is there for it. */
const pieceBytes = 64 * 1_024;
const roomBytes = pieceBytes + 1_024;
/** Times are written with four digits of a year. */
const earliestAt = Date.UTC(1000, 0, 2);
const latestAt = Date.UTC(9999, 11, 31);

/**
 * A writer for OMAR CSV: one row a reading, resource = meter. The measurement type is the set's channel where that is
 * one, as it is in sets that were read from OMAR CSV, else the usual one for the unit. When no reading
 * can be carried, nothing is written, not even the header.
 *
 * @param layout one that stands in no table, such as one read from settings; else the profile names it
 * @throws `invalid-request` when there is no such layout
 */
export function createOmarCsvWriter(
  options: WriteOptions,
  layout: OmarCsvLayout = getOmarCsvLayout(options.profile),
): Writer {
  return new OmarCsvWriter(options, layout);
}

class OmarCsvWriter implements Writer {
  readonly #onBytes: WriteOptions['onBytes'];
  readonly #layout: OmarCsvLayout;
  readonly #hasQuality: boolean;
  readonly #lines: RowBytes;
  readonly #value = Buffer.alloc(maxValueCharacters);
  readonly #losses = new LossTally();
  readonly #ends = new WrittenEnds();
  #bytes = 0;
  #readings = 0;

  constructor({ onBytes }: WriteOptions, layout: OmarCsvLayout) {
    this.#onBytes = onBytes;
    this.#layout = layout;
    this.#lines = new RowBytes(layout, roomBytes);
    this.#hasQuality = layout.columns.includes('QUALITY');
  }

  add(set: ReadingSet, readings: readonly Reading[]): void {
    const mapping = this.#findMapping(set);
    if (typeof mapping === 'string') {
      this.#losses.add(mapping, readings.length);
      return;
    }
    const before = this.#readings;
    this.#ends.begin(mapping);
    this.#lines.begin({ ...mapping, intervalMinutes: set.intervalMinutes });
    const { notCarried, rounded, flagsDropped } = fromReadingSet(set, readings, mapping, this.#write);
    for (const [reason, count] of Object.entries(notCarried)) this.#losses.add(reason as LossReason, count);
    this.#losses.add('rounded', rounded);
    this.#losses.add('flag', flagsDropped);
    if (hasTexts(set)) this.#losses.add('text', this.#readings - before);
  }

  end(): WriteResult {
    this.#flush();
    const header = this.#readings > 0 && this.#layout.hasHeader ? 1 : 0;
    const losses = this.#losses.toLosses();
    return { bytes: this.#bytes, records: header + this.#readings, readings: this.#readings, losses };
  }

  #findMapping(set: ReadingSet): OmarMapping | LossReason {
    const loss = findSetLoss(set);
    if (loss !== undefined) return loss;
    const resourceId = omarColumns.RESOURCE_ID.find(set.meter, this.#layout);
    if (resourceId === undefined) return 'identity';
    const unit = Object.hasOwn(omarUnitOf, set.unit) ? omarUnitOf[set.unit] : undefined;
    const isType = omarMeasurementTypes.includes(set.channel);
    const measurementType = isType ? set.channel : usualMeasurementTypes[set.unit];
    if (unit === undefined || measurementType === undefined) return 'unit';
    const { intervalMinutes } = set;
    const unfit = findUnfit({ resourceId, measurementType, unit, intervalMinutes }, this.#layout);
    if (unfit !== undefined) return unfit === 'INTERVAL_MINUTES' ? 'interval' : 'unit';
    return { resourceId, measurementType, unit };
  }

  readonly #write = (endAt: Instant, value: string, isEstimated: boolean): void => {
    const loss = this.#findLoss(endAt, value);
    if (loss !== undefined) {
      this.#losses.add(loss);
      return;
    }
    if (isEstimated && !this.#hasQuality) this.#losses.add('flag');
    if (this.#readings === 0) this.#lines.addHeader();
    this.#readings++;
    const valueEnd = copyText(value, this.#value, 0);
    this.#lines.add(endAt, this.#value, 0, valueEnd, isEstimated);
    if (this.#lines.length >= pieceBytes) this.#flush();
  };

  #findLoss(endAt: Instant, value: string): LossReason | undefined {
    if (value.length > maxValueCharacters) return 'magnitude';
    if (endAt < earliestAt || endAt > latestAt) return 'boundary';
    return this.#ends.add(endAt / minuteMs) ? undefined : 'overlap';
  }

  #flush(): void {
    if (this.#lines.length === 0) return;
    this.#bytes += this.#lines.length;
    this.#onBytes(this.#lines.take());
  }
}
