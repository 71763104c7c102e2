import { nodeCron } from 'node-cron';
import { z } from 'zod';
import { absolutePathSchema } from '../storage/config.ts';
import { isZone } from '../storage/model/time.ts';

const ms = z.int().min(1);
const portSchema = z.int().min(0).max(65_535);
const cronSchema = z
  .string()
  .refine((text) => nodeCron.validate(text), 'a cron expression of five fields, such as "30 2 * * *"');

const limitsSchema = z.strictObject({
  /** Largest file that may be posted. */
  maxFileBytes: z
    .int()
    .min(1)
    .default(4 * 1024 ** 3),
  /** Room on the disk that posts leave free for everything else. */
  reserveBytes: z
    .int()
    .min(0)
    .default(256 * 1024 ** 2),
  /** Open connections; further ones are closed at once. */
  maxConnections: z.int().min(1).default(10_000),
  /** A TLS hand-shake must be done in this time. */
  handshakeTimeoutMs: ms.default(15_000),
  /** The headers of a request must be there in this time. */
  headersTimeoutMs: ms.default(20_000),
  /** A connection without a request is closed after this time. */
  keepAliveTimeoutMs: ms.default(65_000),
  /** A connection on which nothing moves in either direction, request or not, is cut after this time. */
  idleTimeoutMs: ms.default(120_000),
  /** A body must bring `minBodyBytes` in every `bodyWindowMs`. */
  bodyWindowMs: ms.default(20_000),
  minBodyBytes: z.int().min(1).default(16_384),
});

/**
 * `server:` in the configuration, the mailbox server's part. Unknown keys are refused; every name carries its unit.
 */
export const serverConfigSchema = z.strictObject({
  /** Where participants connect. Port 0 lets the system choose one. */
  listen: z.strictObject({ host: z.string().min(1), port: portSchema }),
  /** The server's certificate with its chain (PEM). Read again on SIGHUP. */
  certificateFile: absolutePathSchema,
  /** Its private key (PEM), readable by the server's user only. Read again on SIGHUP. */
  keyFile: absolutePathSchema,
  /**
   * Authorities (PEM) announced to clients, so that browsers offer the right certificates. What opens a mailbox is the
   * registration of a certificate, not its authority. Read again on SIGHUP.
   */
  clientAuthorityFiles: z.array(absolutePathSchema).default([]),
  /** Health and metrics, in the clear: keep it on loopback or on a network of its own. */
  observe: z
    .strictObject({ host: z.string().min(1).default('127.0.0.1'), port: portSchema.default(9464) })
    .prefault({}),
  /** Whom a participant can ask; shown on every page and problem (OPS-5). */
  support: z
    .array(z.strictObject({ name: z.string().min(1), contact: z.string().min(1) }))
    .min(1, 'at least one support contact'),
  limits: limitsSchema.prefault({}),
  /** On an orderly stop, transfers under way get this long before they are cut (and recorded as interrupted). */
  stopTimeoutMs: z.int().min(0).default(300_000),
  jobs: z
    .strictObject({
      /** When files age: archived, and after 36 months deleted. */
      retentionSchedule: cronSchema.default('30 2 * * *'),
      /** When bytes that no row knows are looked for and removed. */
      orphanSchedule: cronSchema.default('30 3 * * *'),
      /** The zone of both schedules. */
      zone: z
        .string()
        .refine(isZone, 'a time zone such as America/Los_Angeles')
        .default('America/Los_Angeles'),
      /** Bytes that no row knows and that are younger than this are left alone: a post may be under way. */
      orphanGraceMs: z.int().min(3_600_000).default(86_400_000),
      /** Compress posted files when posting pauses, so that clients that offer it get them smaller. */
      compress: z.boolean().default(true),
    })
    .prefault({}),
  /** Least level of what is logged to standard output. */
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

export type ServerConfig = z.infer<typeof serverConfigSchema>;
