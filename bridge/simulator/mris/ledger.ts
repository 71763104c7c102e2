import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { MdmaError } from '../../../storage/model/errors.ts';

const seriesSchema = z.strictObject({
  resourceId: z.string(),
  resourceKind: z.string(),
  measurementType: z.string(),
});
const readingSchema = seriesSchema.extend({
  unit: z.string(),
  intervalMinutes: z.number(),
  endAt: z.number(),
  value: z.string(),
  isEstimated: z.boolean(),
  quality: z.string().optional(),
});
const batchSchema = z.strictObject({
  batchId: z.string(),
  /** Subject of the certificate that sent it: nobody else sees it. */
  owner: z.string(),
  receivedAt: z.number(),
  /** How long it is in process. */
  validationMs: z.number(),
  /** Of the document, unpacked. */
  bytes: z.int(),
  sha256: z.string(),
  records: z.int(),
  ends: z.enum(['success', 'error']),
  errors: z.array(
    z.strictObject({
      message: z.string(),
      series: seriesSchema.optional(),
      intervalEndsAt: z.array(z.number()),
    }),
  ),
  /** What was accepted of it. */
  readings: z.array(readingSchema),
});

export type HeldBatch = z.output<typeof batchSchema>;
export type HeldReading = z.output<typeof readingSchema>;

export interface Ledger {
  /** Takes a batch in; durable when it returns, if there is a state file. */
  add(batch: Omit<HeldBatch, 'batchId'>): HeldBatch;
  /** In the order of receipt. */
  all(): readonly HeldBatch[];
  /** Whether it went on with what an earlier run had kept. */
  readonly isContinued: boolean;
}

const firstBatchId = 123_456_789;

/**
 * The batches the simulator holds, in memory and, with `stateFile`, on disk: a line of JSON for each, so that taking
 * one in costs no more when many are there. A line that was cut when the simulator died was never answered, and goes.
 *
 * @throws `invalid-request` when the state file is there and is not one
 */
export function openLedger(stateFile: string | undefined): Ledger {
  const batches = stateFile !== undefined && existsSync(stateFile) ? readState(stateFile) : [];
  return {
    isContinued: batches.length > 0,
    add(values) {
      const batch = { ...values, batchId: String(firstBatchId + batches.length) };
      if (stateFile !== undefined) appendLine(stateFile, JSON.stringify(batch));
      batches.push(batch);
      return batch;
    },
    all: () => batches,
  };
}

function readState(stateFile: string): HeldBatch[] {
  const bytes = readFileSync(stateFile);
  const end = bytes.lastIndexOf('\n') + 1;
  try {
    const batches = bytes
      .toString('utf8', 0, end)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => batchSchema.parse(JSON.parse(line)));
    if (end < bytes.length) truncateSync(stateFile, end);
    return batches;
  } catch (cause) {
    throw new MdmaError(
      'invalid-request',
      `Cannot start the simulator: ${stateFile} is no state of it; move it away to begin anew`,
      { cause },
    );
  }
}

function appendLine(stateFile: string, line: string): void {
  const isNew = !existsSync(stateFile);
  const file = openSync(stateFile, 'a');
  writeSync(file, `${line}\n`);
  fsyncSync(file);
  closeSync(file);
  if (!isNew) return;
  const folder = openSync(path.dirname(stateFile), 'r');
  fsyncSync(folder);
  closeSync(folder);
}
