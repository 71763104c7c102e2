import type { Reading, ReadingSet } from '../../storage/formats/format.ts';
import type { OmarRow } from '../../storage/formats/omar-csv/columns.ts';
import { fromReadingSet } from '../../storage/formats/omar-csv/from-reading-set.ts';
import { isDuePurpose } from '../../storage/model/due-purposes.ts';
import { createMappingFinder } from '../../storage/model/resource.ts';
import type { Conversion, Resource } from '../../storage/ports/resources.ts';

/** A row with where it comes from. */
export interface SourcedRow extends OmarRow {
  readonly meter: string;
  readonly channel: string;
  /** Unit of the readings; `unit` is the ISO's. */
  readonly postedUnit: string;
  /** Line of the record in its source, from 1. */
  readonly sourceLine: number;
}

/** Takes a posting's reading sets in the order of the source; `rows` are what goes to one account. */
export interface OmarRowCollector {
  take(set: ReadingSet, readings: () => Reading[]): void;
  /**
   * The rows of a set of an earlier posting, without counting what is not among them.
   *
   * @param isWanted whether an interval is looked for
   */
  toRows(
    set: ReadingSet,
    readings: readonly Reading[],
    isWanted: (reading: Reading) => boolean,
  ): SourcedRow[];
  readonly rows: readonly SourcedRow[];
  /** Readings left out or carried with a loss, by reason; those of other accounts are none of them. */
  readonly left: Readonly<Record<string, number>>;
}

/** @param conversion what the forwarding is converted by */
export function createOmarRowCollector(
  account: { readonly name: string; readonly way: string },
  conversion: Pick<Conversion, 'mapped' | 'mappedBefore' | 'dead'>,
): OmarRowCollector {
  const find = createMappingFinder(conversion.mapped);
  const findBefore = createMappingFinder(conversion.mappedBefore);
  const rows: SourcedRow[] = [];
  const left: Record<string, number> = {};
  let number = -1;

  function count(reason: string, readings: number): void {
    if (readings > 0) left[reason] = (left[reason] ?? 0) + readings;
  }

  function convert(set: ReadingSet, readings: readonly Reading[], resource: Resource) {
    const { resourceId, measurementType, isoUnit: unit, direction } = resource;
    const conversion = fromReadingSet(set, readings, { resourceId, measurementType, unit, direction });
    const origin = { meter: set.meter, channel: set.channel, postedUnit: set.unit, sourceLine: set.line };
    return { ...conversion, rows: conversion.rows.map((row): SourcedRow => ({ ...row, ...origin })) };
  }

  const isOurs = (resource: Resource) => resource.account === account.name && resource.way === account.way;

  return {
    rows,
    left,
    take(set, readings) {
      number += 1;
      if (!isDuePurpose(set.purpose)) return;
      if (conversion.dead.has(number)) {
        count('superseded', set.readings);
        return;
      }
      const unsent = readings().filter(({ endAt }) => findBefore(set, endAt) === undefined);
      for (const [resource, some] of Map.groupBy(unsent, ({ endAt }) => find(set, endAt))) {
        if (resource === undefined) count('unmapped', some.length);
        else if (isOurs(resource)) {
          const converted = convert(set, some, resource);
          for (const row of converted.rows) rows.push(row);
          for (const [reason, lost] of Object.entries(converted.notCarried)) count(reason, lost);
          count('rounded', converted.rounded);
          count('flagsDropped', converted.flagsDropped);
        }
      }
    },
    toRows(set, readings, isWanted) {
      const wanted = readings.filter(isWanted);
      return [...Map.groupBy(wanted, ({ endAt }) => find(set, endAt))].flatMap(([resource, some]) =>
        resource !== undefined && isOurs(resource) ? convert(set, some, resource).rows : [],
      );
    },
  };
}
