import { createScanner } from '../../../storage/formats/scanners.ts';
import type { ClaimedForwarding, Part } from '../../../storage/ports/forwardings.ts';
import { readChunks } from '../../../storage/read-file.ts';
import type { PartInterval } from '../explain-errors.ts';
import type { StepContext } from '../step-context.ts';

/** The intervals of a part, in its order. In CSV a set is of neighbouring lines; in MDEF a line is a record's number. */
export async function readIntervals(
  { postings, files, clock, settings }: Pick<StepContext, 'postings' | 'files' | 'clock' | 'settings'>,
  { transaction }: Pick<ClaimedForwarding, 'transaction'>,
  { file, extension }: Pick<Part, 'file' | 'extension'>,
): Promise<PartInterval[]> {
  const intervals: PartInterval[] = [];
  const source = await postings.getSource(transaction);
  const isCsv = extension === 'csv';
  const scanner = createScanner(isCsv ? 'omar-csv' : 'mdef', {
    profile: source.key === file.key ? source.profile : settings.csvLayout.name,
    now: clock.now(),
    onReadingSet({ meter: resourceId, line }, readings) {
      for (const [at, { endAt }] of readings().entries()) {
        intervals.push({ resourceId, endAt, line: isCsv ? line + at : line });
      }
    },
  });
  await readChunks(files, file, (chunk) => scanner.push(chunk));
  scanner.end();
  return intervals;
}
