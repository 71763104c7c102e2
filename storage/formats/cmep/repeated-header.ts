import type { CmepRecord } from './fields/record.ts';
import { intervalLayout } from './fields/record-types.ts';

const maxHeaderBytes = 512;
const fields = intervalLayout.fixed.length;

/**
 * The header of the MEPMD01 record before, with all its commas, where nothing at all was found in it. Most records of a
 * file repeat it byte for byte: then it needs neither splitting nor checking again, and what it said still stands in
 * the objects that checked it.
 */
export class RepeatedHeader {
  readonly #bytes = Buffer.alloc(maxHeaderBytes);
  #length = 0;
  /** Places of the fields, from the record's start. */
  readonly #starts = new Int32Array(fields);
  readonly #ends = new Int32Array(fields);

  /** Remembers the record's header; it was checked just now, and nothing was found. */
  keep({ bytes, start, dataStart, starts, ends }: CmepRecord): void {
    if (dataStart === -1 || dataStart - start > maxHeaderBytes) return;
    this.#length = dataStart - start;
    bytes.copy(this.#bytes, 0, start, dataStart);
    for (let i = 0; i < fields; i++) {
      this.#starts[i] = (starts[i] as number) - start;
      this.#ends[i] = (ends[i] as number) - start;
    }
  }

  /**
   * Whether the record begins with the same bytes: then its header's fields are filled in. Otherwise it is forgotten.
   */
  fill(record: CmepRecord): boolean {
    const { bytes, start, end, starts, ends } = record;
    const length = this.#length;
    this.#length = 0;
    if (length === 0 || start + length > end) return false;
    if (bytes.compare(this.#bytes, 0, length, start, start + length) !== 0) return false;
    this.#length = length;
    for (let i = 0; i < fields; i++) {
      starts[i] = start + (this.#starts[i] as number);
      ends[i] = start + (this.#ends[i] as number);
    }
    record.layout = intervalLayout;
    record.fieldCount = fields;
    record.dataStart = start + length;
    record.lastFieldStart = starts[fields - 1] as number;
    return true;
  }
}
