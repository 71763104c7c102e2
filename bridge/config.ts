import { z } from 'zod';
import { maxMeterDataBytes } from '../storage/formats/meter-data-xml/split.ts';
import { maxOmarFileBytes } from '../storage/formats/omar-csv/split.ts';
import type { BridgeSettings } from './app.ts';
import { csvLayoutSchema, parseCsvLayout } from './csv-layout.ts';
import { downloadShapeSchema } from './omar/download-shape.ts';

const seconds = z.number().positive().max(86_400);

/**
 * `bridge:` in the configuration: every delay and limit of the work for the ISO. The defaults are for the real ISO;
 * tests and the quick start use shorter ones. Fractions of a second are allowed.
 */
export const bridgeConfigSchema = z
  .strictObject({
    /** Longest time until new work is noticed. */
    pollSeconds: seconds.default(1),
    /** How often the bridge says that it lives. */
    heartbeatSeconds: seconds.default(5),
    /** A bridge that died keeps its work and its accounts no longer than this. */
    leaseSeconds: seconds.max(55).default(45),
    /** From the intent to send a part until nothing more of it is sent; at most half of the lease. */
    uploadDeadlineSeconds: seconds.default(20),
    connectTimeoutSeconds: seconds.default(10),
    /** For each page that is only read. */
    requestTimeoutSeconds: seconds.default(30),
    /**
     * After an upload's deadline, before the ISO's list is asked what became of it. A bridge that lives resets a late
     * connection; when it died, the kernel may go on sending what it was given for some minutes.
     */
    reconcileMarginSeconds: seconds.default(180),
    /** Between the two walks of the list that prove an absence. */
    quietSeconds: seconds.default(60),
    /** How long an unproved absence waits for a later file to prove it by, before a person is asked. */
    sentinelWaitSeconds: z.number().nonnegative().max(604_800).default(3_600),
    /** Until what waits for something else looks again. */
    recheckSeconds: seconds.default(60),
    /** While the ISO cannot be reached: the first delay, doubled each time up to the last, with jitter. */
    retryFirstSeconds: seconds.default(5),
    retryMaxSeconds: seconds.default(900),
    /** Until a status is asked for: after the upload, after the first answer, and so on; the last one for ever. */
    followDelaysSeconds: z.array(seconds).min(1).default([60, 120, 300, 600, 900]),
    /** After so long without an end at the ISO the reason says "overdue". */
    overdueSeconds: z.number().positive().default(7_200),
    /**
     * After so long without progress a person should look: each step failed, counted from the first, or what it waits
     * for is on hold.
     */
    attentionSeconds: z.number().positive().default(14_400),
    /** How often a part is sent again by itself because the ISO says that its upload failed. */
    maxUploadErrors: z.int().min(1).max(100).default(3),
    /** Bytes of one file for OMAR-Online, which takes less than 500 KB. */
    maxPartBytes: z.int().min(1_000).max(maxOmarFileBytes).default(maxOmarFileBytes),
    /** Layout of CSV files that the ISO takes, whose own document is not public: by name, or spelt out. */
    csvLayout: csvLayoutSchema.default('gmt'),
    /** Health and metrics of the bridge, in the clear: keep it on loopback. Nobody listens when left out. */
    observe: z
      .strictObject({ host: z.string().min(1).default('127.0.0.1'), port: z.int().min(0).max(65_535) })
      .optional(),
    /** How meter data is downloaded from OMAR-Online, for the reconciliation; it is not when left out. */
    download: downloadShapeSchema.optional(),
    /** What is MRI-S's own. */
    mris: z
      .strictObject({
        /** In place of `followDelaysSeconds`. */
        followDelaysSeconds: z.array(seconds).min(1).default([30, 60, 120, 300]),
        /** Bytes of one batch, unpacked: MRI-S takes less than 15 MB. */
        maxPartBytes: z.int().min(1_000).max(maxMeterDataBytes).default(maxMeterDataBytes),
        /**
         * How long a batch may be in validation, where no retrieve shows it: before that its absence is not proved.
         * Longer than any validation takes.
         */
        validationSeconds: z.number().nonnegative().max(604_800).default(7_200),
        /** How far the ISO's clock may be behind ours when it is asked for what changed since a batch was begun. */
        clockMarginSeconds: z.number().nonnegative().max(3_600).default(60),
      })
      .prefault({}),
    /** A list at the ISO of more pages is given up, and a person is asked. */
    maxPages: z.int().min(1).default(400),
  })
  .refine(({ uploadDeadlineSeconds, leaseSeconds }) => uploadDeadlineSeconds <= leaseSeconds / 2, {
    path: ['uploadDeadlineSeconds'],
    error:
      'at most half of leaseSeconds, so that a bridge that was stopped sends nothing after it lost its lease',
  });

export type BridgeConfig = z.infer<typeof bridgeConfigSchema>;

/** The settings in milliseconds, as the bridge works with them. */
export function toBridgeSettings(config: BridgeConfig): BridgeSettings {
  const ms = (value: number) => value * 1000;
  return {
    pollMs: ms(config.pollSeconds),
    heartbeatMs: ms(config.heartbeatSeconds),
    leaseMs: ms(config.leaseSeconds),
    uploadDeadlineMs: ms(config.uploadDeadlineSeconds),
    marginMs: ms(config.reconcileMarginSeconds),
    quietMs: ms(config.quietSeconds),
    sentinelWaitMs: ms(config.sentinelWaitSeconds),
    recheckMs: ms(config.recheckSeconds),
    backoff: { firstMs: ms(config.retryFirstSeconds), maxMs: ms(config.retryMaxSeconds) },
    followDelaysMs: config.followDelaysSeconds.map(ms),
    overdueMs: ms(config.overdueSeconds),
    attentionMs: ms(config.attentionSeconds),
    maxUploadErrors: config.maxUploadErrors,
    maxPartBytes: config.maxPartBytes,
    csvLayout: parseCsvLayout(config.csvLayout),
  };
}
