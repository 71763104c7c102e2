import type { Reading, ReadingSet } from '../../storage/formats/format.ts';
import type { OmarRow } from '../../storage/formats/omar-csv/columns.ts';
import { fromReadingSet, omarUnitOf } from '../../storage/formats/omar-csv/from-reading-set.ts';
import { isDuePurpose } from '../../storage/model/due-purposes.ts';
import { createTradeDayFinder } from '../../storage/model/trade-day.ts';
import type { Resource } from '../../storage/ports/resources.ts';

/** Takes a posting's reading sets in the order of the source; `rows` are what goes to one account. */
export interface OmarRowCollector {
  take(set: ReadingSet, readings: () => Reading[]): void;
  readonly rows: readonly OmarRow[];
  /** Readings left out or carried with a loss, by reason; those of other accounts are none of them. */
  readonly left: Readonly<Record<string, number>>;
}

/**
 * @param resources the mappings of the posting's meters, of every account
 * @param dead numbers of the reading sets, in the order they come from 0, that a correction has replaced
 */
export function createOmarRowCollector(
  account: { readonly name: string; readonly way: string },
  resources: readonly Resource[],
  dead: ReadonlySet<number>,
): OmarRowCollector {
  const toDay = createTradeDayFinder();
  const mapped = Map.groupBy(resources, ({ meter, unit }) => `${meter}\0${unit}`);
  const rows: OmarRow[] = [];
  const left: Record<string, number> = {};
  let number = -1;

  function count(reason: string, readings: number): void {
    if (readings > 0) left[reason] = (left[reason] ?? 0) + readings;
  }

  function findResource(set: ReadingSet, { endAt }: Reading): Resource | undefined {
    const day = toDay(endAt);
    return mapped
      .get(`${set.meter}\0${set.unit}`)
      ?.find(({ effectiveFrom: from, effectiveTo: to }) => from <= day && (to === null || day < to));
  }

  function convert(set: ReadingSet, readings: readonly Reading[], resource: Resource): void {
    if (resource.account !== account.name || resource.way !== account.way) return;
    const { resourceId, measurementType, unit } = resource;
    const mapping = { resourceId, measurementType, unit: omarUnitOf[unit] ?? unit };
    const conversion = fromReadingSet(set, readings, mapping);
    for (const row of conversion.rows) rows.push(row);
    for (const [reason, readings] of Object.entries(conversion.notCarried)) count(reason, readings);
    count('rounded', conversion.rounded);
    count('flagsDropped', conversion.flagsDropped);
  }

  return {
    rows,
    left,
    take(set, readings) {
      number += 1;
      if (!isDuePurpose(set.purpose)) return;
      if (dead.has(number)) {
        count('superseded', set.readings);
        return;
      }
      for (const [resource, some] of Map.groupBy(readings(), (reading) => findResource(set, reading))) {
        if (resource === undefined) count('unmapped', some.length);
        else convert(set, some, resource);
      }
    },
  };
}
