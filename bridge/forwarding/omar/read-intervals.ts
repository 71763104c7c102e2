import type { ClaimedForwarding, Part } from '../../../storage/ports/forwardings.ts';
import { findFileFault } from '../../../storage/read-file.ts';
import { scanPart } from '../../../storage/scan-part.ts';
import type { PartInterval } from '../explain-errors.ts';
import type { StepContext } from '../step-context.ts';

/**
 * The intervals of a part, in its order. In CSV a set is of neighbouring lines; in MDEF a line is a record's number.
 * None of a part that is gone or damaged, or in a layout that is not known any more: what the ISO says of it counts all
 * the same.
 */
export async function readIntervals(
  { settings: { csvLayout }, ...context }: Pick<StepContext, 'postings' | 'files' | 'clock' | 'settings'>,
  forwarding: Pick<ClaimedForwarding, 'transaction'>,
  part: Pick<Part, 'file' | 'extension'>,
): Promise<PartInterval[]> {
  const intervals: PartInterval[] = [];
  try {
    await scanPart({ ...context, csvLayout }, forwarding, part, ({ meter: resourceId, line }, readings) => {
      for (const [at, { endAt }] of readings().entries()) {
        intervals.push({ resourceId, endAt, line: part.extension === 'csv' ? line + at : line });
      }
    });
    return intervals;
  } catch (error) {
    if (findFileFault(error) === undefined) throw error;
    return [];
  }
}
