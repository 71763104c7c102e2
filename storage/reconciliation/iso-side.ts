import { toNumberText } from '../formats/decimal.ts';
import { MdmaError } from '../model/errors.ts';
import type { Way } from '../model/forwarding.ts';
import type { Instant } from '../model/time.ts';
import type { ListedForwarding, Part } from '../ports/forwardings.ts';
import type { Fate } from './fates.ts';
import type { IsoInterval, IsoReading, IsoSeries } from './iso-interval.ts';
import { noInterval, type ReconciliationRow, toLeft, toSubmitted } from './row.ts';

/** Which part brought an interval. */
interface Origin {
  readonly forwarding: ListedForwarding;
  readonly part: Part;
}

/** What the ISO's side adds to what is known of an interval. */
interface Verdict {
  readonly fate: Fate;
  readonly words: string;
}

export interface IsoSideOptions {
  readonly isWanted: (endAt: Instant) => boolean;
  /** MRI-S was asked for no more than what changed since: what it does not show and was sent before is not judged. */
  readonly updatedSinceAt: Instant | undefined;
  /** Accounts whose ISO answers in MDEF, where a value is a float32 and nothing tells the measurement type. */
  readonly mdefAccounts: ReadonlySet<string>;
}

/** What was sent to the ISO and what it holds, interval by interval. */
export interface IsoSide {
  addSent(origin: Origin, series: IsoSeries, reading: IsoReading): void;
  /** A part that may have brought anything of its account in a time, from `fromAt` (exclusive) up to `toAt`. */
  addUnreadable(origin: Origin, time: { readonly fromAt: Instant; readonly toAt: Instant }): void;
  addHeld(account: string, way: Way, interval: IsoInterval): void;
  /** Of an interval that was accepted with a part: undefined where another part brought it later, or nobody asked. */
  judge(origin: Origin, series: IsoSeries, endAt: Instant): Verdict | undefined;
  /** What is left over and no posted interval was judged by: in runs of neighbours. */
  listRest(): Iterable<ReconciliationRow>;
}

/** Intervals that one comparison holds in memory, some 100 MB. */
const maxIntervals = 500_000;

interface Sent extends IsoReading {
  readonly isoUnit: string;
  readonly origin: Origin;
}

interface Held extends IsoReading {
  readonly isoUnit: string;
  /** What else the ISO holds in its place: the first that is not the same. */
  readonly other?: Held;
}

interface Entry {
  readonly account: string;
  readonly endAt: Instant;
  sent?: Sent;
  held?: Held;
  isTold: boolean;
}

interface Run {
  readonly account: string;
  readonly series: IsoSeries;
  readonly entries: Map<Instant, Entry>;
}

/** @throws `invalid-request` from `addSent` and `addHeld`, past 500,000 intervals */
export function createIsoSide({ isWanted, updatedSinceAt, mdefAccounts }: IsoSideOptions): IsoSide {
  const runs = new Map<string, Run>();
  const unreadable: { origin: Origin; fromAt: Instant; toAt: Instant }[] = [];
  let intervals = 0;

  function toKey(account: string, way: Way, { resourceId, measurementType, isoUnit }: IsoSeries): string {
    // At MRI-S the unit follows from the type; MDEF has types only as far as their direction goes.
    const type = mdefAccounts.has(account) && measurementType !== 'GEN' ? 'LOAD' : measurementType;
    return [account, resourceId, type, way === 'mris' ? '' : isoUnit].join('\0');
  }

  function getEntry(account: string, way: Way, series: IsoSeries, endAt: Instant): Entry {
    const key = toKey(account, way, series);
    const run = runs.get(key) ?? { account, series, entries: new Map<Instant, Entry>() };
    runs.set(key, run);
    const known = run.entries.get(endAt);
    if (known !== undefined) return known;
    intervals += 1;
    if (intervals > maxIntervals) {
      throw new MdmaError(
        'invalid-request',
        `Cannot compare with the ISO: more than ${maxIntervals} intervals; ask for fewer days, or for one account`,
      );
    }
    const entry = { account, endAt, isTold: false };
    run.entries.set(endAt, entry);
    return entry;
  }

  /** Whether a part that nobody can read may have brought what the ISO holds. */
  function isUnclear({ account, endAt, sent }: Entry): boolean {
    return unreadable.some(
      ({ origin, fromAt, toAt }) =>
        origin.forwarding.account === account &&
        fromAt < endAt &&
        endAt <= toAt &&
        !(sent !== undefined && isLater(sent.origin, origin)),
    );
  }

  function find(entry: Entry): Verdict | undefined {
    const { sent, held } = entry;
    if (sent === undefined || stateOf(sent.origin) !== 'accepted') {
      if (held === undefined || isUnclear(entry)) return undefined;
      const words =
        sent === undefined ? 'no part brought it' : `its part is not accepted: ${stateOf(sent.origin)}`;
      return { fate: 'extra', words: `the ISO holds ${toText(held)}: ${words}` };
    }
    if (held === undefined) {
      const isPartial = updatedSinceAt !== undefined && sent.origin.forwarding.way === 'mris';
      const isShown = !isPartial || sentAtOf(sent.origin) >= updatedSinceAt;
      return isShown ? { fate: 'missing', words: 'the ISO does not show it' } : undefined;
    }
    if (held.other === undefined && isSame(sent, held)) return { fate: 'held', words: '' };
    if (isUnclear(entry)) return undefined;
    return { fate: 'different', words: `the ISO holds ${toText(held)}, sent was ${toText(sent)}` };
  }

  function isSame(sent: Sent, held: Held): boolean {
    const { part, forwarding } = sent.origin;
    const isFloat = part.extension === 'dat' || mdefAccounts.has(forwarding.account);
    if (!isFloat) return isEqual(sent, held);
    const isSameFloat = Math.fround(Number(sent.value)) === Math.fround(Number(held.value));
    return isSameFloat && isEqual({ ...sent, value: held.value }, held);
  }

  return {
    addSent(origin, series, { endAt, value, isEstimated }) {
      if (!isWanted(endAt)) return;
      const entry = getEntry(origin.forwarding.account, origin.forwarding.way, series, endAt);
      if (entry.sent !== undefined && isLater(entry.sent.origin, origin)) return;
      entry.sent = { endAt, value, isEstimated, isoUnit: series.isoUnit, origin };
    },
    addUnreadable(origin, time) {
      unreadable.push({ origin, ...time });
    },
    addHeld(account, way, { endAt, value, isEstimated, ...series }) {
      if (!isWanted(endAt)) return;
      const entry = getEntry(account, way, series, endAt);
      const { held } = entry;
      const found = { endAt, value, isEstimated, isoUnit: series.isoUnit };
      if (held === undefined) entry.held = found;
      // Two readings for one interval are never what was sent.
      else if (!isEqual(held, found)) entry.held = { ...held, other: held.other ?? found };
    },
    judge({ forwarding, part }, series, endAt) {
      const entry = runs.get(toKey(forwarding.account, forwarding.way, series))?.entries.get(endAt);
      if (entry?.sent?.origin.part.id !== part.id) return undefined;
      entry.isTold = true;
      return find(entry);
    },
    *listRest() {
      for (const run of [...runs.values()].sort(bySeries)) yield* toRows(run, find);
    },
  };
}

