/** A run of bytes, end exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Whether the ranges together hold every byte of a file: what "retrieved whole" means (ruling 13). */
export function isCovered(ranges: readonly ByteRange[], bytes: number): boolean {
  let reached = 0;
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    if (range.start > reached) return false;
    reached = Math.max(reached, range.end);
  }
  return reached >= bytes;
}
