import type { z } from 'zod';
import type { ValueFault } from '../storage/model/errors.ts';

type RawIssue = z.core.$ZodRawIssue;

const typeWords: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'a section with settings of its own',
  record: 'a section of names and their values',
  string: 'a text',
};

/**
 * What would have been right, in plain words: handed to a zod parse as its `error`. A schema's own message (of a
 * `refine` or a `regex`) is taken as it stands, so such messages are written as expectations: "an absolute path".
 */
export function toExpectation(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return (typeWords[issue.expected] ?? `a value of the type ${issue.expected}`) + toUnit(issue);
    case 'invalid_value':
      return `one of ${issue.values.join(', ')}`;
    case 'too_small':
      return `${toAmount(issue.origin)} of at least ${issue.minimum}`;
    case 'too_big':
      return `${toAmount(issue.origin)} of at most ${issue.maximum}`;
    case 'unrecognized_keys':
      return `one of ${toKnownKeys(issue).join(', ')}`;
    case 'invalid_union':
      return 'discriminator' in issue
        ? `one of ${[issue.options].flat().join(', ')}`
        : 'another kind of value';
    case 'invalid_format':
      return `a text of the form ${issue.format === 'regex' ? issue.pattern : issue.format}`;
    default:
      return 'another value';
  }
}

const units: Readonly<Record<string, string>> = {
  Ms: 'milliseconds',
  Seconds: 'seconds',
  Bytes: 'bytes',
  Days: 'days',
};

/** The name of a setting tells its unit. */
function toUnit({ path = [] }: RawIssue): string {
  const [suffix = ''] = /(?:Ms|Seconds|Bytes|Days)$/.exec(String(path.at(-1))) ?? [];
  return suffix === '' ? '' : ` of ${units[suffix]}`;
}

function toAmount(origin: string): string {
  if (origin === 'array') return 'a list with a length';
  return origin === 'string' ? 'a text with a length' : 'a number';
}

function toKnownKeys(issue: RawIssue): string[] {
  const definition = issue.inst?._zod.def as { shape?: object } | undefined;
  return Object.keys(definition?.shape ?? {});
}

/** A fault with the steps that lead to its place. */
export interface PlacedFault extends ValueFault {
  readonly path: readonly PropertyKey[];
}

/** The single faults behind an issue: a section with three unknown settings has three. */
export function toFaults(issue: z.core.$ZodIssue, raw: unknown): PlacedFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return { path, at: toPlace(path), value: '(unknown setting)', expected: issue.message };
    });
  }
  const { path } = issue;
  return [{ path, at: toPlace(path), value: toText(findValue(raw, path)), expected: issue.message }];
}

function toPlace(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the file';
  return path.reduce<string>((place, step) => {
    if (typeof step === 'number') return `${place}[${step}]`;
    return place === '' ? String(step) : `${place}.${String(step)}`;
  }, '');
}

function findValue(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (value === null || value === undefined ? undefined : Reflect.get(Object(value), step)),
    raw,
  );
}

/** A section shows as the names of its settings: a value in it may be a secret that belongs in a file. */
function toText(value: unknown): string {
  if (value === undefined || value === null) return '(nothing)';
  if (Array.isArray(value)) return `(a list of ${value.length})`;
  if (typeof value === 'object')
    return `(a section with ${Object.keys(value).join(', ') || 'nothing in it'})`;
  const text = String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
