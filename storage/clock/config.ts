import { z } from 'zod';
import { absolutePathSchema } from '../config.ts';

/** `clock:` in the configuration: how far the machine's clock is off, and who says so (OPS-4). */
export const clockConfigSchema = z
  .strictObject({
    /**
     * `chrony` asks the daemon on this machine, `sntp` a server; with `none` nobody is asked, and a warning says so.
     */
    source: z.enum(['none', 'chrony', 'sntp']).default('none'),
    /** For `sntp`: name or address of a time server. */
    server: z.string().min(1).optional(),
    port: z.int().min(1).max(65_535).default(123),
    /** For `chrony`: the program that asks it. */
    chronycFile: absolutePathSchema.default('/usr/bin/chronyc'),
    checkSeconds: z.number().min(1).max(3_600).default(60),
    timeoutSeconds: z.number().positive().max(60).default(5),
    /** Beyond this nothing is posted and nothing submitted; at most the 60 seconds of the rules. */
    maxOffsetSeconds: z.number().positive().max(60).default(60),
  })
  .refine(({ source, server }) => source !== 'sntp' || server !== undefined, {
    path: ['server'],
    error: 'a time server, for source sntp',
  });

export type ClockConfig = z.infer<typeof clockConfigSchema>;
