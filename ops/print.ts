import { Option } from 'commander';
import { toIsoText } from '../storage/model/time.ts';
import type { Context } from './context.ts';

/** `--json`, for programs that read what a command says. */
export function jsonOption(): Option {
  return new Option('--json', 'print the result as JSON');
}

/**
 * Prints a command's result: for people, or with `--json` as one JSON document in which instants (`…At`) are
 * ISO 8601 texts in UTC.
 *
 * @param text the result for people, ending in a line end
 */
export function print(context: Context, options: { json?: boolean }, result: unknown, text: string): void {
  context.stdout.write(options.json === true ? toJsonText(result) : text);
}

/** One JSON document, ending in a line end; instants (`…At`) as ISO 8601 texts in UTC. */
export function toJsonText(result: unknown): string {
  return `${JSON.stringify(result, toJsonValue, 2)}\n`;
}

function toJsonValue(key: string, value: unknown): unknown {
  return typeof value === 'number' && key.endsWith('At') ? toIsoText(value) : value;
}
