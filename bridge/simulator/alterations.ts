import { z } from 'zod';
import type { Instant } from '../../storage/model/time.ts';
import { parseOrder } from './parse-order.ts';

const schema = z
  .strictObject({
    resourceId: z.string().min(1),
    measurementType: z.string().min(1),
    unit: z.string().min(1),
    intervalMinutes: z.int().min(1),
    /** ISO 8601, in UTC. */
    end: z.iso.datetime(),
    /** Null: the interval is not there any more. */
    value: z
      .string()
      .regex(/^-?\d+(\.\d+)?$/, 'a decimal')
      .nullable(),
    isEstimated: z.boolean().default(false),
  })
  .transform(({ end, ...rest }) => ({ ...rest, endAt: Date.parse(end) }));

/** One interval that a simulator shows otherwise than it was sent, as if it had been changed there by hand. */
export type AlterationInput = z.input<typeof schema>;

interface Held {
  readonly resourceId: string;
  readonly measurementType: string;
  readonly unit: string;
  readonly intervalMinutes: number;
  readonly endAt: Instant;
  readonly value: string;
  readonly isEstimated: boolean;
}

export interface Alterations {
  /** @throws `invalid-request` naming every field at fault */
  alter(input: unknown): void;
  /** What is shown of what is held; an interval that is not held is added by `make`. */
  apply<H extends Held>(held: readonly H[], make: (added: Held, alteredAt: Instant) => H): H[];
}

/** In memory, like the faults. */
export function createAlterations(now: () => Instant): Alterations {
  const altered = new Map<string, z.output<typeof schema> & { readonly alteredAt: Instant }>();
  return {
    alter(input) {
      const order = parseOrder(schema, input, { action: 'Cannot alter an interval', whole: 'the interval' });
      altered.set(toKey(order), { ...order, alteredAt: now() });
    },
    apply(held, make) {
      const shown = held.filter((each) => !altered.has(toKey(each)));
      for (const { value, alteredAt, ...rest } of altered.values()) {
        if (value !== null) shown.push(make({ ...rest, value }, alteredAt));
      }
      return shown;
    },
  };
}

function toKey({ resourceId, measurementType, unit, intervalMinutes, endAt }: Omit<Held, 'value'>): string {
  return [resourceId, measurementType, unit, intervalMinutes, endAt].join('\0');
}
