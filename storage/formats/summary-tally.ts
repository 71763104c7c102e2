import { AccountTally } from './account-tally.ts';
import type { FormatName, ReadingSet, Summary } from './format.ts';

/** Distinct meters are counted exactly up to here; about 10 MB of memory at most. */
export const maxDistinctMeters = 50_000;
/** Formats whose units are free text could name millions; what comes after these is counted under `(other)`. */
const maxDistinctUnits = 1_000;
const maxParties = 20;

/** What {@link Summary} is added up from, set by set. */
export class SummaryTally {
  readonly #meters = new Set<string>();
  readonly #units = new Map<string, number>();
  readonly #accounts: AccountTally;
  readonly #senders = new Set<string>();
  readonly #receivers = new Set<string>();
  #lastMeter: string | undefined;
  #readingSets = 0;
  #readings = 0;
  #estimated = 0;
  #adjusted = 0;
  #raw = 0;
  #missing = 0;
  #firstAt = Number.POSITIVE_INFINITY;
  #lastAt = Number.NEGATIVE_INFINITY;
  /** Records met, good or bad. */
  records = 0;
  /** Whether there are more meters than are counted. */
  isMeterCapReached = false;

  /** @param accounts those of the file's checks, so that each account is looked up once */
  constructor(accounts = new AccountTally()) {
    this.#accounts = accounts;
  }

  /** Counts records that hold readings of `unit`. */
  addUnit(unit: string, records = 1): void {
    const name = this.#units.has(unit) || this.#units.size < maxDistinctUnits ? unit : '(other)';
    this.#units.set(name, (this.#units.get(name) ?? 0) + records);
  }

  addSet(set: ReadingSet): void {
    this.#readingSets++;
    this.#readings += set.readings;
    this.#estimated += set.estimated;
    this.#adjusted += set.adjusted;
    this.#raw += set.raw;
    this.#missing += set.missing;
    if (set.periodStartAt < this.#firstAt) this.#firstAt = set.periodStartAt;
    if (set.periodEndAt > this.#lastAt) this.#lastAt = set.periodEndAt;
    this.#addMeter(set.meter === 'UNMETERED' ? `UNMETERED ${set.account}` : set.meter);
    this.#accounts.add(set.account || set.meter, set.estimated > 0);
    this.addParties(set);
  }

  /** Of a record with or without readings. */
  addParties({ sender, receiver }: Pick<ReadingSet, 'sender' | 'receiver'>): void {
    if (this.#senders.size < maxParties && sender !== '') this.#senders.add(sender);
    if (this.#receivers.size < maxParties && receiver !== '') this.#receivers.add(receiver);
  }

  #addMeter(meter: string): void {
    if (meter === this.#lastMeter) return;
    this.#lastMeter = meter;
    if (this.#meters.size < maxDistinctMeters) this.#meters.add(meter);
    else if (!this.#meters.has(meter)) this.isMeterCapReached = true;
  }

  toSummary(format: FormatName, profile: string, bytes: number): Summary {
    const isEmpty = this.#readingSets === 0;
    return {
      format,
      profile,
      bytes,
      records: this.records,
      readingSets: this.#readingSets,
      meters: this.#meters.size,
      units: Object.fromEntries(this.#units),
      firstAt: isEmpty ? null : this.#firstAt,
      lastAt: isEmpty ? null : this.#lastAt,
      readings: this.#readings,
      estimated: this.#estimated,
      adjusted: this.#adjusted,
      raw: this.#raw,
      missing: this.#missing,
      estimatedShare: this.#readings === 0 ? 0 : this.#estimated / this.#readings,
      rawShare: this.#readings === 0 ? 0 : this.#raw / this.#readings,
      accounts: this.#accounts.accounts,
      estimatedAccounts: this.#accounts.estimatedAccounts,
      estimatedAccountShare: this.#accounts.estimatedShare,
      senders: [...this.#senders],
      receivers: [...this.#receivers],
    };
  }
}
