import type { ReadingSet } from '../../formats/format.ts';
import { preparedBatch } from '../prepared.ts';
import type { Queries } from '../queries.ts';

type Kind = Pick<
  ReadingSet,
  | 'sender'
  | 'receiver'
  | 'commodity'
  | 'unit'
  | 'channel'
  | 'purpose'
  | 'multiplier'
  | 'intervalMinutes'
  | 'externalReference'
>;

interface NumberedKind extends Kind {
  readonly sourceId: number;
  readonly number: number;
}

interface Row
  extends Pick<
    ReadingSet,
    | 'line'
    | 'byteStart'
    | 'byteEnd'
    | 'account'
    | 'sdp'
    | 'meter'
    | 'periodStartAt'
    | 'periodEndAt'
    | 'readings'
    | 'estimated'
    | 'adjusted'
    | 'raw'
    | 'missing'
  > {
  readonly sourceId: number;
  readonly number: number;
  readonly kind: number;
}

const insertKinds = preparedBatch((queries, values: NumberedKind) =>
  queries.insertInto('reading_set_kind').values({
    source_id: values.sourceId,
    number: values.number,
    sender: values.sender,
    receiver: values.receiver,
    commodity: values.commodity,
    unit: values.unit,
    channel: values.channel,
    purpose: values.purpose,
    multiplier: values.multiplier,
    interval_minutes: values.intervalMinutes,
    external_reference: values.externalReference,
  }),
);

const insertRows = preparedBatch((queries, values: Row) =>
  queries.insertInto('reading_set_row').values({
    source_id: values.sourceId,
    number: values.number,
    kind: values.kind,
    line: values.line,
    byte_start: values.byteStart,
    byte_end: values.byteEnd,
    account: values.account,
    sdp: values.sdp,
    meter: values.meter,
    period_start_at: values.periodStartAt,
    period_end_at: values.periodEndAt,
    readings: values.readings,
    estimated: values.estimated,
    adjusted: values.adjusted,
    raw: values.raw,
    missing: values.missing,
    state: 'live',
  }),
);

/** Adds reading sets to a source, numbered from `firstNumber` on: a row each, and once what many have in common. */
export async function insertReadingSets(
  queries: Queries,
  sourceId: number,
  firstNumber: number,
  sets: readonly ReadingSet[],
): Promise<void> {
  const kinds = new Kinds();
  const rows = sets.map((set, at): Row => {
    const number = firstNumber + at;
    // Written out, not spread: a posting has a few hundred of them.
    return {
      sourceId,
      number,
      kind: kinds.find(set, number),
      line: set.line,
      byteStart: set.byteStart,
      byteEnd: set.byteEnd,
      account: set.account,
      sdp: set.sdp,
      meter: set.meter,
      periodStartAt: set.periodStartAt,
      periodEndAt: set.periodEndAt,
      readings: set.readings,
      estimated: set.estimated,
      adjusted: set.adjusted,
      raw: set.raw,
      missing: set.missing,
    };
  });
  await insertKinds(
    queries,
    kinds.list.map(({ number, set }) => ({ ...set, sourceId, number })),
  );
  await insertRows(queries, rows);
}

/** Tells kinds apart; the number of each is that of its first reading set. */
class Kinds {
  readonly list: { readonly number: number; readonly set: Kind }[] = [];
  readonly #numbers = new Map<string, number>();
  #last: { readonly number: number; readonly set: Kind } | undefined;

  find(set: Kind, number: number): number {
    // Neighbours are mostly of one kind, and comparing costs less than making a key.
    if (this.#last !== undefined && isSameKind(this.#last.set, set)) return this.#last.number;
    const key = JSON.stringify(toFields(set));
    const known = this.#numbers.get(key);
    this.#last = { number: known ?? number, set };
    if (known === undefined) {
      this.#numbers.set(key, number);
      this.list.push(this.#last);
    }
    return this.#last.number;
  }
}

function isSameKind(one: Kind, other: Kind): boolean {
  return (
    one.sender === other.sender &&
    one.receiver === other.receiver &&
    one.commodity === other.commodity &&
    one.unit === other.unit &&
    one.channel === other.channel &&
    one.purpose === other.purpose &&
    one.multiplier === other.multiplier &&
    one.intervalMinutes === other.intervalMinutes &&
    one.externalReference === other.externalReference
  );
}

function toFields(kind: Kind): readonly (string | number)[] {
  const { sender, receiver, commodity, unit, channel, purpose, multiplier } = kind;
  return [
    sender,
    receiver,
    commodity,
    unit,
    channel,
    purpose,
    multiplier,
    kind.intervalMinutes,
    kind.externalReference,
  ];
}
