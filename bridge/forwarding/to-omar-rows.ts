import type { Reading, ReadingSet } from '../../storage/formats/format.ts';
import type { OmarRow, OmarSeries } from '../../storage/formats/omar-csv/columns.ts';
import { fromReadingSet } from '../../storage/formats/omar-csv/from-reading-set.ts';
import { isDuePurpose } from '../../storage/model/due-purposes.ts';
import { createMappingFinder } from '../../storage/model/resource.ts';
import { createTradeDayFinder } from '../../storage/model/trade-day.ts';
import type { Conversion, Resource } from '../../storage/ports/resources.ts';

/** A row with where it comes from. */
export interface SourcedRow extends OmarRow {
  readonly meter: string;
  readonly channel: string;
  /** Unit of the readings; `unit` is the ISO's. */
  readonly postedUnit: string;
}

/** Takes rows one by one, each of the series that was begun last. */
interface RowSink {
  begin(series: OmarSeries, set: ReadingSet): void;
  add(endAt: number, value: string, isEstimated: boolean): void;
  readonly length: number;
}

/** The rows of a set as objects, with where they come from. */
export class SourcedRows implements RowSink {
  readonly rows: SourcedRow[] = [];
  #shared: Omit<SourcedRow, 'endAt' | 'value' | 'isEstimated'> | undefined;

  get length(): number {
    return this.rows.length;
  }

  begin(series: OmarSeries, { meter, channel, unit: postedUnit }: ReadingSet): void {
    this.#shared = { ...series, meter, channel, postedUnit };
  }

  add(endAt: number, value: string, isEstimated: boolean): void {
    if (this.#shared === undefined) throw new Error('Cannot take a row: no series was begun');
    this.rows.push({ ...this.#shared, endAt, value, isEstimated });
  }
}

/** A resource that the account does not hold, and what is mapped to it. */
interface Foreign {
  readonly resourceId: string;
  readonly meter: string;
  /** Line of the record in its source, from 1. */
  readonly line: number;
}

/** Turns reading sets into what of them goes to one account. */
export interface OmarRowCollector {
  /** Takes the next set of the posting, in the order of the source. */
  take(set: ReadingSet, readings: () => Reading[], sink: RowSink): void;
  /** Takes a set of an earlier posting, without counting what is not carried. */
  takeEarlier(set: ReadingSet, readings: readonly Reading[], sink: RowSink): void;
  /** Readings left out or carried with a loss, by reason; those of other accounts are none of them. */
  readonly left: Readonly<Record<string, number>>;
  /** The first of what was taken. */
  readonly foreign: Foreign | undefined;
}

/**
 * @param conversion what the forwarding is converted by
 * @param holds whether the account may name a resource
 */
export function createOmarRowCollector(
  account: { readonly name: string; readonly way: string },
  conversion: Pick<Conversion, 'mapped' | 'mappedBefore' | 'dead'>,
  holds: (resourceId: string) => boolean,
): OmarRowCollector {
  const find = createMappingFinder(conversion.mapped);
  const findBefore = createMappingFinder(conversion.mappedBefore);
  const toDay = createTradeDayFinder();
  const left: Record<string, number> = {};
  let foreign: Foreign | undefined;
  let number = -1;

  function count(reason: string, readings: number): void {
    if (readings > 0) left[reason] = (left[reason] ?? 0) + readings;
  }

  const isOurs = (resource: Resource) => resource.account === account.name && resource.way === account.way;

  function convert(set: ReadingSet, readings: readonly Reading[], resource: Resource, sink: RowSink) {
    const { resourceId, measurementType, isoUnit: unit, direction } = resource;
    sink.begin({ resourceId, measurementType, unit, intervalMinutes: set.intervalMinutes }, set);
    const mapping = { resourceId, measurementType, unit, direction };
    const conversion = fromReadingSet(set, readings, mapping, (endAt, value, isEstimated) =>
      sink.add(endAt, value, isEstimated),
    );
    if (conversion.carried > 0 && foreign === undefined && !holds(resourceId)) {
      foreign = { resourceId, meter: set.meter, line: set.line };
    }
    return conversion;
  }

  /** The readings in stretches that are mapped alike. A mapping holds for whole days, so each day is looked up once. */
  function* toStretches(set: ReadingSet, readings: readonly Reading[]) {
    let from = 0;
    let day: string | undefined;
    let resource: Resource | undefined;
    for (let at = 0; at < readings.length; at++) {
      const { endAt } = readings[at] as Reading;
      const itsDay = toDay(endAt);
      if (itsDay === day) continue;
      day = itsDay;
      const next = find(set, endAt);
      if (next === resource) continue;
      if (at > from) yield { resource, some: readings.slice(from, at) };
      from = at;
      resource = next;
    }
    yield { resource, some: from === 0 ? readings : readings.slice(from) };
  }

  return {
    left,
    get foreign() {
      return foreign;
    },
    take(set, readings, sink) {
      number += 1;
      if (!isDuePurpose(set.purpose)) return;
      if (conversion.dead.has(number)) {
        count('superseded', set.readings);
        return;
      }
      const all = readings();
      const isBackfill = conversion.mappedBefore.length > 0;
      const unsent = isBackfill ? all.filter(({ endAt }) => findBefore(set, endAt) === undefined) : all;
      for (const { resource, some } of toStretches(set, unsent)) {
        if (resource === undefined) count('unmapped', some.length);
        else if (isOurs(resource)) {
          const { notCarried, rounded, flagsDropped } = convert(set, some, resource, sink);
          for (const [reason, lost] of Object.entries(notCarried)) count(reason, lost);
          count('rounded', rounded);
          count('flagsDropped', flagsDropped);
        }
      }
    },
    takeEarlier(set, readings, sink) {
      for (const { resource, some } of toStretches(set, readings)) {
        if (resource !== undefined && isOurs(resource)) convert(set, some, resource, sink);
      }
    },
  };
}