/** What was accepted counts before what was not; else what was sent last. */
function isLater(known: Origin, other: Origin): boolean {
  const [isKnown, isOther] = [known, other].map((each) => stateOf(each) === 'accepted');
  if (isKnown !== isOther) return isKnown === true;
  return (known.part.submissions.at(-1)?.id ?? 0) > (other.part.submissions.at(-1)?.id ?? 0);
}

function stateOf({ part }: Origin): string {
  return part.submissions.at(-1)?.state ?? 'not sent';
}

function sentAtOf({ part }: Origin): Instant {
  return part.submissions.at(-1)?.intendedAt ?? 0;
}

/** Whether two readings say the same, however their values are written. */
function isEqual(one: Held, other: Held): boolean {
  return (
    toNumberText(one.value) === toNumberText(other.value) &&
    one.isoUnit === other.isoUnit &&
    one.isEstimated === other.isEstimated
  );
}

function toText({ value, isoUnit, isEstimated, other }: Held): string {
  const text = `${value} ${isoUnit}${isEstimated ? ' (estimated)' : ''}`;
  return other === undefined ? text : `${text} and ${toText(other)}`;
}

function bySeries(one: Run, other: Run): number {
  const toName = ({ account, series }: Run) =>
    [account, series.resourceId, series.measurementType, series.isoUnit].join('\0');
  return toName(one) < toName(other) ? -1 : 1;
}

function* toRows(
  { account, series, entries }: Run,
  find: (entry: Entry) => Verdict | undefined,
): Iterable<ReconciliationRow> {
  let row: (ReconciliationRow & { readonly partId: number | undefined }) | undefined;
  for (const [endAt, entry] of [...entries].sort(([one], [other]) => one - other)) {
    const verdict = entry.isTold ? undefined : find(entry);
    if (verdict === undefined || verdict.fate === 'held') continue;
    const { part, forwarding } = entry.sent?.origin ?? {};
    if (row?.fate === verdict.fate && row.partId === part?.id) {
      row = { ...row, lastEndAt: endAt, intervals: row.intervals + 1 };
      continue;
    }
    if (row !== undefined) yield withoutId(row);
    row = {
      ...noInterval,
      ...toLeft(verdict.fate),
      ...{ account, resourceId: series.resourceId, channel: series.measurementType, unit: series.isoUnit },
      ...{ firstEndAt: endAt, lastEndAt: endAt, intervals: 1 },
      ...{ transaction: forwarding?.transaction ?? null, forwarding: forwarding?.id ?? null },
      ...toSubmitted(part),
      words: verdict.words,
      partId: part?.id,
    };
  }
  if (row !== undefined) yield withoutId(row);
}

function withoutId({ partId: _partId, ...row }: ReconciliationRow & { readonly partId: number | undefined }) {
  return row;
}
