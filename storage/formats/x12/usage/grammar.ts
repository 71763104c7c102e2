/** Where the reader of an 867 stands: the segment before was that of the name. */
export type Place =
  | 'start'
  | 'head'
  | 'party'
  | 'loop'
  | 'dates'
  | 'references'
  | 'quantity'
  | 'measures'
  | 'moments';

interface Step {
  readonly to: Place;
  /** The segment repeats at most so often at this place. */
  readonly most?: number;
}

/** The segments of an 867 in California, by the place they may follow (edi867 facts, section 3). */
export const grammar: Readonly<Record<Place, Readonly<Record<string, Step>>>> = {
  start: { BPT: { to: 'head' } },
  head: { N1: { to: 'party' } },
  party: { N1: { to: 'party' }, REF: { to: 'party', most: 12 }, PTD: { to: 'loop' } },
  loop: { DTM: { to: 'dates', most: 10 } },
  dates: { DTM: { to: 'dates', most: 10 }, REF: { to: 'references', most: 20 } },
  references: { REF: { to: 'references', most: 20 }, QTY: { to: 'quantity' } },
  quantity: {
    QTY: { to: 'quantity' },
    MEA: { to: 'measures', most: 40 },
    DTM: { to: 'moments', most: 10 },
    PTD: { to: 'loop' },
  },
  measures: {
    QTY: { to: 'quantity' },
    MEA: { to: 'measures', most: 40 },
    DTM: { to: 'moments', most: 10 },
    PTD: { to: 'loop' },
  },
  moments: { QTY: { to: 'quantity' }, DTM: { to: 'moments', most: 10 }, PTD: { to: 'loop' } },
};

/** Loops of parties that a set has at most. */
export const maxParties = 5;

/** What is missing when a set ends, or a new loop begins, at a place. */
export const missingAt: Readonly<Record<Place, string | undefined>> = {
  start: 'BPT',
  head: 'N1',
  party: 'PTD',
  loop: 'DTM',
  dates: 'REF',
  references: 'QTY',
  quantity: undefined,
  measures: undefined,
  moments: undefined,
};

/** Every segment that stands somewhere in an 867. */
export const usageSegments: ReadonlySet<string> = new Set(Object.values(grammar).flatMap(Object.keys));
