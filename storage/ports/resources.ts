import type { Mapping, NewMapping } from '../model/resource.ts';
import type { Instant } from '../model/time.ts';
import type { TradeDay } from '../model/trade-day.ts';
import type { Transaction } from '../model/transaction.ts';

/** A mapping that is in force. */
export interface Resource extends Mapping {
  readonly id: number;
}

/** A mapping as it was from one event of the catalogue on, up to, not including, another. */
export interface ResourceVersion extends Resource {
  readonly at: Instant;
  /** `mapped`, `changed` or `ended`. */
  readonly kind: string;
  readonly by: string;
  readonly reason: string;
  /** When another version took its place, or it was taken back; null while it is in force. */
  readonly replacedAt: Instant | null;
}

/** Who acts and why; kept with every change. */
export interface Act {
  readonly by: string;
  readonly reason: string;
}

/** What of a mapping may change. The meter, its channel and unit are what the mapping is about: map others anew. */
export type MappingChange = Partial<
  Pick<Mapping, 'resourceId' | 'measurementType' | 'isoUnit' | 'direction' | 'account' | 'way'>
>;

/** From what and how the parts of a forwarding are made: always the same for the same forwarding. */
export interface Conversion {
  /** The mappings of the posting's meters that were in force when it was created, of every account and day. */
  readonly mapped: readonly Resource[];
  /** For a backfill those that earlier forwardings of the posting were converted by; their readings are not in it. */
  readonly mappedBefore: readonly Resource[];
  /** Numbers of the posting's reading sets, in the order of the source from 0, that are left out. */
  readonly dead: ReadonlySet<number>;
  /** Number of the first part: those of one posting to one account follow each other, as their names at the ISO do. */
  readonly firstPart: number;
  /** Whether the posting corrects another: then the days that it touches are completed (ruling 25). */
  readonly isCorrection: boolean;
}

/** A time of a meter's channel and unit, such as a trade day. */
export interface MeterDay {
  readonly meter: string;
  readonly channel: string;
  readonly unit: string;
  readonly startAt: Instant;
  readonly endAt: Instant;
}

/** Reading sets of one earlier posting, in the order of its source. */
export interface EarlierSets {
  readonly transaction: Transaction;
  readonly sets: readonly { readonly number: number; readonly byteStart: number; readonly byteEnd: number }[];
}

/** Readings of a posting that are due to the ISO and became mappable after it was posted. */
export interface BackfillOffer {
  readonly transaction: Transaction;
  readonly account: string;
  readonly way: Mapping['way'];
  readonly meters: number;
  /** At most: what of them is raw or missing is left out when they are converted. */
  readonly readings: number;
}

/**
 * Which ISO resource a meter's channel and unit is. Every change makes a new version and is an event on record; what
 * a posting is converted by are the versions in force when its forwarding was created, so that the same posting always
 * gives the same parts.
 */
export interface Resources {
  /**
   * Maps a meter's channel and unit for a period.
   *
   * @throws `invalid-request` as `parseMapping`; `conflict` when a mapping in force has a day in common with it for the
   *   same meter, unit and channel
   */
  mapResource(mapping: NewMapping, act?: Act): Promise<Resource>;
  /**
   * Changes a mapping: for its whole period, or from a day inside it on (then the mapping ends there and another, which
   * is given back, begins).
   *
   * @throws `not-found`; `invalid-request` and `conflict` as `mapResource`; `invalid-request` when the day is outside
   */
  changeResource(id: number, change: MappingChange, from: TradeDay | undefined, act: Act): Promise<Resource>;
  /**
   * Ends a mapping: from that day on it is not in force. On its first day or before, it is taken back as a whole.
   *
   * @throws `not-found`; `invalid-request` when it ends before that day already
   */
  endResource(id: number, on: TradeDay, act: Act): Promise<void>;
  /** Mappings in force, by meter, unit, channel and period; `after` is the last one of the page before. */
  listResources(filter?: {
    meter?: string | undefined;
    account?: string | undefined;
    after?: Resource | undefined;
    limit?: number | undefined;
  }): Promise<Resource[]>;
  /** Every version there was of a mapping, oldest first; empty when there is no such mapping. */
  listVersions(id: number): Promise<ResourceVersion[]>;
  /** The mappings in force of a posting's meters and units, of every account and day. */
  listMapped(transaction: Transaction): Promise<Resource[]>;
  /** What a forwarding is converted by. */
  getConversion(forwardingId: number): Promise<Conversion>;
  /**
   * Reading sets of earlier postings that hold intervals of these days, the newest posting first: what a correction's
   * days are completed from. Withdrawn ones and what is never due are left out.
   */
  listEarlierSets(transaction: Transaction, days: readonly MeterDay[]): Promise<EarlierSets[]>;
  /** Readings of a posting that are due to the ISO and that no mapping in force covers, whatever was when it came. */
  countUnmapped(transaction: Transaction): Promise<number>;
  /** What a backfill would forward, in the order of posting: at most `limit`, after a transaction (exclusive). */
  listBackfill(page: { after: number; limit: number }): Promise<BackfillOffer[]>;
  /**
   * Creates the forwardings of what a backfill of a posting offers (ruling 24), with the mappings now in force.
   *
   * @returns their numbers; none when nothing is offered any more
   */
  backfill(transaction: Transaction, act: Act): Promise<number[]>;
}
