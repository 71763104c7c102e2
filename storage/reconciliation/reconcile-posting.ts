import { type IsoFormat, isIsoFormat, type Reading, type ReadingSet } from '../formats/format.ts';
import { createScanner } from '../formats/scanners.ts';
import { isDuePurpose } from '../model/due-purposes.ts';
import { createMappingFinder } from '../model/resource.ts';
import type { Instant } from '../model/time.ts';
import { createTradeDayFinder } from '../model/trade-day.ts';
import type { Transaction } from '../model/transaction.ts';
import type { ListedForwarding as Listed, Part } from '../ports/forwardings.ts';
import type { Resource } from '../ports/resources.ts';
import { findReadFault, readPieces } from '../read-file.ts';
import { type Fate, toForwardingFate, toPartFate } from './fates.ts';
import { type IsoSeries, toIsoSeries } from './iso-interval.ts';
import type { IsoSide } from './iso-side.ts';
import { listForwardings } from './list-pages.ts';
import { createPartIndex, type PartIndex } from './part-index.ts';
import { noInterval, type ReconcileDeps, type ReconciliationRow, toLeft, toSubmitted } from './row.ts';

/** A forwarding with what tells which readings are its own and where they are. */
interface Route {
  readonly forwarding: Listed;
  findOwn(set: ReadingSet, number: number, endAt: Instant): Resource | undefined;
  readonly index: PartIndex;
}

/** Where one reading has come. */
interface Place {
  readonly fate: Fate;
  readonly forwarding?: Listed;
  readonly part?: Part;
  readonly resourceId?: string;
  readonly account?: string;
  /** As the ISO names it. */
  readonly series?: IsoSeries;
  /** In the place of what its submission says. */
  readonly words?: string;
}

/** Finds where a reading has come; `number` is its set's, in the order of the source from 0. */
type PlaceFinder = (set: ReadingSet, number: number, endAt: Instant) => Place;

/** The rows of one posting; nothing when none of it was posted for the ISO. */
export async function* reconcilePosting(
  deps: ReconcileDeps,
  transaction: Transaction,
  filter: {
    readonly account: string | undefined;
    readonly isWanted: (endAt: Instant) => boolean;
    readonly isoSide: IsoSide | undefined;
  },
): AsyncIterable<ReconciliationRow> {
  const source = await deps.catalogue.postings.getSource(transaction);
  const listed = await listForwardings(deps, transaction);
  const isPassedThrough = isIsoFormat(source.format);
  if ((isPassedThrough && listed.length === 0) || source.isDeleted) return;
  const why = await findReadFault(deps.files, source);
  if (why !== undefined) {
    const row = { ...noInterval, ...toLeft('unreadable'), transaction, words: why };
    if (await isConcerned(deps, transaction, listed, filter.account)) yield row;
    return;
  }
  const routes = isPassedThrough
    ? []
    : await Promise.all(listed.map((forwarding) => createRoute(deps, forwarding)));
  for (const route of routes) {
    if (filter.account === undefined || route.forwarding.account === filter.account)
      yield* listUnreadable(transaction, route);
  }
  const findSent = isPassedThrough
    ? createPassThroughFinder(listed, source.format as IsoFormat)
    : await createPlaceFinder(deps, transaction, routes);
  const find: PlaceFinder = (...reading) => compare(findSent(...reading), reading[2], filter.isoSide);
  const rows: ReconciliationRow[] = [];
  let number = -1;
  const scanner = createScanner(source.format, {
    profile: source.profile,
    now: deps.clock.now(),
    onReadingSet(set, readings) {
      number += 1;
      if (!isPassedThrough && !isDuePurpose(set.purpose)) return;
      const due = readings().filter(({ quality, endAt }) => isDue(quality) && filter.isWanted(endAt));
      for (const row of toRows(transaction, set, due, (endAt) => find(set, number, endAt))) {
        const isWanted =
          filter.account === undefined || row.account === null || row.account === filter.account;
        if (isWanted) rows.push(row);
      }
    },
  });
  for await (const chunk of readPieces(deps.files, source)) {
    scanner.push(chunk);
    yield* rows.splice(0);
  }
  scanner.end();
  yield* rows.splice(0);
}

/** Whether anything of a posting is mapped to an account, or was forwarded to it, or is mapped to none. */
async function isConcerned(
  { catalogue: { resources } }: ReconcileDeps,
  transaction: Transaction,
  listed: readonly Listed[],
  account: string | undefined,
): Promise<boolean> {
  const isOwn = (each: { readonly account: string }) => each.account === account;
  if (account === undefined || listed.some(isOwn)) return true;
  const mapped = await resources.listMapped(transaction);
  return mapped.some(isOwn) || (await resources.countUnmapped(transaction)) > 0;
}

/** What is due to the ISO has been validated, estimated or adjusted (ruling 24). */
function isDue(quality: Reading['quality']): boolean {
  return quality !== 'raw' && quality !== 'missing';
}

