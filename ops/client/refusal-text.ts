import { z } from 'zod';
import type { Answer } from './https-caller.ts';

const problemSchema = z.object({
  detail: z.string(),
  faults: z
    .array(
      z.object({
        line: z.int().optional(),
        field: z.string().optional(),
        message: z.string().optional(),
        at: z.string().optional(),
        value: z.string().optional(),
        expected: z.string().optional(),
      }),
    )
    .default([]),
});

/** The server's refusal in its own words, one line and one for each fault; anything else as its status. */
export function toRefusalText({ status, headers, body }: Answer): string {
  if (!String(headers['content-type']).startsWith('application/problem+json'))
    return `the server answered ${status}`;
  const { detail, faults } = problemSchema.parse(JSON.parse(body.toString('utf8')));
  const lines = faults.map(({ line, field, message, at, value, expected }) =>
    message === undefined
      ? `  ${at}: found ${value}, expected ${expected}`
      : `  line ${line}${field ? `, ${field}` : ''}: ${message}`,
  );
  return [detail, ...lines].join('\n');
}
