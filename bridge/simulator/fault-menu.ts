import type { z } from 'zod';
import { parseOrder } from './parse-order.ts';

/** What every fault says besides its name. */
export interface FaultEntry<Kind extends string> {
  /** The requests that it befalls. */
  readonly kind: Kind;
  /** For how many requests of the kind. */
  readonly times: number;
  /** How many requests of the kind pass unharmed before. */
  readonly after: number;
}

/** The faults that there are, by name: the kind of request that each befalls unless said, and what it does. */
export type FaultTable<Kind extends string> = Readonly<Record<string, readonly [kind: Kind, does: string]>>;

/**
 * A fault as it is given on a command line: `NAME[=KIND][,times=N][,after=N][,delayMs=N][,length=N][,code=N]`, once
 * unless said. What it says is checked by the menu that takes it.
 */
export function parseFaultText(text: string, table: FaultTable<string>): Readonly<Record<string, unknown>> {
  const [name = ''] = text.split(/[=,]/, 1);
  const words = text
    .slice(name.length + 1)
    .split(',')
    .filter(Boolean);
  const kind = words.find((word) => !word.includes('='));
  const settings = words
    .filter((word) => word !== kind)
    .map((word): [string, number] => {
      const [key = '', value = ''] = word.split('=');
      return [key, value === '' ? Number.NaN : Number(value)];
    });
  return { fault: name, kind: kind ?? table[name]?.[0], times: 1, ...Object.fromEntries(settings) };
}

/** The faults that are to come, as a run or the control listener orders them. */
export interface FaultMenu<Fault extends FaultEntry<string>, Input> {
  /** @throws `invalid-request` naming every field at fault */
  arm(fault: Input): void;
  clear(): void;
  /** What is still to come. */
  armed(): readonly Fault[];
  /** The faults that befall this request; counts it. */
  take(kind: Fault['kind']): readonly Fault[];
}

export function createFaultMenu<Fault extends FaultEntry<string>, Input>(
  schema: z.ZodType<Fault, Input>,
  initial: readonly Input[],
): FaultMenu<Fault, Input> {
  let faults = initial.map((fault) => parseFault(schema, fault));
  return {
    arm(fault) {
      faults.push(parseFault(schema, fault));
    },
    clear() {
      faults = [];
    },
    armed: () => faults,
    take(kind) {
      const due = faults.filter((each) => each.kind === kind && each.after === 0);
      faults = faults
        .map((each) => {
          if (each.kind !== kind) return each;
          return each.after > 0 ? { ...each, after: each.after - 1 } : { ...each, times: each.times - 1 };
        })
        .filter(({ times }) => times > 0);
      return due;
    },
  };
}

function parseFault<Fault, Input>(schema: z.ZodType<Fault, Input>, fault: Input): Fault {
  return parseOrder(schema, fault, { action: 'Cannot set a fault', whole: 'fault' });
}
