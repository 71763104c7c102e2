/** One thing that is measured on a row's file, in a process of its own. */
export interface Subject {
  /** `ours` is what the row is about; the others are what it is held against. */
  readonly name: string;
  /** Reads the whole file. @returns how many records it saw */
  run(file: string): number | Promise<number>;
}

/** A file and what is measured on it. A new row is one file in `rows/` and a line in `rows.ts`. */
export interface FormatRow {
  readonly name: string;
  readonly title: string;
  /** Size of the file when nobody says otherwise, in MB of 10^6 bytes. */
  readonly megabytes: number;
  /** The file, piece by piece, at most `maxBytes`. */
  write(maxBytes: number): Iterable<Uint8Array>;
  readonly subjects: readonly Subject[];
  readonly targets: readonly RowTarget[];
}

/** What is asked of `ours`: MB/s, MB of peak memory, or MB/s as a multiple of another subject's. */
export type RowTarget =
  | { readonly kind: 'speed'; readonly atLeast: number }
  | { readonly kind: 'memory'; readonly atMost: number }
  | { readonly kind: 'ratio'; readonly against: string; readonly atLeast: number };
