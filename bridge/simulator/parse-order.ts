import { z } from 'zod';
import { toInvalid } from '../../storage/model/errors.ts';

/**
 * What a simulator is ordered to do, as its schema has it.
 *
 * @param action what cannot be done otherwise, for people: `Cannot set a fault`
 * @param whole what stands for the place when the order as a whole is wrong
 * @throws `invalid-request` naming every field at fault
 */
export function parseOrder<Order, Input>(
  schema: z.ZodType<Order, Input>,
  order: unknown,
  { action, whole }: { readonly action: string; readonly whole: string },
): Order {
  const parsed = schema.safeParse(order);
  if (parsed.success) return parsed.data;
  throw toInvalid(action, {
    at: parsed.error.issues[0]?.path.join('.') || whole,
    value: JSON.stringify(order),
    expected: z.prettifyError(parsed.error),
  });
}
