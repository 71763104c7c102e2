import { InvalidArgumentError } from 'commander';
import { MdmaError } from '../storage/model/errors.ts';

/** A positive whole number of an option. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 1.');
  return Number(text);
}

/** A port to listen on; 0 takes a free one. */
export function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new InvalidArgumentError('Expected a port, or 0 for a free one.');
  }
  return Number(text);
}

/** A calendar day of an option. */
export function parseDay(text: string): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00Z`) : Number.NaN;
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text) {
    throw new InvalidArgumentError('Expected a day as ccyy-mm-dd.');
  }
  return text;
}

/** An instant of an option, in milliseconds since 1970. */
export function parseInstant(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new InvalidArgumentError('Expected an instant in UTC as ccyy-mm-ddThh:mmZ.');
  return at;
}

/** Adds one more value to an option that may be given several times. */
export function collect(text: string, earlier: readonly string[] = []): string[] {
  return [...earlier, text];
}

/** A parser of the model as a parser of an option or argument. */
export function asOption<Value>(parse: (text: string) => Value): (text: string) => Value {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof MdmaError)
        throw new InvalidArgumentError(`Expected ${error.faults[0]?.expected}.`);
      throw error;
    }
  };
}
