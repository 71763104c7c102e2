/** How files get to a server that takes them. */
export interface PostPaths {
  readonly method: 'PUT' | 'POST';
  /** A path in which `%d` is the number of the file, after `modulo` where there is one. */
  readonly pattern: string;
  readonly modulo?: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The address at which the file that was just posted can be fetched; undefined when it was not taken. */
  findPosted(answer: PostAnswer): string | undefined;
}

interface PostAnswer {
  readonly status: number;
  readonly body: string;
  /** The path that was posted to. */
  readonly path: string;
}

/** A server under measurement: ours or a peer. All serve the same bytes to the same client certificates. */
export interface BenchServer {
  readonly name: string;
  /** What to run, in the foreground. */
  toCommand(port: number): { readonly program: string; readonly args: readonly string[] };
  readonly smallPath: string;
  readonly bigPath: string;
  /** Pages of 100 files in mailboxes of that many; only ours has more than one. */
  readonly listingPaths: Readonly<Partial<Record<number, string>>>;
  /** Where slow reader `index` finds the big file. */
  toSlowPath(index: number): string;
  readonly post?: PostPaths;
}

/** A server that cannot take part, and why. */
export interface MissingServer {
  readonly name: string;
  readonly missing: string;
}
