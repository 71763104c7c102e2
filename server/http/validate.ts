import type { z } from 'zod';
import { MdmaError, type ValueFault } from '../../storage/model/errors.ts';

const maxParameters = 600;
const maxShown = 100;

/**
 * The values of a schema, or every fault of them at once.
 *
 * @param action what failed if it fails, as in `Cannot post`
 * @throws `invalid-request`
 */
export function validate<S extends z.ZodType>(schema: S, raw: unknown, action: string): z.output<S> {
  const parsed = schema.safeParse(raw, { error: toExpectation });
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.flatMap((issue) => toFaults(issue, raw));
  const words = faults.map(
    ({ at, value, expected }) => `${at} is ${JSON.stringify(value)}, expected ${expected}`,
  );
  throw new MdmaError('invalid-request', `${action}: ${words.join('; ')}`, { faults });
}

/** The parameters of a query: text, or a list of texts for what stands in it more than once. */
export function toRawQuery(querystring: string): Record<string, string | string[]> {
  const raw: Record<string, string | string[]> = Object.create(null);
  let count = 0;
  for (const [name, value] of new URLSearchParams(querystring)) {
    count += 1;
    if (count > maxParameters) {
      throw new MdmaError(
        'invalid-request',
        `Cannot read query: it has more than ${maxParameters} parameters`,
      );
    }
    const before = raw[name];
    if (before === undefined) raw[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else raw[name] = [before, value];
  }
  return raw;
}

/** What was expected, where the schema itself does not say it in words. */
function toExpectation(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_value') return `one of ${issue.values.join(', ')}`;
  if (issue.code === 'invalid_type') return issue.expected === 'string' ? 'one value' : issue.expected;
  return undefined;
}

function toFaults(issue: z.core.$ZodIssue, raw: unknown): ValueFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      at: toPlace([...issue.path, key]),
      value: key.slice(0, maxShown),
      expected: 'no such parameter',
    }));
  }
  return [{ at: toPlace(issue.path), value: toShown(findValue(raw, issue.path)), expected: issue.message }];
}

function toPlace(path: readonly PropertyKey[]): string {
  return path.map((step) => String(step).slice(0, maxShown)).join('.') || 'body';
}

function findValue(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value = raw;
  for (const step of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[step];
  return value;
}

function toShown(value: unknown): string {
  if (value === undefined) return '(nothing)';
  return (typeof value === 'string' ? value : toShallowJson(value)).slice(0, maxShown);
}

/** One level deep: what is nested thousands of levels deep would end the stack. */
function toShallowJson(value: unknown): string {
  return JSON.stringify(value, (_key, member) =>
    member !== value && typeof member === 'object' && member !== null ? '…' : member,
  );
}