/** What passes through is one part. */
function createPassThroughFinder(listed: readonly Listed[], format: IsoFormat): PlaceFinder {
  const [forwarding] = listed;
  const [part] = forwarding?.parts ?? [];
  return (set) => {
    const account = forwarding?.account ?? '';
    if (forwarding === undefined || part === undefined) {
      const fate = forwarding === undefined ? 'not-sent' : toForwardingFate(forwarding.state);
      return { fate, account, resourceId: set.meter, ...(forwarding && { forwarding }) };
    }
    const series = toIsoSeries(format, set);
    return {
      fate: toPartFate(forwarding.state, part),
      forwarding,
      part,
      account,
      resourceId: set.meter,
      series,
    };
  };
}

async function createPlaceFinder(
  deps: ReconcileDeps,
  transaction: Transaction,
  routes: readonly Route[],
): Promise<PlaceFinder> {
  const { resources, reconciliation } = deps.catalogue;
  const findNow = createMappingFinder(await resources.listMapped(transaction));
  const toDay = createTradeDayFinder();
  const replacing = Map.groupBy(await reconciliation.listReplacing(transaction), (each) => each.number);
  const isReplaced = (number: number, endAt: Instant) =>
    (replacing.get(number) ?? []).some(
      ({ startAt, endAt: lastAt }) => toDay(startAt + 1) <= toDay(endAt) && toDay(endAt) <= toDay(lastAt),
    );
  return (set, number, endAt) => {
    for (const route of routes) {
      const resource = route.findOwn(set, number, endAt);
      if (resource === undefined) continue;
      const place = toPlace(route, resource, endAt);
      return place.fate !== 'accepted' && isReplaced(number, endAt) ? { ...place, fate: 'replaced' } : place;
    }
    const mapping = findNow(set, endAt);
    if (isReplaced(number, endAt)) return { fate: 'replaced' };
    if (mapping === undefined) return { fate: 'unmapped' };
    return { fate: 'mappable', resourceId: mapping.resourceId, account: mapping.account };
  };
}

async function createRoute(deps: ReconcileDeps, forwarding: Listed): Promise<Route> {
  const { mapped, mappedBefore, dead } = await deps.catalogue.resources.getConversion(forwarding.id);
  const find = createMappingFinder(mapped);
  const findBefore = createMappingFinder(mappedBefore);
  return {
    forwarding,
    index: await createPartIndex(deps, forwarding),
    findOwn(set, number, endAt) {
      const resource = find(set, endAt);
      const isOwn = resource?.account === forwarding.account && resource.way === forwarding.way;
      return isOwn && !dead.has(number) && findBefore(set, endAt) === undefined ? resource : undefined;
    },
  };
}

function toPlace({ forwarding, index }: Route, resource: Resource, endAt: Instant): Place {
  const { resourceId, account } = resource;
  const place = { forwarding, resourceId, account };
  const part = index.find(resource, endAt);
  if (part === undefined) {
    const isKnown = forwarding.parts.length > 0 && index.unreadable.length === 0;
    return { ...place, fate: isKnown ? 'not-carried' : toForwardingFate(forwarding.state) };
  }
  return { ...place, part, fate: toPartFate(forwarding.state, part), series: resource };
}

/** What was accepted, against what the ISO says that it holds. */
function compare(place: Place, endAt: Instant, isoSide: IsoSide | undefined): Place {
  const { fate, forwarding, part, series } = place;
  if (fate !== 'accepted' || forwarding === undefined || part === undefined || series === undefined)
    return place;
  return { ...place, ...isoSide?.judge({ forwarding, part }, series, endAt) };
}

function* listUnreadable(
  transaction: Transaction,
  { forwarding, index }: Route,
): Iterable<ReconciliationRow> {
  const { id, account } = forwarding;
  for (const { part, why } of index.unreadable) {
    yield {
      ...noInterval,
      ...toLeft('unreadable'),
      ...{ transaction, account, forwarding: id },
      ...toSubmitted(part),
      words: `part ${part.number}: ${why}`,
    };
  }
}

/** Neighbouring readings of one set that came to the same place are one row. */
function toRows(
  transaction: Transaction,
  set: ReadingSet,
  readings: readonly Reading[],
  find: (endAt: Instant) => Place,
): ReconciliationRow[] {
  const runs: { place: Place; ends: Instant[] }[] = [];
  for (const { endAt } of readings) {
    const place = find(endAt);
    const last = runs.at(-1);
    if (last !== undefined && isSame(last.place, place)) last.ends.push(endAt);
    else runs.push({ place, ends: [endAt] });
  }
  return runs.map(({ place, ends }) => toRow(transaction, set, place, ends));
}

function isSame(one: Place, other: Place): boolean {
  return (
    one.fate === other.fate &&
    one.forwarding === other.forwarding &&
    one.part === other.part &&
    one.resourceId === other.resourceId
  );
}

function toRow(
  transaction: Transaction,
  set: ReadingSet,
  place: Place,
  ends: readonly Instant[],
): ReconciliationRow {
  const { fate, forwarding, part } = place;
  return {
    ...toLeft(fate),
    transaction,
    line: set.line,
    meter: set.meter,
    channel: set.channel,
    unit: set.unit,
    firstEndAt: ends[0] ?? null,
    lastEndAt: ends.at(-1) ?? null,
    intervals: ends.length,
    resourceId: place.resourceId ?? null,
    account: place.account ?? null,
    forwarding: forwarding?.id ?? null,
    ...toSubmitted(part),
    words: place.words || part?.submissions.at(-1)?.words || (forwarding?.reason ?? ''),
  };
}
